// Money on its way to wallets: gathered through the steps, credited once, in step 10.
import { compareBytes } from '../bytes.ts'
import { COMMONS_ACCOUNT, NEVER } from '../state/state.ts'
import { at, changeOwner, type Draft, ownerFor } from './draft.ts'

export class Credits {
  readonly #draft: Draft
  readonly #byOwner = new Map<number, bigint>()
  commons = 0n

  constructor(draft: Draft) {
    this.#draft = draft
  }

  toOwner(owner: number, amount: bigint): void {
    if (amount > 0n) this.#byOwner.set(owner, (this.#byOwner.get(owner) ?? 0n) + amount)
  }

  toWallet(wallet: Uint8Array, amount: bigint): void {
    if (amount > 0n) this.toOwner(ownerFor(this.#draft, wallet), amount)
  }

  /** Account indices for those who are credited for the first time, in order of wallet bytes; then the money. */
  settle(): void {
    const { owners, accounts } = this.#draft
    const fresh = [...this.#byOwner.keys()].filter((owner) => at(owners, owner).account === NEVER)
    fresh.sort((a, b) => compareBytes(at(owners, a).wallet, at(owners, b).wallet))
    for (const owner of fresh) {
      const account = accounts.push({ owner, released: 0n }) - 1
      changeOwner(this.#draft, owner, { account })
    }
    for (const [owner, amount] of this.#byOwner) at(accounts, at(owners, owner).account).released += amount
    at(accounts, COMMONS_ACCOUNT).released += this.commons
  }
}
