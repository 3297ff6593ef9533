// Whom this peer dials, and where. libp2p dials of its own accord what identify, the DHT and AutoNAT told it, which is
// whatever a stranger likes: in a public network that leads into nobody's own four walls.
import type { Libp2p, MultiaddrResolver, PeerId } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import type { Multiaddr } from '@multiformats/multiaddr'
import { dnsaddrResolver } from 'libp2p'
import type { Bans } from './bans.ts'
import type { Denied } from './denied.ts'
import { isPublic, withoutPeer } from './dialable.ts'
import type { KnownHubs } from './known-hubs.ts'
import type { NetworkOptions } from './options.ts'
import { firstHop, peerAt } from './subnets.ts'

export interface DialsParts {
  readonly preset: NetworkOptions['preset']
  readonly denied: Denied
  readonly bans: Pick<Bans, 'isBanned'>
  readonly known: Pick<KnownHubs, 'get' | 'all'>
}

export class Dials {
  readonly #parts: DialsParts
  #libp2p: Pick<Libp2p, 'getConnections'> | undefined

  constructor(parts: DialsParts) {
    this.#parts = parts
  }

  /** Before it runs. */
  attach(libp2p: Pick<Libp2p, 'getConnections'>): void {
    this.#libp2p = libp2p
  }

  denyPeer(peer: PeerId): boolean {
    const { denied, bans } = this.#parts
    const name = peer.toString()
    return denied.hasPeer(name) || bans.isBanned(name)
  }

  /** Ends in the peer's key, but where AutoNAT tries an address. Through a relay it is the relay that is dialled. */
  denyAddress(address: Multiaddr): boolean {
    const { preset, denied } = this.#parts
    const hop = firstHop(address)
    if (denied.hasHop(hop)) return true
    const peer = peerAt(hop)
    if (peer !== undefined && denied.hasPeer(peer)) return true
    if (preset === 'local' || isPublic(hop) || this.#isKnown(hop)) return false
    // A relay that is here is not dialled again.
    return hop === address || peer === undefined || !this.#isConnected(peer)
  }

  /** Nor does a stranger have names looked up: what is behind one that the config has is judged like all that is told. */
  get resolver(): MultiaddrResolver {
    const mayAsk = (address: Multiaddr): boolean => this.#parts.preset === 'local' || this.#isKnown(address)
    return {
      canResolve: (address) => dnsaddrResolver.canResolve(address),
      resolve: async (address, options) => (mayAsk(address) ? dnsaddrResolver.resolve(address, options) : []),
    }
  }

  /**
   * Known hubs are at addresses that the operator named, that answered on the local network, or that others may tell of. Where
   * no peer is named any hub will do: libp2p looks names up, and asks whether it may dial, before it says for whom.
   */
  #isKnown(address: Multiaddr): boolean {
    const { known } = this.#parts
    const peer = peerAt(address)
    const hubs = peer === undefined ? known.all() : [known.get(peer)]
    const place = withoutPeer(address)
    return hubs.some((hub) => hub?.addresses.some((one) => withoutPeer(one).equals(place)))
  }

  #isConnected(peer: string): boolean {
    return (this.#libp2p?.getConnections(peerIdFromString(peer)) ?? []).length > 0
  }
}
