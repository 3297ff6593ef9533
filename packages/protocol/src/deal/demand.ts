// Tasks that ask for the same share what is known of the turns: all fresh tasks of a job do.
import { MinHeap } from './heap.ts'
import type { Turns } from './turns.ts'
import type { Wanted } from './wanted.ts'

export class Demand {
  readonly wanted: Wanted
  /** Turns below this one could not complete such a task... */
  #tried: number
  /** ... but these can be tried once more. */
  readonly #again = new MinHeap()

  constructor(wanted: Wanted, firstTurn: number) {
    this.wanted = wanted
    this.#tried = firstTurn
  }

  /** The turn to try next. */
  next(turns: Turns): number {
    const again = this.#again.min
    if (again !== undefined) return again
    this.#tried = turns.firstFor(this.wanted.replicas, this.#tried)
    return this.#tried
  }

  /** That turn could not: positions only get fewer, so it need not be tried again. */
  fail(): void {
    if (this.#again.pop() === undefined) this.#tried++
  }

  /** What stood in the way in a turn is gone. */
  retry(turn: number): void {
    this.#again.push(turn)
  }
}
