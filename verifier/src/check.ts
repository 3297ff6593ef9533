// Check: checks the drawn rows of what was delivered, each once, as it comes; when everything is there, or time is over,
// puts together what was found.
import type { Log } from '@piecework/api'
import {
  type Answer,
  type Checking,
  type Evidence,
  makeBitmap,
  nextTrace,
  REPORT_EVIDENCE,
  RowsView,
  STINT_SCORES,
  type State,
  type StintReport,
  ZERO_HASH,
} from '@piecework/protocol'
import type { Opening, OpeningStore } from '@piecework/store'
import type { Draw, EpochWork, RowVerdict, StintCheck } from './common/epoch-work.ts'
import type { Epochs } from './common/epochs.ts'
import type { Jobs } from './common/jobs.ts'
import type { MeasuredLinks } from './common/measured.ts'
import {
  commitsFrom,
  heldInventories,
  type Moment,
  postedInventories,
  sealedEpochs,
} from './common/moment.ts'
import type { States } from './common/states.ts'

/** Checks under way at once; the sandbox says how many of them run. */
const CHECKS_AT_ONCE = 8
/** Slots before the commits in which no more is waited for: what is confirmed is a slot old, and posts take one. */
const LEAST_SLOTS = 2

export interface Findings {
  readonly work: EpochWork
  readonly stints: readonly StintReport[]
  readonly evidence: readonly Evidence[]
}

export interface CheckPorts {
  readonly openings: OpeningStore
  readonly epochs: Epochs
  readonly states: States
  readonly jobs: Jobs
  readonly measured: MeasuredLinks
  readonly log: Log
  readonly pass: (findings: Findings) => Promise<void>
  /** Called when a row is checked. */
  readonly wake: () => void
}

export interface DrawnRow {
  readonly check: StintCheck
  /** Place of its batch in the stint. */
  readonly at: number
  readonly row: number
}

export class Check {
  readonly #ports: CheckPorts
  readonly #running = new Map<string, Promise<void>>()
  readonly #stopped = new AbortController()
  /** The epoch of the last check that failed for a reason that is not in the row. */
  #failing: number | undefined

  constructor(ports: CheckPorts) {
    this.#ports = ports
  }

  async see(moment: Moment): Promise<undefined> {
    for (const epoch of sealedEpochs(moment)) {
      const work = this.#ports.epochs.get(epoch.number)
      if (work?.draw === undefined || work.report !== undefined) continue
      if (moment.slot >= commitsFrom(epoch) + epoch.commit) continue
      this.#begin(work, work.draw)
      const isLate = moment.slot >= commitsFrom(epoch) - LEAST_SLOTS
      const held = heldInventories(epoch, work.inventories).length
      const isWhole = held >= postedInventories(epoch).length && isChecked(work.draw)
      if (!isLate && !isWhole) continue
      const found = await this.#findings(work, work.draw)
      if (found.stints.length > 0 || found.evidence.length > 0) await this.#ports.pass(found)
    }
  }

  /** Nothing new is begun; what runs is waited for. */
  async stop(): Promise<void> {
    this.#stopped.abort()
    await Promise.all(this.#running.values())
  }

  /** As many as may run at once; each that ends makes room for the next. */
  #begin(work: EpochWork, draw: Draw): void {
    for (const one of waitingRows(draw)) {
      const name = nameOf(one)
      if (this.#running.size >= CHECKS_AT_ONCE || this.#stopped.signal.aborted) return
      if (this.#running.has(name)) continue
      const run = this.#check(one)
        .catch((error: Error) => this.#fails(work, name, error))
        .finally(() => {
          this.#running.delete(name)
          if (one.check.verdicts.has(placeName(one))) this.#ports.wake()
        })
      this.#running.set(name, run)
    }
  }

  /** It is tried again in every slot, and said once in an epoch. */
  #fails({ number }: EpochWork, row: string, error: Error): void {
    const level = this.#failing === number ? 'debug' : 'warn'
    this.#failing = number
    this.#ports.log[level]('check-failed', { row, why: error.message })
  }

  async #check(one: DrawnRow): Promise<void> {
    const { check, at, row } = one
    const { jobs, openings } = this.#ports
    const { epoch } = check.due.stint
    const { job: index, task, units, commit } = new RowsView(check.batches[at]?.rows ?? ZERO_HASH).row(row)
    const opening = await openings.find({ epoch, nodeKey: check.nodeKey }, commit)
    // Damaged since it came: its node is asked again.
    if (opening === undefined) check.held[at]?.delete(row)
    const job = this.#jobs(check).get(index)
    const open = job === undefined ? undefined : jobs.specOf(job)?.job
    if (opening === undefined || open === undefined) return
    const claimed = { units, output: opening.output }
    const verdict = await open.check?.(task, claimed, { ...jobs.context, seed: check.seed })
    check.verdicts.set(placeName(one), verdict ?? UNCHECKED)
  }

  /** Jobs of the epoch's draw. */
  #jobs({ due }: StintCheck): ReadonlyMap<number, Parameters<Jobs['specOf']>[0]> {
    const work = this.#ports.epochs.all().find(({ draw }) => draw?.due.includes(due))
    return work === undefined ? new Map() : this.#known(work)
  }

