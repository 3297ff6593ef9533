// A verifier of the protocol's simulation: checks what is drawn for it, and reports what it found.
import {
  type Answer,
  type Checking,
  type Due,
  type Evidence,
  equalBytes,
  type HeldBatch,
  makeBitmap,
  nextTrace,
  ROW_DRAWN,
  RowsView,
  rowCommit,
  type StintReport,
  ZERO_HASH,
} from '@piecework/protocol'
import type { Contributor, Opening } from './contributor.ts'
import { isRight, traceOf } from './toy-work.ts'

/** How a verifier deviates. Honest where nothing else is said. */
export interface VerifierBehaviour {
  /** False: posts nothing in this epoch. */
  readonly posts?: (epoch: number) => boolean
  /** False: commits no report. */
  readonly reports?: (epoch: number) => boolean
  /** The report of a stint in place of the honest one; undefined leaves it out. */
  readonly report?: (honest: StintReport, check: Check) => StintReport | undefined
  /** Passes fakes of these nodes: it and they share the traces that go with the fakes. */
  readonly friendOf?: (node: number) => boolean
  /** Carries evidence of a fake that is drawn in this stint, whether it was drawn to check it or not. */
  readonly denounces?: (due: Due) => boolean
  /** Leaves these nodes out of its inventory. */
  readonly omits?: (node: number) => boolean
  /** Asked once the draw is known: true serves the inventory that it posted to nobody. */
  readonly withholds?: (due: readonly Due[]) => boolean
}

export interface Check {
  readonly epoch: number
  /** The seed of the stint's epoch. */
  readonly seed: Uint8Array
  readonly verifierId: number
  readonly behaviour: VerifierBehaviour
  readonly due: Due
  readonly contributor: Contributor
  /** The admitted batches of the stint. */
  readonly batches: readonly HeldBatch[]
  readonly checkingOf: (job: number) => Checking
  /** What a checker measures of a node, in millionths. */
  readonly measured: (job: number, node: number) => number
}

export interface Checked {
  readonly report: StintReport
  readonly evidence: readonly Evidence[]
}

/** What an honest verifier does, but that friends' fakes pass. */
export function checkStint(check: Check): Checked {
  const { due, batches } = check
  const { stint } = due
  const rows = batches.map((batch) => readRows(check, batch))
  const report = {
    epoch: stint.epoch,
    node: stint.node,
    traces: [],
    delivered: [],
    answers: [],
    scores: measure(check),
  }
  const drawnFakes = rows.flat().filter(({ drawn, right }) => drawn && !right).length
  const { behaviour } = check.contributor
  const { epoch, verifierId } = check
  const asked = { epoch, stintEpoch: stint.epoch, drawnFakes, verifierId }
  if (behaviour.answers?.(asked) === false) return { report, evidence: [] }
  if (behaviour.swaps?.(asked) === true) return { report, evidence: swapped(check) }
  return followChain(check, rows, report)
}

/** The batch that was handed over in place of the admitted one: both are signed, and a friend says nothing. */
function swapped({ batches, contributor, behaviour, due }: Check): Evidence[] {
  const [first] = batches
  if (first === undefined || behaviour.friendOf?.(due.stint.node) === true) return []
  const second = contributor.rivalOf(first).signed
  const nothing = new Uint8Array()
  return [{ what: 'equivocation', first: first.signed, second, row: 0, salt: ZERO_HASH, output: nothing }]
}

/** Evidence of the first fake that is drawn, from whoever was given its opening. */
export function denounce(check: Check): Evidence[] {
  for (const batch of check.batches) {
    const wrong = readRows(check, batch).find(({ drawn, right }) => drawn && !right)
    if (wrong?.opening !== undefined) return [falseRow(batch, wrong.row, wrong.opening)]
  }
  return []
}

interface RowHeld {
  readonly row: number
  readonly job: number
  readonly right: boolean
  /** Undefined when it was not delivered, or does not open the commit. */
  readonly opening: Opening | undefined
}

