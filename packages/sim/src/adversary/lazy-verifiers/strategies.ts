// What a verifier reports that does not check.
import {
  equalBytes,
  makeBitmap,
  nextTrace,
  ROW_DRAWN,
  RowsView,
  rowCommit,
  type StintReport,
  ZERO_HASH,
} from '@piecework/protocol'
import type { Check, SeededRandom, VerifierBehaviour } from '@piecework/testkit'

type Lazy = NonNullable<VerifierBehaviour['report']>

/** Any T, for rows that all came. */
export function guess(random: SeededRandom): Lazy {
  return (honest, check) => ({
    ...honest,
    ...allDelivered(check),
    traces: check.batches.map(() => random.bytes(32)),
  })
}

function allDelivered({ batches }: Check): Pick<StintReport, 'delivered'> {
  const all = (rows: number): number[] => Array.from({ length: rows }, (_, row) => row)
  return { delivered: batches.map(({ rowCount }) => makeBitmap(rowCount, all(rowCount))) }
}

/** The T of the first stint of this node that it was drawn for: it checked that one, without saying so. */
export function repeatEarlier(): Lazy {
  const earlier = new Map<number, StintReport>()
  return (honest, check) => {
    const known = earlier.get(honest.node)
    if (known === undefined) earlier.set(honest.node, honest)
    const isOther = known !== undefined && known.epoch !== honest.epoch
    const traces = check.batches.map((_, k) => (isOther ? known.traces[k] : undefined) ?? ZERO_HASH)
    return { ...honest, ...allDelivered(check), traces }
  }
}

/** Takes in what is delivered and hashes it as it should, but makes up the traces that only checking gives. */
export function alwaysPass(made: () => Uint8Array): Lazy {
  return (honest, check) => {
    const traces: Uint8Array[] = []
    const delivered: Uint8Array[] = []
    for (const batch of check.batches) {
      const view = new RowsView(batch.rows)
      const rows = Array.from({ length: batch.rowCount }, (_, row) => row)
      const opened = rows.flatMap((row) => {
        const opening = check.contributor.opening(honest.epoch, batch, row)
        const opens =
          opening !== undefined &&
          equalBytes(rowCommit({ nodeKey: batch.nodeKey, ...opening }), view.commit(row))
        return opens ? [{ row, output: opening.output }] : []
      })
      const bits = makeBitmap(
        batch.rowCount,
        opened.map(({ row }) => row),
      )
      traces.push(
        nextTrace({
          previous: traces.at(-1) ?? ZERO_HASH,
          batchHash: batch.hash,
          rowCount: batch.rowCount,
          delivered: bits,
          outputs: opened.map(({ output }) => output),
          traces: Array.from({ length: drawnIn(check, batch.seq) }, made),
        }),
      )
      delivered.push(bits)
    }
    return { ...honest, traces, delivered }
  }
}

function drawnIn({ due }: Check, seq: number): number {
  const { table, start, end } = due.stint
  let drawn = 0
  for (let i = start; i < end; i++) {
    if (table.seqs[i] === seq && ((table.flags[i] ?? 0) & ROW_DRAWN) !== 0) drawn += 1
  }
  return drawn
}
