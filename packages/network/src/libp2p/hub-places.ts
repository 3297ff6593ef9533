// Places in the DHT for hubs: shared by the subnets that they connect from, because keys cost nothing.
import type { Libp2p } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import type { PresetLimits } from './options.ts'
import { subnetOf } from './subnets.ts'

/** Hubs that the DHT tells of in one answer: twice those that 50,000 homes with three of 1,000 places each need. */
export const HUB_PLACES = 512
/** Of all whose connection is gone already, or is not told apart by its address. */
const UNKNOWN = ''

export interface HubPlacesParts {
  readonly limits: Pick<PresetLimits, 'subnetsShare'>
  /** Whether it is this peer, or one whom the chain or the operator names; as libp2p writes it. */
  readonly isKept: (peer: string) => boolean
}

export class HubPlaces {
  readonly #parts: HubPlacesParts
  /** Under which share each hub is counted, the one first that has told of itself least lately; none of who is kept. */
  readonly #shares = new Map<string, string | undefined>()
  #libp2p: Pick<Libp2p, 'getConnections'> | undefined

  constructor(parts: HubPlacesParts) {
    this.#parts = parts
  }

  isKept(peer: string): boolean {
    return this.#parts.isKept(peer)
  }

  /** Before it runs. */
  attach(libp2p: Pick<Libp2p, 'getConnections'>): void {
    this.#libp2p = libp2p
  }

  /** Who goes for it when there are too many: the oldest of the share that has most, and of who is kept when there is nobody else. */
  take(peer: string): string | undefined {
    const share = this.#parts.isKept(peer) ? undefined : this.#shareOf(peer)
    this.#shares.delete(peer)
    this.#shares.set(peer, share)
    if (this.#shares.size <= HUB_PLACES) return undefined
    const most = this.#most()
    for (const [one, its] of this.#shares) if (its === most) return one
    return undefined
  }

  give(peer: string): void {
    this.#shares.delete(peer)
  }

  #shareOf(peer: string): string {
    if (!this.#parts.limits.subnetsShare) return UNKNOWN
    // Who puts a hub there is the hub: kad-dht keeps what a peer says of itself alone.
    const [connection] = this.#libp2p?.getConnections(peerIdFromString(peer)) ?? []
    return (connection && subnetOf(connection.remoteAddr)) ?? UNKNOWN
  }

  #most(): string | undefined {
    const counts = new Map<string, number>()
    for (const share of this.#shares.values())
      if (share !== undefined) counts.set(share, (counts.get(share) ?? 0) + 1)
    let most: string | undefined
    for (const [share, count] of counts)
      if (most === undefined || count > (counts.get(most) ?? 0)) most = share
    return most
  }
}
