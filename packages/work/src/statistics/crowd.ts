// A crowd that was asked: who said what, what is known, and what was found of its workers before.

export interface Vote {
  readonly item: number
  readonly worker: number
  readonly label: number
  /** It is measured, and decides nothing: its worker is in trial. */
  readonly silent: boolean
}

/** What earlier judgements found of a worker: so many answers, of which so many were right (both may be parts). */
export interface Past {
  readonly answers: number
  readonly right: number
}

export interface Crowd {
  readonly items: number
  readonly workers: number
  readonly classes: number
  readonly votes: readonly Vote[]
  /** Answers that are known, by item. */
  readonly known?: ReadonlyMap<number, number>
  readonly past?: ReadonlyMap<number, Past>
}
