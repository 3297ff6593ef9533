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
  /** Accounts that could take something of the job when they were last counted: fewer can now. */
  #ableAccounts: ReadonlySet<number> | undefined
  #failures = 0
  /** Turns below this one are exhausted. */
  #firstTurn = 0

  constructor(turns: Turns, terms: JobTerms) {
    this.#turns = turns
    this.#terms = terms
    if (terms.marks !== undefined) this.#countAble()
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
    if (this.#tooFewAccounts(demand.wanted)) return false
    for (let turn = demand.turn; turn !== undefined; turn = demand.turn) {
      this.#terms.tally.steps++
      const placing = this.#placing(turn)
      if (placing.place(demand.wanted, takers)) {
        this.#use(takers.slice(-demand.wanted.replicas), turn)
        return true
      }
      demand.fail()
      if (placing.blocker !== undefined) this.#wait(placing.blocker, { demand, turn })
    }
    this.#countAfterFailure()
    return false
  }

  /** Tells at once that a task can't be placed, where all turns together have too few accounts for it. */
  #tooFewAccounts({ replicas, had }: Wanted): boolean {
    const able = this.#ableAccounts
    return able !== undefined && able.size - had.filter((account) => able.has(account)).length < replicas
  }

  /** Counts after 2, 4, 8, ... failures: a job that just comes to its end doesn't pay for it. */
  #countAfterFailure(): void {
    this.#failures++
    if (this.#failures > 1 && (this.#failures & (this.#failures - 1)) === 0) this.#countAble()
  }

  #countAble(): void {
    const { limits, stake, marks, tally } = this.#terms
    tally.steps += this.#turns.members.length
    this.#ableAccounts = this.#turns.freeAccounts(
      (node) => (marks === undefined || marks[node] === 1) && limits.allows(node, stake),
    )
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

  #use(nodes: readonly number[], turn: number): void {
    this.#turns.use(nodes)
    if (this.#waiting.size > 0) for (const node of nodes) this.#wake(node, turn)
  }

  /** A node was picked in a turn: it can't be again in this one, nor in any when it is at its limit. */
  #wake(node: number, picked: number): void {
    const waiting = this.#waiting.get(node)
    if (waiting === undefined) return
    const { limits, stake } = this.#terms
    const atLimit = !limits.allows(node, stake)
    const woken = waiting.filter(({ turn }) => atLimit || turn === picked)
    if (woken.length === 0) return
    for (const { demand, turn } of woken) demand.retry(turn)
    this.#waiting.set(node, atLimit ? [] : waiting.filter(({ turn }) => turn !== picked))
  }
}
