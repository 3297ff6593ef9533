// What compute units cost in recent slots, for clients that estimate priority fees.
import type { Address } from '../vm/address.ts'
import { unitPrice } from '../vm/fee.ts'
import { isWritable, type Transaction } from '../vm/wire.ts'

/** The real cluster's number of blocks. */
export const PRICED_SLOTS = 150

/** The least that was paid in a slot: by any transaction, and by those that wrote an account. */
interface Paid {
  least: number
  readonly byAccount: Map<Address, number>
}

export class Prices {
  readonly #slots = new Map<number, Paid>()

  add(slot: number, transaction: Transaction): void {
    const price = unitPrice(transaction)
    const paid = this.#slots.get(slot) ?? { least: price, byAccount: new Map() }
    this.#slots.set(slot, paid)
    paid.least = Math.min(paid.least, price)
    for (const [i, key] of transaction.keys.entries()) {
      if (isWritable(transaction, i))
        paid.byAccount.set(key, Math.min(paid.byAccount.get(key) ?? price, price))
    }
  }

  /** Call when `slot` opens. */
  advance(slot: number): void {
    this.#slots.delete(slot - PRICED_SLOTS)
  }

  /** What a transaction had to pay in a slot to write all of `keys`. */
  in(slot: number, keys: readonly Address[]): number {
    const paid = this.#slots.get(slot)
    if (paid === undefined) return 0
    return keys.reduce((most, key) => Math.max(most, paid.byAccount.get(key) ?? 0), paid.least)
  }
}
