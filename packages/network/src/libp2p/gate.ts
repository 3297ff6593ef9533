// Who may connect: by key, by what is held against a peer, and by how many of its subnet are here already.
import type { Connection, Libp2p, MultiaddrConnection, PeerId } from '@libp2p/interface'
import type { Bans } from './bans.ts'
import { FairShare } from './fair-share.ts'
import type { PresetLimits } from './options.ts'
import type { NetworkPorts } from './ports.ts'
import { subnetOf } from './subnets.ts'

export interface GateParts {
  readonly limits: PresetLimits
  readonly bans: Bans
  /** Peers, as libp2p writes them. */
  readonly denied: ReadonlySet<string>
  readonly count: NetworkPorts['count']
}

type Why = 'key' | 'denied' | 'banned' | 'subnet'

export class Gate {
  readonly #parts: GateParts
  readonly #subnets: FairShare
  /** Subnets of the connections that count. */
  readonly #counted = new Map<Connection, string>()

  constructor(parts: GateParts) {
    this.#parts = parts
    this.#subnets = new FairShare(parts.limits.connections)
  }

  /** Before it runs. */
  attach(libp2p: Libp2p): void {
    libp2p.addEventListener('connection:open', ({ detail }) => this.#opened(detail))
    libp2p.addEventListener('connection:close', ({ detail }) => this.#closed(detail))
  }

  /** Before anything is said. */
  denyInboundConnection({ remoteAddr }: MultiaddrConnection): boolean {
    if (!this.#parts.limits.subnetsShare) return false
    const subnet = subnetOf(remoteAddr)
    return subnet !== undefined && !this.#subnets.mayTake(subnet) && this.#refuse('subnet')
  }

  /** Once it has proved its key. */
  denyEncryptedConnection(peer: PeerId): boolean {
    const name = peer.toString()
    // Keys of other sorts name nobody here.
    if (peer.type !== 'Ed25519') return this.#refuse('key')
    if (this.#parts.denied.has(name)) return this.#refuse('denied')
    return this.#parts.bans.isBanned(name) && this.#refuse('banned')
  }

  #refuse(why: Why): true {
    this.#parts.count?.('network_connections_refused_total', { why })
    return true
  }

  #opened(connection: Connection): void {
    const subnet = subnetOf(connection.remoteAddr)
    if (connection.direction !== 'inbound' || subnet === undefined) return
    this.#counted.set(connection, subnet)
    this.#subnets.take(subnet)
  }

  #closed(connection: Connection): void {
    const subnet = this.#counted.get(connection)
    if (subnet === undefined) return
    this.#counted.delete(connection)
    this.#subnets.give(subnet)
  }
}
