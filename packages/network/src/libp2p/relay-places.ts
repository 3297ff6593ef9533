// Places at a relay: for homes that are connected to it, shared by their subnets.
import type { CircuitRelayService } from '@libp2p/circuit-relay-v2'
import type { Libp2p, PeerId } from '@libp2p/interface'
import { FairShare } from './fair-share.ts'
import type { PresetLimits } from './options.ts'
import type { NetworkPorts } from './ports.ts'
import { subnetOf } from './subnets.ts'

/** Homes that a hub relays for, when somebody who has no connection to them asks. */
export const RELAY_PLACES = 256

export interface RelayPlacesParts {
  readonly limits: Pick<PresetLimits, 'subnetsShare'>
  readonly count: NetworkPorts['count']
}

type Relaying = Pick<Libp2p, 'getConnections' | 'addEventListener'> & {
  readonly services: { readonly relay?: Pick<CircuitRelayService, 'reservations'> }
}

export class RelayPlaces {
  readonly #parts: RelayPlacesParts
  #libp2p: Relaying | undefined

  constructor(parts: RelayPlacesParts) {
    this.#parts = parts
  }

  /** Before it runs. */
  attach(libp2p: Relaying): void {
    this.#libp2p = libp2p
    libp2p.addEventListener('peer:disconnect', ({ detail }) => this.#end(detail))
  }

  /** Whether this peer gets none. Who has one renews it. */
  deny(peer: PeerId): boolean {
    // What is renewed is made anew: the clock of one that libp2p renewed a second time runs out at the first one's end.
    const hadOne = this.#end(peer)
    if (hadOne || this.#mayTake(peer)) return false
    this.#parts.count?.('network_connections_refused_total', { why: 'relay' })
    return true
  }

  #mayTake(peer: PeerId): boolean {
    const share = this.#share()
    return this.#parts.limits.subnetsShare ? share.mayTake(this.#subnetOf(peer)) : share.taken < RELAY_PLACES
  }

  /** There are few enough to be counted each time. */
  #share(): FairShare {
    const share = new FairShare(RELAY_PLACES)
    for (const { addr } of this.#libp2p?.services.relay?.reservations.values() ?? [])
      share.take(subnetOf(addr) ?? '')
    return share
  }

  #subnetOf(peer: PeerId): string {
    const [connection] = this.#libp2p?.getConnections(peer) ?? []
    return (connection && subnetOf(connection.remoteAddr)) ?? ''
  }

  #end(peer: PeerId): boolean {
    const reservations = this.#libp2p?.services.relay?.reservations
    const reservation = reservations?.get(peer)
    if (reservation === undefined) return false
    // Or else it ends the next one of this peer at its time.
    reservation.signal.clear()
    reservations?.delete(peer)
    return true
  }
}
