// Brings to the chain what verifiers want there: as many in one transaction as fit, each signing on its own machine, and
// one by one when time runs short. Nothing waits for a confirmation before the next is sent.
import {
  type Address,
  type AsOf,
  type Chain,
  type NetworkState,
  postValues,
  propose,
  type Seat,
  type TransactionInstruction,
  vote,
} from '@piecework/chain'
import type { Gather } from './gather.ts'
import { type Member, proposalFor, valueFor } from './offers.ts'
import type { Outbox } from './outbox.ts'
import type { Deed } from './tally.ts'
import type { Verifiers } from './verifiers.ts'
import { type Window, windowsAt } from './windows.ts'

/** What fits a transaction of 1,232 bytes. */
const POSTS_AT_ONCE = 7
const VOTES_AT_ONCE = 10
/** The two instructions of a priority fee take about as much as a voter. */
const VOTES_WITH_PRIORITY = 9

/** A signature takes a round trip; longer than a part of the phase nobody is waited for. */
const SIGNING_SHARE = 0.25
const LEAST_SIGNING_MS = 400
/** And who goes alone has this long: it holds up nobody, and on a busy machine all are slow. */
const MOST_SIGNING_MS = 2_000

/** Who did not sign goes alone for so many slots. */
const ALONE_SLOTS = 30

export interface PostOptions {
  readonly chain: Chain
  readonly outbox: Outbox
  readonly gather: Gather
  readonly verifiers: Verifiers
  readonly slotMs: number
  readonly priority: bigint
}

interface Batch {
  readonly window: Window
  readonly members: readonly Member[]
  readonly slot: number
}

export class Post {
  readonly #options: PostOptions
  /** Until which slot a verifier goes alone. */
  readonly #alone = new Map<Address, number>()

  constructor(options: PostOptions) {
    this.#options = options
  }

  /** Sends what the chain takes in the next slot, of what verifiers have said that they want. */
  step({ slot, value }: AsOf<NetworkState>): void {
    for (const [voteKey, until] of this.#alone) if (slot >= until) this.#alone.delete(voteKey)
    for (const window of windowsAt(value, slot + 1)) {
      if (window.what === 'proposal') this.#propose(window, value, slot)
      else for (const batch of this.#batches(window, slot)) void this.#send(batch)
    }
  }

  /** Stake of those who have not voted on chain, and want to vote for its candidate. */
  votesInHand({ slot, value }: AsOf<NetworkState>, number: number): bigint {
    const window = windowsAt(value, slot + 1).find(
      ({ what, epoch }) => what === 'vote' && epoch.number === number,
    )
    if (window === undefined) return 0n
    return this.#members(window).reduce((sum, { seat }) => sum + seat.stake, 0n)
  }

  /** Whether the drawn proposer has a proposal, and may be expected to sign it. */
  hasProposal({ slot, value }: AsOf<NetworkState>, number: number): boolean {
    return windowsAt(value, slot + 1).some(({ what, epoch, missing }) => {
      if (what !== 'proposal' || epoch.number !== number) return false
      const { gather } = this.#options
      return missing.some(({ voteKey }) => proposalFor(value, epoch, gather.offersOf(voteKey)) !== undefined)
    })
  }

  #members(window: Window): readonly Member[] {
    return window.missing.flatMap((seat) => {
      const value = valueFor(window, this.#options.gather.offersOf(seat.voteKey))
      return value === undefined ? [] : [{ seat, value }]
    })
  }

  #batches(window: Window, slot: number): readonly Batch[] {
    const { outbox } = this.#options
    const waiting = this.#members(window).filter(({ seat }) => !outbox.isUnderWay(keyOf(window, seat), slot))
    const late = slot + 1 >= window.halfway
    const single = waiting.filter(({ seat }) => late || this.#alone.has(seat.voteKey))
    const together = waiting.filter((member) => !single.includes(member))
    const groups = [...single.map((one) => [one]), ...chunks(together, this.#size(window))]
    return groups.map((members) => ({ window, members, slot }))
  }

  #size({ what }: Window): number {
    if (what !== 'vote') return POSTS_AT_ONCE
    return this.#options.priority === 0n ? VOTES_AT_ONCE : VOTES_WITH_PRIORITY
  }

  /** Again without those who do not sign, until the others have. */
  async #send({ window, members, slot }: Batch): Promise<void> {
    const { outbox, verifiers } = this.#options
    const within = members.length === 1 ? MOST_SIGNING_MS : this.#signingMs(window)
    const sent = await outbox.send({
      what: DEEDS[window.what],
      keys: members.map(({ seat }) => keyOf(window, seat)),
      slot,
      instructions: [this.#instruction(window, members)],
      signers: members.map(({ seat }) => verifiers.signer(seat.voteKey, within)),
    })
    if (sent.result !== 'unsigned') return
    this.#alone.set(sent.signer, slot + ALONE_SLOTS)
    const left = members.filter(({ seat }) => seat.voteKey !== sent.signer)
    if (left.length > 0 && left.length < members.length) await this.#send({ window, members: left, slot })
  }

  #instruction({ what, epoch }: Window, members: readonly Member[]): TransactionInstruction {
    const { at } = this.#options.chain
    const { number, candidate } = epoch
    const voteKeys = members.map(({ seat }) => seat.voteKey)
    if (what === 'vote') return vote(at, { number, attestation: candidate.attestation, voteKeys })
    const posts = members.map(({ seat, value }) => ({ voteKey: seat.voteKey, value }))
    return postValues(at, { what: what === 'commit' ? 'commit' : 'inventory', number, posts })
  }

  #propose(window: Window, state: NetworkState, slot: number): void {
    const { chain, outbox, gather, verifiers } = this.#options
    for (const seat of window.missing) {
      const key = keyOf(window, seat)
      const proposal = proposalFor(state, window.epoch, gather.offersOf(seat.voteKey))
      if (proposal === undefined || outbox.isUnderWay(key, slot)) continue
      const sending = outbox.send({
        what: 'proposals',
        keys: [key],
        slot,
        instructions: [propose(chain.at, { ...proposal, proposer: seat.voteKey })],
        signers: [verifiers.signer(seat.voteKey, MOST_SIGNING_MS)],
      })
      void sending.then((sent) => {
        if (sent.result === 'unsigned') this.#alone.set(sent.signer, slot + ALONE_SLOTS)
      })
    }
  }

  #signingMs({ slots }: Window): number {
    const share = slots * this.#options.slotMs * SIGNING_SHARE
    return Math.min(MOST_SIGNING_MS, Math.max(LEAST_SIGNING_MS, share))
  }
}

const DEEDS: Readonly<Record<Window['what'], Deed>> = {
  inventory: 'inventories',
  commit: 'commits',
  proposal: 'proposals',
  vote: 'votes',
}

/** One for every post that can be made; in another round a vote is another. */
function keyOf({ what, epoch }: Window, { voteKey }: Seat): string {
  return `${what}:${epoch.number}:${epoch.round}:${voteKey}`
}

function chunks<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  const count = Math.ceil(items.length / size)
  return Array.from({ length: count }, (_, place) => items.slice(place * size, (place + 1) * size))
}
