// Outputs of a stint that its checkers reported, for kinds judged across nodes. Anything can be reported: what a row's
// commit names is the right one, and one honest copy is enough.
import { equalBytes } from '../bytes.ts'
import { JUDGED_OUTPUT_BYTES, STINT_ANSWER_BYTES, STINT_ANSWERS } from '../limits.ts'
import type { Answer } from '../messages.ts'
import { rowCommit } from '../output.ts'
import { commitOf } from './commits.ts'
import type { UndecidedStint } from './stints.ts'

export class StintAnswers {
  readonly #stint: UndecidedStint
  readonly #nodeKey: Uint8Array
  readonly #byPlace: ReadonlyMap<number, readonly Answer[]>

  constructor(stint: UndecidedStint, nodeKey: Uint8Array, reported: readonly Answer[]) {
    this.#stint = stint
    this.#nodeKey = nodeKey
    this.#byPlace = Map.groupBy(reported, placeOf)
  }

  /** What row i of the stint's table commits to, if anybody reported it. */
  of(i: number): Answer | undefined {
    const { seqs, rows } = this.#stint.table
    const reported = this.#byPlace.get(placeOf({ seq: seqs[i] ?? 0, row: rows[i] ?? 0 }))
    if (reported === undefined) return undefined
    const commit = commitOf(this.#stint, i)
    return reported.find(({ salt, output }) => {
      if (output.length > JUDGED_OUTPUT_BYTES) return false
      return equalBytes(rowCommit({ nodeKey: this.#nodeKey, salt, output }), commit)
    })
  }

  /** At most one for each row, and no more than the state keeps of a stint. */
  right(): Answer[] {
    if (this.#byPlace.size === 0) return []
    const { start, end } = this.#stint
    const rows = Array.from({ length: end - start }, (_, i) => start + i)
    const answers = rows.map((i) => this.of(i)).filter((answer) => answer !== undefined)
    let bytes = 0
    const over = answers.findIndex(({ output }) => {
      bytes += output.length
      return bytes > STINT_ANSWER_BYTES
    })
    return answers.slice(0, Math.min(over === -1 ? answers.length : over, STINT_ANSWERS))
  }
}

/** Batches have at most 1,024 rows. */
export function placeOf({ seq, row }: { readonly seq: number; readonly row: number }): number {
  return seq * 1024 + row
}
