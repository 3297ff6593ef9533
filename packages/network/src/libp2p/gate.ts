// Who may connect: by subnet, by key, by what is held against a peer, and by how many of its subnet are here already or
// have come and not said who they are.
import type { Connection, Libp2p, MultiaddrConnection, PeerId } from '@libp2p/interface'
import type { Bans } from './bans.ts'
import { FairShare } from './fair-share.ts'
import { type PresetLimits, peersIn, subnetsIn } from './options.ts'
import type { NetworkPorts } from './ports.ts'
import { NamedSubnets, subnetOf } from './subnets.ts'

export interface GateParts {
  readonly limits: Pick<PresetLimits, 'connections' | 'pendingConnections' | 'subnetsShare'>
  readonly bans: Pick<Bans, 'isBanned'>
  /** As in the options. */
  readonly allow: readonly string[]
  readonly deny: readonly string[]
  readonly count: NetworkPorts['count']
}

type Why = 'key' | 'denied' | 'banned' | 'subnet' | 'pending'

export class Gate {
  readonly #parts: GateParts
  readonly #deniedPeers: ReadonlySet<string>
  readonly #deniedSubnets: NamedSubnets
  readonly #allowedSubnets: NamedSubnets
  readonly #places: FairShare
  readonly #pendingPlaces: FairShare
  /** Subnets of the connections that count. */
  readonly #counted = new Map<Connection, string>()
  readonly #pending = new Map<MultiaddrConnection, string>()

  constructor(parts: GateParts) {
    const { limits, allow, deny } = parts
    this.#parts = parts
    this.#deniedPeers = peersIn(deny)
    this.#deniedSubnets = new NamedSubnets(subnetsIn(deny))
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
    if (this.#deniedSubnets.have(remoteAddr)) return this.#refuse('denied')
    const subnet = subnetOf(remoteAddr)
    const isShared = this.#parts.limits.subnetsShare && !this.#allowedSubnets.have(remoteAddr)
    if (!isShared || subnet === undefined) return false
    if (!this.#places.mayTake(subnet)) return this.#refuse('subnet')
    if (!this.#pendingPlaces.mayTake(subnet)) return this.#refuse('pending')
    this.#pendingPlaces.take(subnet)
    this.#pending.set(connection, subnet)
    connection.addEventListener('close', () => this.arrived(connection), { once: true })
    return false
  }

  /** Once it has proved its key. */
  denyEncryptedConnection(peer: PeerId): boolean {
    const name = peer.toString()
    // Keys of other sorts name nobody here.
    if (peer.type !== 'Ed25519') return this.#refuse('key')
    if (this.#deniedPeers.has(name)) return this.#refuse('denied')
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
