// What is to be paid for, before prices and budgets: a score for each job and stint.
import { SCORE_UNIT } from '../value.ts'

/** Work of one stint for one job, as far as it is decided in this epoch. */
export interface Entry {
  readonly node: number
  readonly epoch: number
  /** In millionths of a unit. */
  score: bigint
  /** Those that scored anything. */
  rows: number
  /** The most units of one of them. */
  maxUnits: number
  /** What it comes to, once it is charged. */
  pay: bigint
}

/** Entries by job, each job's in the order in which they were added. */
export class Entries {
  readonly byJob: Map<number, Entry[]> = new Map()

  entry(job: number, node: number, epoch: number): Entry {
    const list = this.byJob.get(job)
    const last = list?.at(-1)
    if (last?.node === node && last.epoch === epoch) return last
    const entry: Entry = { node, epoch, score: 0n, rows: 0, maxUnits: 0, pay: 0n }
    if (list === undefined) this.byJob.set(job, [entry])
    else list.push(entry)
    return entry
  }

  addRow(entry: Entry, units: number, score: bigint): void {
    if (score === 0n) return
    entry.score += BigInt(units) * score
    entry.rows += 1
    entry.maxUnits = Math.max(entry.maxUnits, units)
  }

  /** Rows of exact kinds, whose units are their score: summed as numbers first, because there are a million of them. */
  addExact(
    entry: Entry,
    sum: { readonly units: number; readonly rows: number; readonly maxUnits: number },
  ): void {
    entry.score += BigInt(sum.units) * SCORE_UNIT
    entry.rows += sum.rows
    entry.maxUnits = Math.max(entry.maxUnits, sum.maxUnits)
  }
}