  #known({ number, draw }: EpochWork): ReadonlyMap<number, Parameters<Jobs['specOf']>[0]> {
    const before: State['jobs'] = this.#ports.states.at(number - 1)?.jobs ?? []
    const all = [...before.map(({ job }) => job), ...(draw?.facts.created ?? [])]
    return new Map(all.map((job) => [job.index, job]))
  }

  async #findings(work: EpochWork, draw: Draw): Promise<Findings> {
    const known = this.#known(work)
    const checkingOf = (index: number): Checking => {
      const kind = known.get(index)?.kind
      return draw.facts.kinds.find((rules) => rules.kind === kind)?.checking ?? 'exact'
    }
    const found: StintFound[] = []
    for (const check of draw.mine.values()) {
      found.push(await findingsOf({ ...this.#ports, check, checkingOf }))
    }
    const stints = found.map(({ report }) => report).sort((a, b) => a.epoch - b.epoch || a.node - b.node)
    // Two batches for one place are seen by whoever has both; a wrong row is shown by its checkers alone.
    const evidence = [...oncePerNode(found).flatMap(({ evidence }) => evidence), ...work.evidence]
    return { work, stints, evidence: evidence.slice(0, REPORT_EVIDENCE) }
  }
}

/** Of kinds that are judged across nodes: nothing is run, and the trace says so. */
const UNCHECKED: RowVerdict = { passed: true, trace: ZERO_HASH, why: '' }

function placeName({ check, at, row }: DrawnRow): string {
  return `${check.batches[at]?.seq} ${row}`
}

function nameOf(one: DrawnRow): string {
  const { epoch, node } = one.check.due.stint
  return `${epoch} ${node} ${placeName(one)}`
}

/** One of each stint in turn, so that the slow rows of one node hold up nobody else's. */
export function* waitingRows({ mine }: Pick<Draw, 'mine'>): Generator<DrawnRow> {
  let waiting = [...mine.values()].map(waitingIn)
  while (waiting.length > 0) {
    const more: typeof waiting = []
    for (const rows of waiting) {
      const next = rows.next()
      if (next.done === true) continue
      yield next.value
      more.push(rows)
    }
    waiting = more
  }
}

function* waitingIn(check: StintCheck): Generator<DrawnRow, void> {
  for (const [at, rows] of check.drawn.entries()) {
    for (const row of rows) {
      const one = { check, at, row }
      if (check.held[at]?.has(row) === true && !check.verdicts.has(placeName(one))) yield one
    }
  }
}

/** Every row is here, and every drawn one is checked. */
function isChecked({ mine }: Draw): boolean {
  return [...mine.values()].every(({ batches, held, drawn, verdicts }) => {
    const isHere = batches.every(({ rowCount }, at) => held[at]?.size === rowCount)
    return isHere && drawn.reduce((sum, rows) => sum + rows.size, 0) === verdicts.size
  })
}

interface StintFound {
  readonly report: StintReport
  readonly evidence: readonly Evidence[]
}

/** Of each node the first stint with a wrong row: one row fails the node, and nobody is asked about a second one. */
function oncePerNode(found: readonly StintFound[]): readonly StintFound[] {
  const shown = new Set<number>()
  return found.filter(({ report: { node }, evidence }) => {
    const isFirst = evidence.length > 0 && !shown.has(node)
    if (isFirst) shown.add(node)
    return isFirst
  })
}

interface Finding {
  readonly check: StintCheck
  readonly checkingOf: (job: number) => Checking
  readonly openings: OpeningStore
  readonly measured: MeasuredLinks
}

/** T as far as every drawn row was answered and is right; evidence of the first that is wrong. */
async function findingsOf({ check, checkingOf, openings, measured }: Finding): Promise<StintFound> {
  const { due, nodeKey, batches, drawn, verdicts } = check
  const { epoch, node } = due.stint
  const traces: Uint8Array[] = []
  const delivered: Uint8Array[] = []
  const answers: Answer[] = []
  const scores = await measured.scoresOf(epoch, node)
  const report = { epoch, node, traces, delivered, answers, scores: scores.slice(0, STINT_SCORES) }
  for (const [at, batch] of batches.entries()) {
    const view = new RowsView(batch.rows)
    const opened: { readonly row: number; readonly opening: Opening }[] = []
    for (const row of [...(check.held[at] ?? [])].sort((a, b) => a - b)) {
      const opening = await openings.find({ epoch, nodeKey }, view.commit(row))
      if (opening !== undefined) opened.push({ row, opening })
    }
    const rows = [...(drawn[at] ?? [])].sort((a, b) => a - b)
    const verdictsOf = rows.map((row) => ({ row, verdict: verdicts.get(placeName({ check, at, row })) }))
    const wrong = verdictsOf.find(({ verdict }) => verdict?.passed === false)
    const shown = opened.find(({ row }) => row === wrong?.row)?.opening
    if (wrong !== undefined && shown !== undefined) {
      const { salt, output } = shown
      const evidence = {
        what: 'row',
        first: batch.signed,
        second: new Uint8Array(),
        row: wrong.row,
        salt,
        output,
      } as const
      return { report, evidence: [evidence] }
    }
    const found = verdictsOf.flatMap(({ verdict }) => verdict ?? [])
    if (found.length < rows.length) break
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
        traces: found.map(({ trace }) => trace),
      }),
    )
    delivered.push(bitmap)
    for (const { row, opening } of opened) {
      const { salt, output } = opening
      if (checkingOf(view.job(row)) === 'across') answers.push({ seq: batch.seq, row, salt, output })
    }
  }
  return { report, evidence: [] }
}
