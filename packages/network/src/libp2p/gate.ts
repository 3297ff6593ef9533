// Who may connect: by subnet, by key, by what is held against a peer, and by how many of its subnet, or through its relay,
// are here already or have come and not said who they are.
import type { Connection, Libp2p, MultiaddrConnection, PeerId } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { Bans } from './bans.ts'
import type { Denied } from './denied.ts'
import { FairShare } from './fair-share.ts'
import { type PresetLimits, subnetsIn } from './options.ts'
import type { NetworkPorts } from './ports.ts'
import { firstHop, NamedSubnets, peerAt, subnetOf } from './subnets.ts'

/**
 * For strangers that come through relays, which are a home's verifiers with questions of a moment: a hundred of them come at
 * once only where somebody wants them all. As many again are for friends.
 */
export const RELAYED = 128

export interface GateParts {
  readonly limits: Pick<PresetLimits, 'connections' | 'pendingConnections' | 'subnetsShare'>
  readonly bans: Pick<Bans, 'isBanned'>
  readonly denied: Denied
  /** As in the options. */
  readonly allow: readonly string[]
  /** Whether the operator or the chain names this peer, as libp2p writes it. */
  readonly isFriend: (peer: string) => boolean
  readonly count: NetworkPorts['count']
}

type Why = 'key' | 'denied' | 'banned' | 'subnet' | 'pending' | 'relayed'

export class Gate {
  readonly #parts: GateParts
  readonly #allowedSubnets: NamedSubnets
  readonly #places: FairShare
  readonly #pendingPlaces: FairShare
  readonly #relayed = new FairShare(RELAYED)
  readonly #relayedFriends = new FairShare(RELAYED)
  /** Subnets of the connections that count. */
  readonly #counted = new Map<Connection, string>()
  readonly #pending = new Map<MultiaddrConnection, string>()

  constructor(parts: GateParts) {
    const { limits, allow } = parts
    this.#parts = parts
    this.#allowedSubnets = new NamedSubnets(subnetsIn(allow))
    this.#places = new FairShare(limits.connections)
    this.#pendingPlaces = new FairShare(limits.pendingConnections)
  }

  /** Before it runs. */
  attach(libp2p: Libp2p): void {
    libp2p.addEventListener('connection:open', ({ detail }) => this.#opened(detail))
    libp2p.addEventListener('connection:close', ({ detail }) => this.#closed(detail))
  }

  /** Before anything is said. */
  denyInboundConnection(connection: MultiaddrConnection): boolean {
    const { remoteAddr } = connection
    const { limits, denied } = this.#parts
    const hop = firstHop(remoteAddr)
    if (denied.hasHop(hop)) return this.#refuse('denied')
    if (!limits.subnetsShare) return false
    if (hop !== remoteAddr) return this.#denyRelayed(connection, relayAt(hop))
    const subnet = subnetOf(remoteAddr)
    if (subnet === undefined || this.#allowedSubnets.have(remoteAddr)) return false
    if (!this.#places.mayTake(subnet)) return this.#refuse('subnet')
    return this.#denyPending(connection, subnet)
  }

  #denyPending(connection: MultiaddrConnection, share: string): boolean {
    if (!this.#pendingPlaces.mayTake(share)) return this.#refuse('pending')
    this.#pendingPlaces.take(share)
    this.#pending.set(connection, share)
    connection.addEventListener('close', () => this.arrived(connection), { once: true })
    return false
  }

  /**
   * By relay, because who came through it has no address of its own; `allow` opens no more of these places, whose relay stands
   * in it, and libp2p holds none of its own bounds there. The relay names who comes before that proves anything. So friends
   * have places apart, each a share: a relay that lies takes none of the others', no more than it may have pending, and only
   * until the handshake, which holds the peer to that name.
   */
  #denyRelayed(connection: MultiaddrConnection, relay: string): boolean {
    const peer = peerAt(connection.remoteAddr)
    const isFriend = peer !== undefined && this.#parts.isFriend(peer)
    const [places, share] = isFriend ? [this.#relayedFriends, peer] : [this.#relayed, relay]
    if (!places.mayTake(share)) return this.#refuse('relayed')
    if (this.#denyPending(connection, relay)) return true
    // Also while it is pending, and until it is gone.
    places.take(share)
    connection.addEventListener('close', () => places.give(share), { once: true })
    return false
  }

  /** Once it has proved its key. */
  denyEncryptedConnection(peer: PeerId): boolean {
    const name = peer.toString()
    // Keys of other sorts name nobody here.
    if (peer.type !== 'Ed25519') return this.#refuse('key')
    if (this.#parts.denied.hasPeer(name)) return this.#refuse('denied')
    return this.#parts.bans.isBanned(name) && this.#refuse('banned')
  }

  /** Once all is said that it takes to be connected, or it is gone. It is not denied. */
  arrived(connection: MultiaddrConnection): false {
    const subnet = this.#pending.get(connection)
    if (subnet !== undefined) this.#pendingPlaces.give(subnet)
    this.#pending.delete(connection)
    return false
  }

  #refuse(why: Why): true {
    this.#parts.count?.('network_connections_refused_total', { why })
    return true
  }

  #opened(connection: Connection): void {
    const subnet = subnetOf(connection.remoteAddr)
    if (connection.direction !== 'inbound' || subnet === undefined) return
    this.#counted.set(connection, subnet)
    this.#places.take(subnet)
  }

  #closed(connection: Connection): void {
    const subnet = this.#counted.get(connection)
    if (subnet === undefined) return
    this.#counted.delete(connection)
    this.#places.give(subnet)
  }
}

/** By its key. Where it dialled this peer its address has none: then by its subnet, since the port is another each time. */
function relayAt(hop: Multiaddr): string {
  return peerAt(hop) ?? subnetOf(hop) ?? ''
}
