// Hubs that are known to be hubs: to them all messages go, however many others ask to be told. By them alone a hub is
// sure that what it hears reaches the rest, because whoever only listens looks like a hub, and there may be thousands.
import type { GossipSub } from '@libp2p/gossipsub'
import type { Libp2p, PeerId } from '@libp2p/interface'
import { NetworkError } from '../errors.ts'
import type { NetworkPorts } from './ports.ts'

/** Whom the chain names is looked up again so often: it may be read later than the peer has come. */
const LOOK_MS = 2000

export interface FriendsParts {
  readonly libp2p: Pick<Libp2p, 'getPeers' | 'addEventListener' | 'removeEventListener'>
  /** Peers that gossipsub tells of everything that they listen to, beside those that it picks. */
  readonly direct: Set<string>
  readonly ports: Pick<NetworkPorts, 'time'>
  /** Whether the operator or the chain names this peer, as libp2p writes it. */
  readonly isFriend: (peer: string) => boolean
  readonly stopping: AbortSignal
}

/** Ends when all stops. */
export async function keepFriends(parts: FriendsParts): Promise<void> {
  const { libp2p, ports, stopping } = parts
  const meet = ({ detail }: { readonly detail: PeerId }): void => look(detail, parts)
  libp2p.addEventListener('peer:connect', meet)
  while (!stopping.aborted) {
    for (const peer of libp2p.getPeers()) look(peer, parts)
    await ports.time.wait(LOOK_MS, stopping)
  }
  libp2p.removeEventListener('peer:connect', meet)
}

function look(peer: PeerId, { direct, isFriend }: FriendsParts): void {
  const name = peer.toString()
  if (isFriend(name)) direct.add(name)
  else direct.delete(name)
}

/** The list is public in gossipsub, and missing in its type. */
export function directOf(pubsub: GossipSub): Set<string> {
  if ('direct' in pubsub && pubsub.direct instanceof Set) return pubsub.direct
  throw new NetworkError(
    'option/invalid',
    'This gossipsub keeps no list of direct peers: use the version that is locked.',
  )
}
