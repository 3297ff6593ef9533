// Accounts of the workforce, numbered without gaps so that columns can go by them.

export class Accounts {
  readonly count: number
  /** By a node's position in the workforce. */
  readonly ofNode: Uint32Array
  readonly #numbers = new Map<number, number>()

  constructor(owners: Uint32Array) {
    this.ofNode = owners.map((owner) => {
      const number = this.#numbers.get(owner) ?? this.#numbers.size
      this.#numbers.set(owner, number)
      return number
    })
    this.count = this.#numbers.size
  }

  /** Those of these owners that have a node in the workforce, ascending. */
  numbersOf(owners: readonly number[]): number[] {
    const numbers = owners.map((owner) => this.#numbers.get(owner)).filter((number) => number !== undefined)
    return [...new Set(numbers)].sort((a, b) => a - b)
  }
}

/** Which positions of a turn belong to one account: a chain through them, in order. */
export interface AccountChains {
  /** The next position of the same account, the number of positions for none. */
  readonly next: Uint32Array
  /** The first position of the same account. */
  readonly first: Uint32Array
}

/** Chains the positions of lists of nodes by account, each in time of the list alone. */
export class AccountChainer {
  readonly #accounts: Accounts
  /** By account, while a list is chained: its nearest position. */
  readonly #nearest: Uint32Array

  constructor(accounts: Accounts) {
    this.#accounts = accounts
    this.#nearest = new Uint32Array(accounts.count)
  }

  chain(nodes: Uint32Array): AccountChains {
    const { ofNode } = this.#accounts
    const nearest = this.#nearest
    const next = new Uint32Array(nodes.length)
    const first = new Uint32Array(nodes.length)
    for (const node of nodes) nearest[ofNode[node] ?? 0] = nodes.length
    for (let position = nodes.length - 1; position >= 0; position--) {
      const account = ofNode[nodes[position] ?? 0] ?? 0
      next[position] = nearest[account] ?? 0
      nearest[account] = position
    }
    for (let position = 0; position < nodes.length; position++) {
      first[position] = nearest[ofNode[nodes[position] ?? 0] ?? 0] ?? 0
    }
    return { next, first }
  }
}
