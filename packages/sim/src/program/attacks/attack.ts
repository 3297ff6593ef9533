// What an attack on the program gives back.

export interface Attack {
  readonly tried: number
  /** What worked though it must not, as sentences; none, if all is well. */
  readonly worked: readonly string[]
}
