// Accounts by slot: what is confirmed, what is final, and what a rollback brings back.
import { createHash } from 'node:crypto'
import type { Address, Commitment, RawAccount } from '@piecework/chain'

export type Accounts = ReadonlyMap<Address, RawAccount>

/** The slot that is confirmed is the one before the open one; final is what so many slots lie upon. */
export const FINAL_AFTER = 4
/** As many as the cluster keeps: a seal can't read older ones. */
const KEPT_HASHES = 512

/** A slot before every network, far enough from 0 that reckoning backwards stays a slot. */
const FIRST_SLOT = 1_000

export interface SlotHash {
  readonly slot: number
  readonly hash: Uint8Array
}

/** Accounts after each slot, and the open slot that transactions change. */
export class Slots {
  open: number = FIRST_SLOT
  /** Of the open slot. */
  accounts: Accounts = new Map()
  /** After the slots that can still be rolled back, and the last one that can't; ascending. */
  #closed: { readonly slot: number; readonly accounts: Accounts }[] = [
    { slot: FIRST_SLOT - 1, accounts: new Map() },
  ]
  #hashes: SlotHash[] = []
  #fork = 0

  tick(): void {
    this.#closed.push({ slot: this.open, accounts: this.accounts })
    this.#hashes.unshift({ slot: this.open, hash: hashOf(this.open, this.#fork) })
    this.#hashes.length = Math.min(this.#hashes.length, KEPT_HASHES)
    this.open += 1
    while (this.#closed.length > FINAL_AFTER) this.#closed.shift()
  }

  /** The newest slot of a commitment. */
  at(commitment: Commitment): number {
    return this.#after(commitment).slot
  }

  accountsAt(commitment: Commitment): Accounts {
    return this.#after(commitment).accounts
  }

  /** Whether a slot has this commitment. */
  reaches(slot: number, commitment: Commitment): boolean {
    return slot <= this.at(commitment)
  }

  /** Newest first. */
  get hashes(): readonly SlotHash[] {
    return this.#hashes
  }

  /** What happened in the slots that are not final has never happened; they have other hashes. */
  rollBack(): number {
    const final = this.#after('finalized')
    this.#fork += 1
    this.accounts = final.accounts
    this.#closed = this.#closed.map(({ slot }) => ({ slot, accounts: final.accounts }))
    this.#hashes = this.#hashes.map((one) =>
      one.slot > final.slot ? { slot: one.slot, hash: hashOf(one.slot, this.#fork) } : one,
    )
    return final.slot
  }

  #after(commitment: Commitment): { readonly slot: number; readonly accounts: Accounts } {
    const found = commitment === 'finalized' ? this.#closed.at(0) : this.#closed.at(-1)
    return found ?? { slot: 0, accounts: new Map() }
  }
}

function hashOf(slot: number, fork: number): Uint8Array {
  return createHash('sha256').update(`slot ${slot} of fork ${fork}`).digest()
}
