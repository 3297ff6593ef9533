// The turns of a kind: the nodes that take one task, those that take two, and so on, each turn in an order of its own.
import { shuffle } from '../draws.ts'
import type { WorkforceKind } from '../workforce.ts'
import { AccountChainer, type Accounts } from './accounts.ts'
import type { NodeLimits } from './limits.ts'
import { Reach } from './reach.ts'
import { Turn } from './turn.ts'

export interface TurnsInput {
  readonly seed: Uint8Array
  readonly column: WorkforceKind
  readonly accounts: Accounts
  readonly limits: NodeLimits
}

export class Turns {
  /** Nodes that do this kind, ascending. */
  readonly members: Uint32Array
  readonly reach: Reach
  readonly #input: TurnsInput
  readonly #chainer: AccountChainer
  readonly #made: Turn[] = []
  /** The nodes of the next turn to be made, ascending. */
  #nextMembers: Uint32Array
  /** By node: how many of its positions are free, in all turns. */
  readonly #free: Uint32Array
  /** By replicas: for each turn that is known to have too few accounts, a later one that may have enough. */
  readonly #after = new Map<number, number[]>()

  constructor(input: TurnsInput) {
    this.#input = input
    this.#chainer = new AccountChainer(input.accounts)
    this.members = this.#thoseOf(0, Uint32Array.from(input.column.capacities.keys()))
    this.#nextMembers = this.members
    this.#free = input.column.capacities.slice()
    this.reach = this.reachOf(this.members)
  }

  at(turn: number): Turn {
    while (this.#made.length <= turn) this.#make()
    const made = this.#made[turn]
    if (made === undefined) throw new RangeError(`a kind has no turn ${turn}`)
    return made
  }

  reachOf(nodes: Uint32Array): Reach {
    const { accounts, column } = this.#input
    return new Reach({ accounts, capacities: column.capacities, nodes })
  }

  /** The first turn from this one on that is not known to have too few accounts left, for anybody's task. */
  firstFor(replicas: number, from: number): number {
    const after = this.#after.get(replicas) ?? []
    this.#after.set(replicas, after)
    let turn = from
    while ((this.#made[turn]?.freeAccounts ?? replicas) < replicas) turn = after[turn] ?? turn + 1
    // What was passed is passed at once from now on.
    for (let at = from; at < turn; ) {
      const next = after[at] ?? at + 1
      after[at] = turn
      at = next
    }
    return turn
  }

  hasFree(node: number): boolean {
    return (this.#free[node] ?? 0) > 0
  }

  /** The node used one of its positions. */
  use(node: number): void {
    this.#free[node] = (this.#free[node] ?? 0) - 1
  }

  /** Of these nodes those that take part in a turn. By hand: an array's own filter makes a list of numbers first. */
  #thoseOf(turn: number, nodes: Uint32Array): Uint32Array {
    const { capacities } = this.#input.column
    const members = new Uint32Array(nodes.length)
    let count = 0
    for (const node of nodes) if ((capacities[node] ?? 0) > turn) members[count++] = node
    return members.slice(0, count)
  }

  #make(): void {
    const turn = this.#made.length
    const { seed, column, limits } = this.#input
    const nodes = this.#nextMembers.slice()
    shuffle(nodes, { seed, kind: column.kind, turn })
    this.#made.push(new Turn(nodes, this.#chainer.chain(nodes), limits))
    this.#nextMembers = this.#thoseOf(turn + 1, this.#nextMembers)
  }
}
