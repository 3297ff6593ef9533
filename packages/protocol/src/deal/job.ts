// Deals one job, turn by turn.
import type { JobTerms } from './candidates.ts'
import { Demand, type Wanted } from './demand.ts'
import { Placing } from './placing.ts'
import type { Turns } from './turns.ts'

interface Waiting {
  readonly demand: Demand
  readonly turn: number
}

export class JobDealing {
  readonly #turns: Turns
  readonly #terms: JobTerms
  readonly #placings: Placing[] = []
  readonly #demands = new Map<string, Demand>()
  /** By node: who waits until it can't be picked any more. */
  readonly #waiting = new Map<number, Waiting[]>()
  /** Turns below this one are exhausted. */
  #firstTurn = 0

  constructor(turns: Turns, terms: JobTerms) {
    this.#turns = turns
    this.#terms = terms
  }

  demand(wanted: Wanted): Demand {
    const { replicas, trial, had } = wanted
    const key = `${replicas} ${trial} ${had.join()}`
    const known = this.#demands.get(key)
    if (known !== undefined) return known
    while (this.#placings[this.#firstTurn]?.exhausted) this.#firstTurn++
    const demand = new Demand(wanted, this.#turns.countWith(replicas, had), this.#firstTurn)
    this.#demands.set(key, demand)
    return demand
  }

  /** Adds the nodes that get the task to `takers`, by their positions in the workforce. False if no turn has enough. */
  place(demand: Demand, takers: number[]): boolean {
    for (let turn = demand.turn; turn !== undefined; turn = demand.turn) {
      const placing = this.#placing(turn)
      if (placing.place(demand.wanted, takers)) {
        if (this.#waiting.size > 0) this.#wakeAll(takers.slice(-demand.wanted.replicas), turn)
        return true
      }
      demand.fail()
      if (placing.blocker !== undefined) this.#wait(placing.blocker, { demand, turn })
    }
    return false
  }

  #placing(turn: number): Placing {
    const known = this.#placings[turn]
    if (known !== undefined) return known
    const placing = new Placing(this.#turns.at(turn), this.#terms)
    this.#placings[turn] = placing
    return placing
  }

  #wait(blocker: number, waiting: Waiting): void {
    const others = this.#waiting.get(blocker)
    if (others === undefined) this.#waiting.set(blocker, [waiting])
    else others.push(waiting)
  }

  /** Nodes were picked in a turn: they can't be again in this one, nor in any when they are at their limits. */
  #wakeAll(nodes: readonly number[], picked: number): void {
    const { limits, stake } = this.#terms
    for (const node of nodes) {
      const waiting = this.#waiting.get(node) ?? []
      const atLimit = !limits.allows(node, stake)
      const woken = waiting.filter(({ turn }) => atLimit || turn === picked)
      if (woken.length === 0) continue
      for (const { demand, turn } of woken) demand.retry(turn)
      this.#waiting.set(
        node,
        waiting.filter((each) => !woken.includes(each)),
      )
    }
  }
}
