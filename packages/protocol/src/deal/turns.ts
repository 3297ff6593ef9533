// The turns of a kind: the nodes that take one task, those that take two, and so on, each turn in an order of its own.
import { shuffle } from '../draws.ts'
import type { WorkforceKind } from '../workforce.ts'
import { AccountChainer, type Accounts } from './accounts.ts'
import type { NodeLimits } from './limits.ts'
import { Turn } from './turn.ts'

export interface TurnsInput {
  readonly seed: Uint8Array
  readonly column: WorkforceKind
  readonly accounts: Accounts
  readonly limits: NodeLimits
}

export class Turns {
  readonly #input: TurnsInput
  readonly #chainer: AccountChainer
  readonly #made: Turn[] = []
  /** Nodes that do this kind, ascending. */
  readonly members: Uint32Array
  /** The nodes of the next turn to be made, ascending. */
  #nextMembers: Uint32Array
  /** By node: how many of its positions are free, in all turns. */
  readonly #free: Uint32Array
  /** How many turns each account takes part in, the most first. */
  readonly #accountTurns: readonly AccountTurns[]

  constructor(input: TurnsInput) {
    this.#input = input
    this.#chainer = new AccountChainer(input.accounts)
    this.members = input.column.capacities.map((_, node) => node).filter((node) => this.#takes(node, 0))
    this.#nextMembers = this.members
    this.#free = input.column.capacities.slice()
    this.#accountTurns = accountTurns(input.column.capacities, input.accounts)
  }

  at(turn: number): Turn {
    while (this.#made.length <= turn) this.#make()
    const made = this.#made[turn]
    if (made === undefined) throw new RangeError(`a kind has no turn ${turn}`)
    return made
  }

  /** In how many turns at least so many accounts take part, besides those excepted. */
  countWith(accounts: number, except: readonly number[]): number {
    let missing = accounts
    for (const { account, turns } of this.#accountTurns) {
      if (except.includes(account)) continue
      missing -= 1
      if (missing === 0) return turns
    }
    return 0
  }

  /** Accounts that have a free position of a node that passes the test. */
  freeAccounts(test: (node: number) => boolean): Set<number> {
    const { ofNode } = this.#input.accounts
    const accounts = new Set<number>()
    for (const node of this.members) if (this.hasFree(node) && test(node)) accounts.add(ofNode[node] ?? 0)
    return accounts
  }

  hasFree(node: number): boolean {
    return (this.#free[node] ?? 0) > 0
  }

  /** Each of these nodes used one of its positions. */
  use(nodes: readonly number[]): void {
    for (const node of nodes) this.#free[node] = (this.#free[node] ?? 0) - 1
  }

  #takes(node: number, turn: number): boolean {
    return (this.#input.column.capacities[node] ?? 0) > turn
  }

  #make(): void {
    const turn = this.#made.length
    const { seed, column, limits } = this.#input
    const nodes = this.#nextMembers.slice()
    shuffle(nodes, { seed, kind: column.kind, turn })
    this.#made.push(new Turn(nodes, this.#chainer.chain(nodes), limits))
    this.#nextMembers = this.#nextMembers.filter((node) => this.#takes(node, turn + 1))
  }
}

interface AccountTurns {
  readonly account: number
  readonly turns: number
}

function accountTurns(capacities: Uint32Array, accounts: Accounts): AccountTurns[] {
  const most = new Uint32Array(accounts.count)
  for (const [node, capacity] of capacities.entries()) {
    const account = accounts.ofNode[node] ?? 0
    most[account] = Math.max(most[account] ?? 0, capacity)
  }
  return Array.from(most, (turns, account) => ({ account, turns })).sort((a, b) => b.turns - a.turns)
}
