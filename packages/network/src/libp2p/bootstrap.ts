// Connected to a bootstrap peer for as long as this runs: dialled again whenever it is gone, with growing pauses.
import type { Libp2p, PeerId } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import type { PresetLimits } from './options.ts'
import type { NetworkPorts } from './ports.ts'

export interface BootstrapParts {
  readonly libp2p: Libp2p
  readonly ports: NetworkPorts
  readonly limits: PresetLimits
  readonly stopping: AbortSignal
}

/** Ends when all stops. */
export async function stayConnected(address: string, parts: BootstrapParts): Promise<void> {
  const { libp2p, stopping } = parts
  const peer = peerIdFromString(address.slice(address.lastIndexOf('/') + 1))
  if (peer.equals(libp2p.peerId)) return
  let failed = 0
  while (!stopping.aborted) {
    failed = (await dialled(address, peer, parts)) ? 0 : failed + 1
    if (failed > 0) await pause(failed, parts)
    else await gone(peer, parts)
  }
}

async function dialled(address: string, peer: PeerId, parts: BootstrapParts): Promise<boolean> {
  const { libp2p, ports, stopping } = parts
  if (libp2p.getConnections(peer).length > 0) return true
  try {
    await libp2p.dial(multiaddr(address), { signal: stopping })
    ports.count?.('network_dials_total', { outcome: 'connected' })
    return true
  } catch (error) {
    ports.count?.('network_dials_total', { outcome: 'failed' })
    ports.log?.debug('network-dial-failed', { address, why: String(error) })
    return false
  }
}

/** Twice as long each time, and by chance up to half less, so that a hub that comes back does not meet all at once. */
async function pause(failed: number, { ports, limits, stopping }: BootstrapParts): Promise<void> {
  const longest = Math.min(limits.longestBackoffMs, limits.firstBackoffMs * 2 ** Math.min(failed - 1, 16))
  await ports.time.wait(longest * (1 - ports.random() / 2), stopping)
}

function gone(peer: PeerId, { libp2p, stopping }: BootstrapParts): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const look = (): void => {
    if (stopping.aborted || libp2p.getConnections(peer).length === 0) resolve()
  }
  libp2p.addEventListener('peer:disconnect', look)
  stopping.addEventListener('abort', look)
  look()
  return promise.finally(() => {
    libp2p.removeEventListener('peer:disconnect', look)
    stopping.removeEventListener('abort', look)
  })
}
