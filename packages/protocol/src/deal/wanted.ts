/** What a task asks of the turn that places it. */
export interface Wanted {
  readonly replicas: number
  /** Accounts that have or had one, ascending. */
  readonly had: readonly number[]
  /** An earlier replica of the task is in trial, so that no further one may be. */
  readonly trial: boolean
}
