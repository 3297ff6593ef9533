// The positions of a turn that one job can use, in order: those outside trial, or those in trial.
// Each task takes at most one position of an account, so what is passed over waits in its account's chain, and a heap
// knows the first waiting position of each account. Everything is looked at about once for a job, however many tasks.
import type { Barred } from './barred.ts'
import { MinHeap } from './heap.ts'
import type { NodeLimits, Stake } from './limits.ts'
import type { Tally } from './tally.ts'
import type { Turn } from './turn.ts'

/** What decides who can take a task of the job. */
export interface JobTerms {
  readonly stake: Stake
  /** By node: 1 where it may do the job; undefined where all may. */
  readonly marks: Uint8Array | undefined
  readonly limits: NodeLimits
  readonly barred: Barred
  readonly tally: Tally
}

export interface CandidatesInput {
  readonly turn: Turn
  readonly terms: JobTerms
  readonly listed: Uint32Array | undefined
  readonly inTrial: boolean
}

export class Candidates {
  readonly #turn: Turn
  readonly #terms: JobTerms
  readonly #inTrial: boolean
  /** The positions that the job's test leaves, undefined where it has none. */
  readonly #listed: Uint32Array | undefined
  #nextListed = 0
  /** Positions before this one have been looked at: each is out of the question, or waits. */
  #seen: number
  /** The first waiting position of each account. */
  readonly #waiting = new MinHeap()
  /** By an account's first position: 1 when the account has a waiting position, in the heap or held. */
  #waits: Uint8Array | undefined
  /** Kept out of the heap while one task is placed: picks, and positions of accounts that may not have the task. */
  readonly #held: number[] = []

  constructor({ turn, terms, listed, inTrial }: CandidatesInput) {
    this.#turn = turn
    this.#terms = terms
    this.#listed = listed
    this.#inTrial = inTrial
    this.#seen = turn.rooms.anyRoom(terms.stake, inTrial) ? 0 : turn.length
  }

  /** Nothing is left, unseen or waiting. */
  get exhausted(): boolean {
    return this.#seen === this.#turn.length && this.#waiting.min === undefined
  }

  /** The first position before `limit` whose account is not barred, `limit` for none. */
  first(limit: number): number {
    for (let position = this.#waiting.min; position !== undefined; position = this.#waiting.min) {
      if (position >= limit) return limit
      const fits = this.#fits(position)
      if (fits && !this.#isBarred(position)) return position
      this.#waiting.pop()
      if (fits) this.#held.push(position)
      else this.#settle(position)
    }
    let unseen = this.#seek(limit)
    while (unseen < limit && this.#isBarred(unseen)) {
      this.#hold(unseen)
      unseen = this.#seek(limit)
    }
    return unseen
  }

  /** Takes the position that `first` found for the task being placed. */
  take(position: number): void {
    if (position < this.#seen) {
      this.#waiting.pop()
      this.#held.push(position)
    } else {
      this.#hold(position)
    }
  }

  /** The task is placed, or given up: what was held and is still free waits again. */
  release(): void {
    for (let held = this.#held.pop(); held !== undefined; held = this.#held.pop()) this.#settle(held)
  }

  /** Whether the account of a position has one waiting. */
  hasWaiting(position: number): boolean {
    return this.#waits !== undefined && this.#waits[this.#turn.chains.first[position] ?? 0] === 1
  }

  /** Passes an unseen position. Of an account that waits already, it comes up later in the account's chain. */
  #hold(position: number): void {
    this.#seen = position + 1
    if (this.hasWaiting(position)) return
    this.#setWaits(position, 1)
    this.#held.push(position)
  }

  #setWaits(position: number, waits: 0 | 1): void {
    this.#waits ??= new Uint8Array(this.#turn.length)
    this.#waits[this.#turn.chains.first[position] ?? 0] = waits
  }

  /** Of the account's seen positions from this one on, the first that still fits waits. */
  #settle(position: number): void {
    const { next } = this.#turn.chains
    let at = position
    while (at < this.#seen && !this.#fits(at)) at = next[at] ?? this.#seen
    if (at < this.#seen) this.#waiting.push(at)
    else this.#setWaits(position, 0)
  }

  /** Moves on to the first unseen position before `limit` that fits. */
  #seek(limit: number): number {
    if (this.#seen >= limit) return limit
    this.#seen = this.#listed === undefined ? this.#seekAll(limit) : this.#seekListed(this.#listed, limit)
    return this.#seen
  }

  #seekAll(limit: number): number {
    const { rooms, length } = this.#turn
    let at = this.#seen
    while (at < limit) {
      const blockEnd = rooms.blockEnd(at)
      const end = Math.min(blockEnd, limit)
      this.#terms.tally.steps++
      if (rooms.anyInBlock(at, this.#terms.stake, this.#inTrial)) {
        for (; at < end; at++) if (this.#fits(at)) return at
        if (end === blockEnd) this.#terms.tally.steps += rooms.lookAgain(end - 1)
      }
      at = end
    }
    if (limit === length) rooms.sumUp()
    return limit
  }

  #seekListed(listed: Uint32Array, limit: number): number {
    for (; this.#nextListed < listed.length; this.#nextListed++) {
      const at = listed[this.#nextListed] ?? limit
      if (at >= limit) break
      if (at >= this.#seen && this.#fits(at)) return at
    }
    return limit
  }

  #fits(position: number): boolean {
    const { stake, limits, marks, tally } = this.#terms
    tally.steps++
    if (!this.#turn.isFree(position)) return false
    const node = this.#turn.nodes[position] ?? 0
    if (marks !== undefined && marks[node] !== 1) return false
    return limits.inTrial(node, stake) === this.#inTrial && limits.allows(node, stake)
  }

  #isBarred(position: number): boolean {
    return this.#terms.barred.has(this.#turn.nodes[position] ?? 0)
  }
}
