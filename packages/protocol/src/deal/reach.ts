// How far the turns of a kind reach: in a late turn only few accounts take part.
import type { Accounts } from './accounts.ts'
import type { Wanted } from './wanted.ts'

export interface ReachInput {
  readonly accounts: Accounts
  /** By node: in how many turns it takes part. */
  readonly capacities: Uint32Array
  readonly nodes: Uint32Array
}

export class Reach {
  /** The most turns first. */
  readonly #accounts: readonly { readonly account: number; readonly turns: number }[]

  constructor({ accounts, capacities, nodes }: ReachInput) {
    const turnsOf = new Map<number, number>()
    for (const node of nodes) {
      const account = accounts.ofNode[node] ?? 0
      turnsOf.set(account, Math.max(turnsOf.get(account) ?? 0, capacities[node] ?? 0))
    }
    this.#accounts = Array.from(turnsOf, ([account, turns]) => ({ account, turns })).sort(
      (a, b) => b.turns - a.turns,
    )
  }

  /** From this turn on there are not enough accounts for such a task. */
  turnsFor({ replicas, had }: Wanted): number {
    let missing = replicas
    for (const { account, turns } of this.#accounts) {
      if (had.includes(account)) continue
      missing -= 1
      if (missing === 0) return turns
    }
    return 0
  }
}
