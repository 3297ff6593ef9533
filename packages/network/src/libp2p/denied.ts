// Whom the operator denies: neither let in, nor dialled, nor taken for a hub.
import type { Multiaddr } from '@multiformats/multiaddr'
import { peersIn, subnetsIn } from './options.ts'
import { firstHop, NamedSubnets } from './subnets.ts'

export class Denied {
  readonly #peers: ReadonlySet<string>
  readonly #subnets: NamedSubnets

  /** As in the options. */
  constructor(deny: readonly string[]) {
    this.#peers = peersIn(deny)
    this.#subnets = new NamedSubnets(subnetsIn(deny))
  }

  /** As libp2p writes it. */
  hasPeer(peer: string): boolean {
    return this.#peers.has(peer)
  }

  /** Where a peer is, or the relay before it. */
  hasHop(hop: Multiaddr): boolean {
    return this.#subnets.have(hop)
  }

  /** Those of a peer's addresses at which it may be dialled. */
  rest(peer: string, addresses: readonly Multiaddr[]): readonly Multiaddr[] {
    return this.hasPeer(peer) ? [] : addresses.filter((address) => !this.hasHop(firstHop(address)))
  }
}
