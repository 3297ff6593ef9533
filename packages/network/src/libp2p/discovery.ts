// Hubs find each other, and homes find hubs, by the network's id in the DHT.
import type { Libp2p } from '@libp2p/interface'
import type { CID } from 'multiformats/cid'
import { deadlineOf } from './deadline.ts'
import type { PresetLimits } from './options.ts'
import type { NetworkPorts } from './ports.ts'

/** Connections that a peer looks for: a hub to most others, a home to some more than it publishes to. */
const WANTED = { hub: 32, home: 8 } as const
/** One round in the DHT may take so long. */
const ROUND_MS = 30_000

export interface DiscoveryParts {
  readonly libp2p: Libp2p
  readonly hubs: CID
  readonly role: 'home' | 'hub'
  readonly ports: NetworkPorts
  readonly limits: PresetLimits
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
  const { libp2p, hubs, role, ports, stopping } = parts
  const deadline = deadlineOf(ports.time, ROUND_MS, stopping)
  const { signal } = deadline
  try {
    if (role === 'hub') await libp2p.contentRouting.provide(hubs, { signal })
    for await (const { id } of libp2p.contentRouting.findProviders(hubs, { signal })) {
      if (libp2p.getPeers().length >= WANTED[role]) break
      if (id.equals(libp2p.peerId) || libp2p.getConnections(id).length > 0) continue
      const outcome = await libp2p.dial(id, { signal }).then(
        () => 'connected',
        () => 'failed',
      )
      ports.count?.('network_dials_total', { outcome })
    }
  } catch (error) {
    // Nobody of the DHT is in reach: the next round may find somebody.
    if (!stopping.aborted) ports.log?.debug('network-discovery-failed', { why: String(error) })
  } finally {
    deadline.end()
  }
}
