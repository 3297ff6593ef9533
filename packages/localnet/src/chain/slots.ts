// Which slot is open, which are confirmed and final, and which blockhashes a transaction may still name.
import type { Blockhash } from '../vm/address.ts'

export type Commitment = 'processed' | 'confirmed' | 'finalized'

/** How many blocks a blockhash stays good for: the real cluster's number. */
export const BLOCKHASH_WINDOW = 150

/**
 * A slot is final this many slots after it opened. The real cluster takes about 32; four keep local work quick and
 * 'finalized' still clearly later than 'confirmed', which follows when the next slot opens.
 */
export const FINALIZED_AFTER = 4

/** Slots whose hash and time are remembered: what SlotHashes holds, so well over the window of blockhashes. */
export const KEPT_SLOTS = 512

export interface ClosedSlot {
  readonly slot: number
  readonly hash: Blockhash
  /** Seconds since 1970, as the Clock sysvar had it in that slot. */
  readonly time: number
}

export class Slots {
  readonly #first: number
  /** Everything up to here is final: it is the oldest state we can show. */
  readonly #base: number
  readonly #closed = new Map<number, ClosedSlot>()
  readonly #byHash = new Map<Blockhash, number>()
  #last: ClosedSlot
  #openTime: number

  constructor(first: number, closed: readonly ClosedSlot[], last: ClosedSlot) {
    this.#first = first
    this.#base = last.slot
    this.#last = last
    this.#openTime = last.time
    for (const slot of [...closed, last]) this.#keep(slot)
  }

  #keep(closed: ClosedSlot): void {
    this.#closed.set(closed.slot, closed)
    this.#byHash.set(closed.hash, closed.slot)
    const old = this.#closed.get(closed.slot - KEPT_SLOTS)
    if (old === undefined) return
    this.#closed.delete(old.slot)
    this.#byHash.delete(old.hash)
  }

  /** The open slot: transactions land in it. */
  get open(): number {
    return this.#last.slot + 1
  }

  get openTime(): number {
    return this.#openTime
  }

  get lastClosed(): ClosedSlot {
    return this.#last
  }

  get first(): number {
    return this.#first
  }

  get recent(): ClosedSlot[] {
    return [...this.#closed.values()]
  }

  setOpenTime(time: number): void {
    this.#openTime = time
  }

  close(hash: Blockhash): void {
    this.#last = { slot: this.open, hash, time: this.#openTime }
    this.#keep(this.#last)
  }

  at(commitment: Commitment): number {
    if (commitment === 'processed') return this.open
    return Math.max(this.#base, this.open - (commitment === 'confirmed' ? 1 : FINALIZED_AFTER))
  }

  /** Blocks since the chain began. Slots are never skipped here, but heights are still no slots. */
  height(slot: number): number {
    return slot - this.#first
  }

  latestBlockhash(commitment: Commitment): { blockhash: Blockhash; lastValidBlockHeight: number } {
    const closed = this.#closed.get(Math.min(this.at(commitment), this.#last.slot)) ?? this.#last
    return { blockhash: closed.hash, lastValidBlockHeight: this.height(closed.slot) + BLOCKHASH_WINDOW }
  }

  /** Whether a bank at `slot` knows the blockhash and it isn't too old there. */
  isValid(blockhash: Blockhash, slot: number): boolean {
    const made = this.#byHash.get(blockhash)
    return made !== undefined && made <= slot && slot <= made + BLOCKHASH_WINDOW
  }

  timeOf(slot: number): number | undefined {
    return slot === this.open ? this.#openTime : this.#closed.get(slot)?.time
  }
}
