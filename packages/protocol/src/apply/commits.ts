// What the rows of a stint commit to. A fresh stint's are read where they arrived: few of a million are ever asked for.
import { RowsView } from '../batch.ts'
import { HASH_BYTES } from '../hash.ts'
import type { UndecidedStint } from './stints.ts'

/** Of row i of its table. */
export function commitOf(stint: UndecidedStint, i: number): Uint8Array {
  if ('commits' in stint) return stint.commits.subarray(HASH_BYTES * i, HASH_BYTES * (i + 1))
  const { batches, table } = stint
  const batch = batches[table.seqs[i] ?? 0]
  if (batch === undefined) throw new RangeError(`row ${i} is of no batch of its stint`)
  return new RowsView(batch.rows).commit(table.rows[i] ?? 0)
}

/** Of all its rows, copied. */
export function commitsOf(stint: UndecidedStint): Uint8Array {
  const { start, end } = stint
  const commits = new Uint8Array(HASH_BYTES * (end - start))
  for (let i = start; i < end; i++) commits.set(commitOf(stint, i), HASH_BYTES * (i - start))
  return commits
}
