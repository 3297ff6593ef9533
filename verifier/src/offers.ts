// Offers: what this verifier wants on chain, as long as it is not there. A settler asks, and brings it there.
import { type Address, addressOf, inMask } from '@piecework/chain'
import type { Offer } from '@piecework/network'
import { equalBytes } from '@piecework/protocol'
import { epochOf, type Moment, seatOf } from './common/moment.ts'

export class Offers {
  readonly #voteKey: Address
  readonly #offers = new Map<string, Offer>()
  #moment: Moment | undefined

  constructor(voteKey: Address) {
    this.#voteKey = voteKey
  }

  /** In place of what was offered for the same before. */
  put(offer: Offer): void {
    this.#offers.set(nameOf(offer), offer)
  }

  /** Holdings of other jobs than these are no longer wanted: they opened, closed, or say so already. */
  keepHoldings(jobs: ReadonlySet<string>): void {
    for (const [name, offer] of this.#offers) {
      if (offer.what === 'holding' && !jobs.has(addressOf(offer.job))) this.#offers.delete(name)
    }
  }

  /** Lets go of what is on chain, or can't come there any more. */
  see(moment: Moment): void {
    this.#moment = moment
    for (const [name, offer] of this.#offers) if (isOver(offer, moment)) this.#offers.delete(name)
  }

  /** What is wanted now. */
  list(): readonly Offer[] {
    const moment = this.#moment
    if (moment === undefined) return []
    return [...this.#offers.values()].filter((offer) => !this.#isDone(offer, moment))
  }

  /** Exactly one of those: what a signature may be given for. */
  has(wanted: Offer): boolean {
    return this.list().some((offer) => nameOf(offer) === nameOf(wanted) && isSame(offer, wanted))
  }

  #isDone(offer: Offer, moment: Moment): boolean {
    const epoch = epochOf(moment, offer.epoch)
    const seated = epoch === undefined ? undefined : seatOf(epoch, this.#voteKey)
    if (epoch === undefined || seated === undefined) return offer.what !== 'holding'
    const { place } = seated
    if (offer.what === 'inventory') return inMask(epoch.inventoryMask, place)
    if (offer.what === 'commit') return inMask(epoch.commitMask, place)
    if (offer.what === 'vote') return epoch.round !== offer.round || inMask(epoch.voteMask, place)
    return offer.what === 'proposal' && epoch.round !== offer.round
  }
}

function nameOf(offer: Offer): string {
  const { what, epoch } = offer
  if (what === 'holding') return `holding ${Buffer.from(offer.job).toString('hex')}`
  if (what === 'vote' || what === 'proposal') return `${what} ${epoch} ${offer.round}`
  return `${what} ${epoch}`
}

function isSame(a: Offer, b: Offer): boolean {
  return equalBytes(bytesIn(a), bytesIn(b))
}

function bytesIn(offer: Offer): Uint8Array {
  if (offer.what === 'holding') return offer.job
  return offer.what === 'proposal' ? offer.attestation : offer.value
}

function isOver({ what, epoch: number }: Offer, moment: Moment): boolean {
  const { lastFinal, nextSeal } = moment.state.network
  if (what === 'inventory') return number < nextSeal
  if (what === 'holding') return false
  return number <= lastFinal
}
