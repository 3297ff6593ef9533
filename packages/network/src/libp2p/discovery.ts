// Hubs find each other, and homes find hubs, by the network's id in the DHT.
import type { Libp2p } from '@libp2p/interface'
import type { CID } from 'multiformats/cid'
import { deadlineOf } from './deadline.ts'
import { toldDialable } from './dialable.ts'
import type { KnownHubs } from './known-hubs.ts'
import type { NetworkOptions, PresetLimits } from './options.ts'
import type { NetworkPorts } from './ports.ts'

/** One round in the DHT may take so long. */
const ROUND_MS = 30_000
/** Hubs that one round takes in: the DHT may tell of as many as somebody likes. */
const A_ROUND = 64

export interface DiscoveryParts {
  readonly libp2p: Libp2p
  readonly hubs: CID
  readonly known: KnownHubs
  /** Whether this is a hub that others can dial. */
  readonly isReached: () => boolean
  readonly ports: NetworkPorts
  readonly limits: PresetLimits
  readonly preset: NetworkOptions['preset']
  readonly stopping: AbortSignal
}

/** Ends when all stops. Rounds begin quickly, and become rare. */
export async function discover(parts: DiscoveryParts): Promise<void> {
  const { ports, limits, stopping } = parts
  let pauseMs = limits.firstBackoffMs
  while (!stopping.aborted) {
    await ports.time.wait(pauseMs * (1 - ports.random() / 2), stopping)
    pauseMs = Math.min(2 * pauseMs, limits.discoveryMs)
    if (parts.libp2p.getPeers().length > 0) await round(parts)
  }
}

async function round(parts: DiscoveryParts): Promise<void> {
  const { libp2p, hubs, known, isReached, ports, preset, stopping } = parts
  const deadline = deadlineOf(ports.time, ROUND_MS, stopping)
  const { signal } = deadline
  let found = 0
  try {
    if (isReached()) await libp2p.contentRouting.provide(hubs, { signal })
    else await libp2p.contentRouting.cancelReprovide(hubs, { signal })
    for await (const { id, multiaddrs } of libp2p.contentRouting.findProviders(hubs, { signal })) {
      if (!id.equals(libp2p.peerId)) known.add(id.toString(), toldDialable(multiaddrs, preset), 'dht')
      if (++found === A_ROUND) return
    }
  } catch (error) {
    // Nobody of the DHT is in reach: the next round may find somebody.
    if (!stopping.aborted) ports.log?.debug('network-discovery-failed', { why: String(error) })
  } finally {
    deadline.end()
  }
}
