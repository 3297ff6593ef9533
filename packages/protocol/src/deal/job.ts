// Deals one job, turn by turn.
import type { JobTerms } from './candidates.ts'
import { Demand } from './demand.ts'
import { Placing } from './placing.ts'
import type { Reach } from './reach.ts'
import type { Takers } from './takers.ts'
import type { Turns } from './turns.ts'
import type { Wanted } from './wanted.ts'

interface Waiting {
  readonly demand: Demand
  readonly turn: number
}

export class JobDealing {
  readonly #turns: Turns
  readonly #terms: JobTerms
  readonly #placings = new Map<number, Placing>()
  readonly #demands = new Map<string, Demand>()
  /** By node: who waits until it can't be picked any more, and tries again whenever it was. */
  readonly #waiting = new Map<number, Waiting[]>()
  #reach: Reach
  /** Turns tried in vain since the reach was looked at. */
  #inVain = 0
  /** Turns below this one are exhausted. */
  #firstTurn = 0

  constructor(turns: Turns, terms: JobTerms) {
    this.#turns = turns
    this.#terms = terms
    const nobody = terms.marks !== undefined && !terms.marks.includes(1)
    this.#reach = nobody ? turns.reachOf(new Uint32Array(0)) : turns.reach
  }

  demand(wanted: Wanted): Demand {
    const { replicas, trial, had } = wanted
    const key = `${replicas} ${trial} ${had.join()}`
    const known = this.#demands.get(key)
    if (known !== undefined) return known
    while (this.#placings.get(this.#firstTurn)?.exhausted) this.#firstTurn++
    const demand = new Demand(wanted, this.#firstTurn)
    this.#demands.set(key, demand)
    return demand
  }

  /** Adds the nodes that get the task to `takers`. False if no turn has enough. */
  place(task: number, demand: Demand, takers: Takers): boolean {
    const { wanted } = demand
    let turn = demand.next(this.#turns)
    while (turn < this.#reach.turnsFor(wanted)) {
      this.#terms.tally.steps++
      const placing = this.#placing(turn)
      if (placing.place(task, wanted, takers)) {
        this.#use(takers, takers.length - wanted.replicas)
        return true
      }
      demand.fail()
      if (placing.blocker !== undefined) this.#wait(placing.blocker, { demand, turn })
      this.#countInVain()
      turn = demand.next(this.#turns)
    }
    return false
  }

  /** Looks again who can still take anything, once as many turns were tried in vain as there are nodes to look at. */
  #countInVain(): void {
    this.#inVain++
    const { members } = this.#turns
    if (this.#inVain < members.length) return
    this.#inVain = 0
    const { limits, stake, marks, tally } = this.#terms
    tally.steps += members.length
    const able = (node: number): boolean =>
      (marks === undefined || marks[node] === 1) && this.#turns.hasFree(node) && limits.allows(node, stake)
    this.#reach = this.#turns.reachOf(members.filter(able))
  }

  #placing(turn: number): Placing {
    const known = this.#placings.get(turn)
    if (known !== undefined) return known
    const placing = new Placing(this.#turns.at(turn), this.#terms)
    this.#placings.set(turn, placing)
    return placing
  }

  #wait(blocker: number, waiting: Waiting): void {
    const others = this.#waiting.get(blocker)
    if (others === undefined) this.#waiting.set(blocker, [waiting])
    else others.push(waiting)
  }

  #use(takers: Takers, from: number): void {
    for (let i = from; i < takers.length; i++) {
      const node = takers.node(i)
      this.#turns.use(node)
      if (this.#waiting.size > 0) this.#wake(node)
    }
  }

  /** A node in trial was picked: it may have reached its limit, which it does after few picks. */
  #wake(node: number): void {
    const waiting = this.#waiting.get(node) ?? []
    this.#waiting.delete(node)
    for (const { demand, turn } of waiting) demand.retry(turn)
  }
}
