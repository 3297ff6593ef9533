import type { Accounts } from './accounts.ts'

/** Accounts that may not take the task being placed: they have it already. */
export class Barred {
  readonly #accounts: Accounts
  /** By account: the number of the task that barred it last. */
  readonly #marks: Uint32Array
  #task = 0

  constructor(accounts: Accounts) {
    this.#accounts = accounts
    this.#marks = new Uint32Array(accounts.count)
  }

  /** Only these accounts are barred from now on. */
  begin(accounts: readonly number[]): void {
    this.#task++
    for (const account of accounts) this.#marks[account] = this.#task
  }

  /** The node takes the task: its account can't take it again. */
  add(node: number): void {
    this.#marks[this.#accounts.ofNode[node] ?? 0] = this.#task
  }

  has(node: number): boolean {
    return this.#marks[this.#accounts.ofNode[node] ?? 0] === this.#task
  }
}
