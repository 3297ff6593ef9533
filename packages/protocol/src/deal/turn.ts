// One turn of dealing: nodes in the order of the draw. A position is free until a task uses it.
import type { AccountChains } from './accounts.ts'
import type { NodeLimits } from './limits.ts'
import { RoomBounds } from './room-bounds.ts'

export class Turn {
  readonly length: number
  /** By position: the node's position in the workforce. */
  readonly nodes: Uint32Array
  readonly chains: AccountChains
  readonly rooms: RoomBounds
  readonly #used: Uint8Array
  /** By an account's first position: how many of its positions are free. */
  readonly #freeOf: Uint32Array
  #freeAccounts = 0

  constructor(nodes: Uint32Array, chains: AccountChains, limits: NodeLimits) {
    this.length = nodes.length
    this.nodes = nodes
    this.chains = chains
    this.rooms = new RoomBounds(this, limits)
    this.#used = new Uint8Array(nodes.length)
    this.#freeOf = new Uint32Array(nodes.length)
    for (let position = 0; position < nodes.length; position++) {
      const first = chains.first[position] ?? 0
      if (first === position) this.#freeAccounts++
      this.#freeOf[first] = (this.#freeOf[first] ?? 0) + 1
    }
  }

  /** Accounts that still have a free position. */
  get freeAccounts(): number {
    return this.#freeAccounts
  }

  /** Free positions of the nodes that are marked with 1, in order. */
  positionsOf(marks: Uint8Array): Uint32Array {
    const positions = new Uint32Array(this.length)
    let count = 0
    for (let position = 0; position < this.length; position++) {
      if (marks[this.nodes[position] ?? 0] === 1 && this.isFree(position)) positions[count++] = position
    }
    return positions.slice(0, count)
  }

  isFree(position: number): boolean {
    return this.#used[position] === 0
  }

  use(position: number): void {
    this.#used[position] = 1
    const first = this.chains.first[position] ?? 0
    const left = (this.#freeOf[first] ?? 0) - 1
    this.#freeOf[first] = left
    if (left === 0) this.#freeAccounts--
  }
}
