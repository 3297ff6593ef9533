// What each stint came to in one epoch: for whoever tells its node, not for the state.
import type { Stint } from '../state/state.ts'
import type { Mutable } from './draft.ts'
import type { Entries } from './entries.ts'
import type { PaidStint } from './outcomes.ts'

/** A stint that was decided as paid, or one that was before, of which answers were judged now. */
export interface Earned extends Pick<Stint, 'epoch' | 'node'> {
  /** Rows that are paid for. */
  readonly rows: number
  readonly pay: bigint
}

/** Ascending by epoch and node. */
export function earnedBy(paid: readonly PaidStint[], { byJob }: Entries): readonly Earned[] {
  const sums: Mutable<Earned>[] = []
  // By epoch, then node: there are few epochs, and fifty thousand nodes.
  const sumsOf = new Map<number, Map<number, Mutable<Earned>>>()
  const sumOf = ({ epoch, node }: Pick<Stint, 'epoch' | 'node'>): Mutable<Earned> => {
    const ofEpoch = sumsOf.get(epoch) ?? new Map<number, Mutable<Earned>>()
    sumsOf.set(epoch, ofEpoch)
    const known = ofEpoch.get(node)
    if (known !== undefined) return known
    const sum = { epoch, node, rows: 0, pay: 0n }
    sums.push(sum)
    ofEpoch.set(node, sum)
    return sum
  }
  for (const { stint } of paid) sumOf(stint)
  for (const entries of byJob.values()) {
    for (const entry of entries) {
      const sum = sumOf(entry)
      sum.pay += entry.pay
      // A row that pays nothing, because it is worth nothing or the money was gone, is none that is paid.
      if (entry.pay > 0n) sum.rows += entry.rows
    }
  }
  return sums.sort((a, b) => a.epoch - b.epoch || a.node - b.node)
}
