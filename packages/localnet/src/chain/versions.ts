// What accounts were before recent slots changed them, so that 'confirmed' and 'finalized' reads are as of one slot.
import type { Account, KeyedAccount } from '../vm/account.ts'
import type { Address } from '../vm/address.ts'

type Before = ReadonlyMap<Address, Account | undefined>

export class Versions {
  /** By slot, the accounts that it changed, as they were when it opened. */
  readonly #before = new Map<number, Map<Address, Account | undefined>>()

  open(slot: number): void {
    this.#before.set(slot, new Map())
  }

  /** Call before `slot` changes the account; only the first call counts. */
  remember(slot: number, address: Address, account: Account | undefined): void {
    const before = this.#before.get(slot)
    if (before !== undefined && !before.has(address)) before.set(address, account)
  }

  changedIn(slot: number): Address[] {
    return [...(this.#before.get(slot)?.keys() ?? [])]
  }

  forgetUpTo(slot: number): void {
    for (const old of this.#before.keys()) if (old <= slot) this.#before.delete(old)
  }

  /** The account at the end of `slot`, given what it is now. */
  at(slot: number, address: Address, now: Account | undefined): Account | undefined {
    for (const [changed, before] of this.#before) {
      if (changed > slot && before.has(address)) return before.get(address)
    }
    return now
  }

  /** Of a program's accounts now, those it had at the end of `slot`, as they were. */
  accountsAt(slot: number, program: Address, now: readonly KeyedAccount[]): KeyedAccount[] {
    const accounts = new Map(now.map((keyed) => [keyed.address, keyed.account]))
    for (const [address, account] of this.#changesAfter(slot)) {
      if (account?.owner === program) accounts.set(address, account)
      else accounts.delete(address)
    }
    return [...accounts].map(([address, account]) => ({ address, account }))
  }

  #changesAfter(slot: number): Before {
    const oldest = new Map<Address, Account | undefined>()
    for (const [changed, before] of this.#before) {
      if (changed <= slot) continue
      for (const [address, account] of before) if (!oldest.has(address)) oldest.set(address, account)
    }
    return oldest
  }
}
