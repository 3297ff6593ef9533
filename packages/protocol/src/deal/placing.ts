// Places tasks of one job in one turn.
import { Candidates, type JobTerms } from './candidates.ts'
import type { Takers } from './takers.ts'
import type { Turn } from './turn.ts'
import type { Wanted } from './wanted.ts'

export class Placing {
  readonly #turn: Turn
  readonly #terms: JobTerms
  readonly #bonded: Candidates
  readonly #inTrial: Candidates
  /** Of the task being placed: the first #picked are its picks. One list for all tasks, because there are a million. */
  readonly #picks: number[] = []
  #picked = 0
  #blocker: number | undefined

  constructor(turn: Turn, terms: JobTerms) {
    this.#turn = turn
    this.#terms = terms
    const listed = terms.marks && turn.positionsOf(terms.marks)
    if (listed !== undefined) terms.tally.steps += turn.length
    this.#bonded = new Candidates({ turn, terms, listed, inTrial: false })
    this.#inTrial = new Candidates({ turn, terms, listed, inTrial: true })
  }

  /** Nobody can take anything of this job in this turn. */
  get exhausted(): boolean {
    return this.#bonded.exhausted && this.#inTrial.exhausted
  }

  /** After a task that could not be placed: a node that, once it can't be picked here any more, may let it be. */
  get blocker(): number | undefined {
    return this.#blocker
  }

  /** Adds the nodes that take the task to `takers`. False if the turn has too few: then nothing has changed. */
  place(task: number, wanted: Wanted, takers: Takers): boolean {
    this.#blocker = undefined
    const trial = this.#pick(wanted)
    const complete = this.#picked === wanted.replicas
    if (complete) {
      for (let i = 0; i < this.#picked; i++) takers.add(task, this.#use(this.#picks[i] ?? 0))
    }
    this.#bonded.release()
    this.#inTrial.release()
    // One pick is missing, and the account picked in trial has nodes outside trial too: with one of those in its
    // stead, the place in trial could go to another account.
    const oneMissing = this.#picked === wanted.replicas - 1
    if (oneMissing && trial !== undefined && this.#bonded.hasWaiting(trial))
      this.#blocker = this.#nodeAt(trial)
    return complete
  }

  /** Picks positions in order, as many as are wanted or as there are; returns the one in trial. */
  #pick({ replicas, had, trial }: Wanted): number | undefined {
    const { barred } = this.#terms
    let pickInTrial: number | undefined
    this.#picked = 0
    barred.begin(had)
    while (this.#picked < replicas) {
      const bonded = this.#bonded.first(this.#turn.length)
      const trialAllowed = !trial && pickInTrial === undefined
      const position = trialAllowed ? this.#inTrial.first(bonded) : bonded
      if (position === this.#turn.length) break
      if (position < bonded) {
        pickInTrial = position
        this.#inTrial.take(position)
      } else {
        this.#bonded.take(position)
      }
      barred.add(this.#nodeAt(position))
      this.#picks[this.#picked++] = position
    }
    return pickInTrial
  }

  #use(position: number): number {
    const node = this.#nodeAt(position)
    this.#turn.use(position)
    this.#terms.limits.add(node, this.#terms.stake)
    return node
  }

  #nodeAt(position: number): number {
    return this.#turn.nodes[position] ?? 0
  }
}
