// Accounts of the workforce, numbered without gaps so that columns can go by them.

export class Accounts {
  readonly count: number
  /** By a node's position in the workforce. */
  readonly ofNode: Uint32Array
  /** By a node's position: 1 for the only node of its account, as most are. */
  readonly alone: Uint8Array
  readonly #numbers = new Map<number, number>()

  constructor(owners: Uint32Array) {
    this.ofNode = owners.map((owner) => {
      const number = this.#numbers.get(owner) ?? this.#numbers.size
      this.#numbers.set(owner, number)
      return number
    })
    this.count = this.#numbers.size
    const nodes = new Uint32Array(this.count)
    for (const account of this.ofNode) nodes[account] = (nodes[account] ?? 0) + 1
    this.alone = Uint8Array.from(this.ofNode, (account) => (nodes[account] === 1 ? 1 : 0))
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
    const { ofNode, alone } = this.#accounts
    const nearest = this.#nearest
    const { length } = nodes
    const next = new Uint32Array(length).fill(length)
    const first = nodes.map((_, position) => position)
    const shared = first.filter((position) => alone[nodes[position] ?? 0] !== 1)
    const accountAt = (i: number): number => ofNode[nodes[shared[i] ?? 0] ?? 0] ?? 0
    for (let i = 0; i < shared.length; i++) nearest[accountAt(i)] = length
    for (let i = shared.length - 1; i >= 0; i--) {
      const position = shared[i] ?? 0
      next[position] = nearest[accountAt(i)] ?? 0
      nearest[accountAt(i)] = position
    }
    for (let i = 0; i < shared.length; i++) first[shared[i] ?? 0] = nearest[accountAt(i)] ?? 0
    return { next, first }
  }
}
