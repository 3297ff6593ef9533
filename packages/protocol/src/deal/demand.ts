// What a task asks of the turns. Tasks that ask for the same share what is known of the turns: all fresh tasks of a job do.
import { MinHeap } from './heap.ts'

export interface Wanted {
  readonly replicas: number
  /** Accounts that have or had one, ascending. */
  readonly had: readonly number[]
  /** An earlier replica of the task is in trial, so that no further one may be. */
  readonly trial: boolean
}

export class Demand {
  readonly wanted: Wanted
  /** From this turn on there are not enough accounts. */
  readonly #turns: number
  /** Turns below this one could not complete such a task... */
  #tried: number
  /** ... but these can be tried once more. */
  readonly #again = new MinHeap()

  constructor(wanted: Wanted, turns: number, firstTurn: number) {
    this.wanted = wanted
    this.#turns = turns
    this.#tried = firstTurn
  }

  /** The first turn that may complete such a task, undefined for none. */
  get turn(): number | undefined {
    const turn = this.#again.min ?? this.#tried
    return turn < this.#turns ? turn : undefined
  }

  /** Its turn could not: positions only get fewer, so it need not be tried again. */
  fail(): void {
    if (this.#again.pop() === undefined) this.#tried++
  }

  /** What stood in the way in a turn is gone. */
  retry(turn: number): void {
    this.#again.push(turn)
  }
}
