// Pushes epochs on: seals, rounds, final roots, claim pages, and seats of verifiers that are gone.
import {
  type AsOf,
  type Chain,
  dropInactive,
  type Epoch,
  finalize,
  type NetworkState,
  nextRound,
  openPage,
  type Signer,
  sealEpoch,
  type TransactionInstruction,
} from '@piecework/chain'
import { type Crank, cranksDue, pagesNeeded, roundEnd } from './due.ts'
import type { Outbox } from './outbox.ts'
import type { Post } from './post.ts'
import type { Deed } from './tally.ts'
import type { Turns } from './turns.ts'
import { hasCandidate } from './windows.ts'

/** Pages opened at once: 16,384 accounts that came in one epoch. */
const PAGES_AT_ONCE = 16

export interface CrankOptions {
  readonly chain: Chain
  readonly wallet: Signer
  readonly outbox: Outbox
  readonly post: Post
  readonly turns: Turns
}

export class Cranks {
  readonly #options: CrankOptions
  /** Claim pages that are there: they are made one after the other. */
  #pages = 0
  #sealed: number | undefined
  #sealedHere = -1
  /** Since when the candidate of a round is seen. */
  #candidate: { readonly round: string; readonly slot: number } | undefined

  constructor(options: CrankOptions) {
    this.#options = options
  }

  async step(state: AsOf<NetworkState>): Promise<void> {
    this.#noteOthers(state)
    this.#noteCandidate(state)
    for (const crank of cranksDue(state)) if (!this.#holds(crank, state)) this.#turn(crank, state.slot)
    await this.#openPages(state)
  }

  /** A round that is about to succeed may, for as long again: where all are slow, none would ever end in time. */
  #holds({ what, number }: Crank, state: AsOf<NetworkState>): boolean {
    const epoch = state.value.epochs.find((one) => one.number === number)
    if (what !== 'round' || epoch === undefined) return false
    if (state.slot + 1 >= roundEnd(epoch) + epoch.roundSlots) return false
    const { post } = this.#options
    if (!hasCandidate(epoch)) return post.hasProposal(state, number)
    // Votes take half a round at most: the candidate has to be fetched and recomputed.
    const since = this.#candidate?.round === roundOf(epoch) ? this.#candidate.slot : -Infinity
    if (state.slot < since + epoch.roundSlots / 2) return true
    const voting = epoch.stakeVoted + post.votesInHand(state, number)
    return 3n * voting > 2n * epoch.stakeCounted
  }

  #noteCandidate({ slot, value: { network, epochs } }: AsOf<NetworkState>): void {
    const settling = epochs.find(({ number }) => number === network.lastFinal + 1)
    if (settling === undefined || !hasCandidate(settling)) return
    const round = roundOf(settling)
    if (this.#candidate?.round !== round) this.#candidate = { round, slot }
  }

  #turn(crank: Crank, slot: number): void {
    const { outbox } = this.#options
    const key = keyOf(crank)
    if (outbox.isUnderWay(key, slot)) return
    const instructions = [this.#instruction(crank)]
    const sending = outbox.send({ what: DEEDS[crank.what], keys: [key], slot, instructions })
    void sending.then(({ result }) => {
      if (result === 'landed' && crank.what === 'seal') this.#sealedHere = crank.number
    })
  }

  #instruction(crank: Crank): TransactionInstruction {
    const { at } = this.#options.chain
    const { number } = crank
    switch (crank.what) {
      case 'seal':
        return sealEpoch(at, number)
      case 'round':
        return nextRound(at, { number, round: crank.round })
      case 'final':
        return finalize(at, number)
      case 'drop':
        return dropInactive(at, { number, seats: crank.seats })
    }
  }

  /** An epoch that was sealed, and not from here, was sealed by another settler. */
  #noteOthers({ slot, value: { network, epochs } }: AsOf<NetworkState>): void {
    const { outbox, turns } = this.#options
    const number = network.nextSeal - 1
    const isNew = this.#sealed !== undefined && number > this.#sealed
    this.#sealed = number
    if (!isNew || this.#sealedHere >= number) return
    const target = epochs.find((epoch) => epoch.number === number)?.target ?? 0
    if (!outbox.isUnderWay(keyOf({ what: 'seal', number, target }), slot)) turns.sawOthers(slot)
  }

  async #openPages({ slot, value: { network } }: AsOf<NetworkState>): Promise<void> {
    const { chain, wallet, outbox } = this.#options
    const needed = pagesNeeded(network)
    if (needed <= this.#pages) return
    const count = Math.min(PAGES_AT_ONCE, needed - this.#pages)
    const numbers = Array.from({ length: count }, (_, place) => this.#pages + place)
    const { value } = await chain.accounts(numbers.map((number) => chain.at.page(number)))
    const lacking = numbers.filter((_, place) => value[place] === undefined)
    this.#pages = lacking[0] ?? this.#pages + count
    for (const number of lacking) {
      const key = `page:${number}`
      if (outbox.isUnderWay(key, slot)) continue
      const instructions = [openPage(chain.at, { payer: wallet.address, number })]
      void outbox.send({ what: 'pages', keys: [key], slot, instructions })
    }
  }
}

function roundOf({ number, round }: Epoch): string {
  return `${number}:${round}`
}

const DEEDS: Readonly<Record<Crank['what'], Deed>> = {
  seal: 'seals',
  round: 'rounds',
  final: 'finals',
  drop: 'drops',
}

function keyOf(crank: Crank): string {
  const { what, number } = crank
  switch (crank.what) {
    case 'seal':
      return `${what}:${number}:${crank.target}`
    case 'drop':
      return `${what}:${number}:${crank.seats}`
    default:
      return `${what}:${number}:${crank.round}`
  }
}
