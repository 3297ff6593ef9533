// The transactions that landed, newest last, in bounds: the oldest are forgotten.
import type { Address, Signature } from '../vm/address.ts'
import type { TransactionError } from '../vm/transaction-error.ts'
import { BLOCKHASH_WINDOW } from './slots.ts'

/** About 2.5 kB each, some 50 MB when full, and 70 us each to read back: a start stays well under two seconds. */
export const HISTORY_LIMIT = 20_000

export interface Landed {
  readonly signature: Signature
  readonly slot: number
  readonly time: number
  /** Position among all transactions since the chain began. */
  readonly order: number
  readonly error: TransactionError | null
  readonly memo: string | null
  readonly bytes: Uint8Array
  /** The status metadata as JSON text: parsed only when somebody asks. */
  readonly meta: string
  readonly addresses: readonly Address[]
}

export class History {
  readonly #limit: number
  readonly #bySignature = new Map<Signature, Landed>()
  readonly #byAddress = new Map<Address, Landed[]>()
  readonly #bySlot = new Map<number, Landed[]>()
  /** Signatures that could land again, because their blockhash may still be good. Never cut short by the limit. */
  readonly #replayable = new Map<Signature, number>()

  constructor(limit: number = HISTORY_LIMIT) {
    this.#limit = limit
  }

  get size(): number {
    return this.#bySignature.size
  }

  get(signature: Signature): Landed | undefined {
    return this.#bySignature.get(signature)
  }

  has(signature: Signature): boolean {
    return this.#replayable.has(signature)
  }

  inSlot(slot: number): readonly Landed[] {
    return this.#bySlot.get(slot) ?? []
  }

  add(landed: Landed): void {
    this.#bySignature.set(landed.signature, landed)
    this.#replayable.set(landed.signature, landed.slot)
    append(this.#bySlot, landed.slot, landed)
    for (const address of landed.addresses) append(this.#byAddress, address, landed)
    if (this.#bySignature.size > this.#limit) this.#forgetOldest()
  }

  /** Call when `slot` opens. */
  advance(slot: number): void {
    for (const [signature, landed] of this.#replayable) {
      if (landed >= slot - BLOCKHASH_WINDOW - 1) break
      this.#replayable.delete(signature)
    }
  }

  /** Newest first, strictly older than `before` and newer than `until`. */
  forAddress(
    address: Address,
    range: { before?: Landed; until?: Landed; limit: number; slot: number },
  ): Landed[] {
    const all = this.#byAddress.get(address) ?? []
    const found: Landed[] = []
    for (let i = all.length - 1; i >= 0 && found.length < range.limit; i -= 1) {
      const landed = all[i]
      if (landed === undefined || (range.until !== undefined && landed.order <= range.until.order)) break
      if (range.before !== undefined && landed.order >= range.before.order) continue
      if (landed.slot <= range.slot) found.push(landed)
    }
    return found
  }

  #forgetOldest(): void {
    const oldest = this.#bySignature.values().next().value
    if (oldest === undefined) return
    this.#bySignature.delete(oldest.signature)
    shift(this.#bySlot, oldest.slot)
    for (const address of oldest.addresses) shift(this.#byAddress, address)
  }
}

function append<K>(lists: Map<K, Landed[]>, key: K, landed: Landed): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [landed])
  else list.push(landed)
}

/** What is forgotten is the oldest of all, so it is the first of every list that holds it. */
function shift<K>(lists: Map<K, Landed[]>, key: K): void {
  const list = lists.get(key)
  list?.shift()
  if (list?.length === 0) lists.delete(key)
}