interface RowFound extends RowHeld {
  readonly drawn: boolean
}

function readRows(check: Check, batch: HeldBatch): RowFound[] {
  const drawn = drawnRows(check.due, batch.seq)
  return heldRows(check, batch).map((held) => ({ ...held, drawn: drawn.has(held.row) }))
}

/** All checkers are handed the same bytes: what they find in them is computed once. */
const heldByBatch = new WeakMap<HeldBatch, readonly RowHeld[]>()

function heldRows({ due, contributor, checkingOf }: Check, batch: HeldBatch): readonly RowHeld[] {
  const known = heldByBatch.get(batch)
  if (known !== undefined) return known
  const view = new RowsView(batch.rows)
  const held = Array.from({ length: batch.rowCount }, (_, row): RowHeld => {
    const { job, task, commit } = view.row(row)
    const opening = contributor.opening(due.stint.epoch, batch, row)
    const opens =
      opening !== undefined && equalBytes(rowCommit({ nodeKey: batch.nodeKey, ...opening }), commit)
    const right =
      checkingOf(job) !== 'exact' || (opening !== undefined && isRight({ job, task }, opening.output))
    return { row, job, right, opening: opens ? opening : undefined }
  })
  heldByBatch.set(batch, held)
  return held
}

function drawnRows({ stint }: Due, seq: number): ReadonlySet<number> {
  const { table, start, end } = stint
  const drawn = new Set<number>()
  for (let i = start; i < end; i++) {
    if (table.seqs[i] === seq && ((table.flags[i] ?? 0) & ROW_DRAWN) !== 0) drawn.add(table.rows[i] ?? 0)
  }
  return drawn
}

/** T as far as every drawn row is answered and right. */
function followChain(check: Check, rows: readonly (readonly RowFound[])[], empty: StintReport): Checked {
  const passes = check.behaviour.friendOf?.(empty.node) === true
  const traces: Uint8Array[] = []
  const delivered: Uint8Array[] = []
  const answers: Answer[] = []
  for (const [k, batch] of check.batches.entries()) {
    const found = rows[k] ?? []
    const drawn = found.filter((one) => one.drawn)
    const wrong = drawn.find(({ right }) => !right)
    if (wrong?.opening !== undefined && !passes) {
      const evidence = falseRow(batch, wrong.row, wrong.opening)
      return { report: { ...empty, traces, delivered, answers }, evidence: [evidence] }
    }
    if (drawn.some(({ opening }) => opening === undefined)) break
    const opened = found.filter((one): one is RowFound & { opening: Opening } => one.opening !== undefined)
    const bitmap = makeBitmap(
      batch.rowCount,
      opened.map(({ row }) => row),
    )
    traces.push(
      nextTrace({
        previous: traces.at(-1) ?? ZERO_HASH,
        batchHash: batch.hash,
        rowCount: batch.rowCount,
        delivered: bitmap,
        outputs: opened.map(({ opening }) => opening.output),
        traces: drawn.map(({ opening }) => traceOf(check.seed, opening?.output ?? ZERO_HASH)),
      }),
    )
    delivered.push(bitmap)
    for (const { row, job, opening } of opened) {
      if (check.checkingOf(job) === 'across') answers.push({ seq: batch.seq, row, ...opening })
    }
  }
  return { report: { ...empty, traces, delivered, answers }, evidence: [] }
}

function falseRow(batch: HeldBatch, row: number, { salt, output }: Opening): Evidence {
  return { what: 'row', first: batch.signed, second: new Uint8Array(), row, salt, output }
}

function measure({ due, checkingOf, measured }: Check): StintReport['scores'] {
  const { table, start, end, node } = due.stint
  const jobs = new Set(table.jobs.slice(start, end))
  return [...jobs]
    .filter((job) => checkingOf(job) === 'measured')
    .map((job) => ({ job, score: measured(job, node) }))
}
