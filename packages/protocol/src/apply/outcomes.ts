// Step 5: what becomes of each undecided stint: paid, carried or failed.
import { equalBytes } from '../bytes.ts'
import type { Facts } from '../facts.ts'
import type { Answer, StintReport } from '../messages.ts'
import { type CarriedStint, type Finding, ROW_DRAWN, type RowTable, type Stint } from '../state/state.ts'
import { hasRow, isBitmap } from '../trace.ts'
import { placeOf, StintAnswers } from './answers.ts'
import { forfeit } from './bond.ts'
import type { Due } from './checks.ts'
import { commitsOf } from './commits.ts'
import type { Credits } from './credits.ts'
import { at, type Draft } from './draft.ts'
import type { Reports } from './reports.ts'
import type { UndecidedStint } from './stints.ts'
import { isAdmitted, isDealt, isInTrial, returnReplica, taskRecord } from './tasks.ts'

export interface PaidStint {
  readonly stint: UndecidedStint
  /** The findings that agreed: their delivered bits are the same. */
  readonly agreed: readonly Finding[]
  /** From all who reported on it: commits tell the right ones. */
  readonly answers: readonly Answer[]
}

export interface OutcomeInput {
  readonly facts: Facts
  readonly reports: Reports
  readonly due: readonly Due[]
  /** Nodes shown to have cheated in this epoch's inputs. */
  readonly failed: ReadonlySet<number>
  readonly credits: Credits
}

export function decideStints(draft: Draft, input: OutcomeInput): PaidStint[] {
  const { facts, reports, due, credits } = input
  const weights = new Map(facts.snapshot.map(({ id, weight }) => [id, weight]))
  const failed = new Set(input.failed)
  const paid: PaidStint[] = []
  const carried: CarriedStint[] = []
  for (const one of due) {
    const { stint } = one
    if (failed.has(stint.node)) {
      endFailed(draft, stint)
      continue
    }
    const heard = hear(one, reports)
    const weigh = one.rule === 'stake' ? (verifier: number) => weights.get(verifier) ?? 0 : () => 1
    const agreed = largestAgreement(heard.findings, weigh)
    if (suffices(one, agreed, weights)) {
      paid.push({ stint, agreed, answers: heard.answers })
    } else if (one.rule === 'stake') {
      // Silent to the last: as if caught, but nobody earns a bounty by it.
      failed.add(stint.node)
      credits.commons += forfeit(draft, at(draft.nodes, stint.node), facts.params)
      endFailed(draft, stint)
    } else {
      carried.push(keep(draft, one, heard))
    }
  }
  draft.carried = carried
  return paid
}

const NO_BITS: Uint8Array = new Uint8Array()

interface Heard {
  readonly findings: readonly Finding[]
  readonly answers: readonly Answer[]
}

/** The latest report of each checker counts, a silent one too. */
function hear({ stint, checkers, findings, answers }: Due, reports: Reports): Heard {
  const latest = [...findings]
  let opened = answers
  for (const verifier of checkers) {
    const report = reports.find(verifier, stint.epoch, stint.node)
    if (report === undefined) continue
    const finding = findingOf(verifier, report, stint)
    const before = findings.length === 0 ? -1 : latest.findIndex((one) => one.verifier === verifier)
    if (before >= 0) latest.splice(before, 1)
    if (finding !== undefined) insert(latest, finding)
    if (report.answers.length > 0) opened = [...opened, ...newAnswers(opened, report.answers)]
  }
  return { findings: latest, answers: opened }
}

/** Ascending by verifier. */
function insert(findings: Finding[], finding: Finding): void {
  let at = findings.length
  for (; at > 0; at--) {
    const before = findings[at - 1]
    if (before === undefined || before.verifier < finding.verifier) break
    findings[at] = before
  }
  findings[at] = finding
}

/** T at the admitted head, or nothing from a checker that did not get so far. */
function findingOf(verifier: number, report: StintReport, stint: Stint): Finding | undefined {
  const { batches } = stint
  const trace = report.traces[batches.length - 1]
  const { length } = batches
  const delivered = report.delivered.length === length ? report.delivered : report.delivered.slice(0, length)
  const fits = batches.every(({ rowCount }, i) => isBitmap(delivered[i] ?? NO_BITS, rowCount))
  if (trace === undefined || !fits || !hasDrawnRows(stint, delivered)) return undefined
  return { verifier, trace, delivered, scores: report.scores }
}

/** Without one of the drawn rows there is no T. */
function hasDrawnRows({ table, start, end }: Stint, delivered: readonly Uint8Array[]): boolean {
  for (let i = start; i < end; i++) {
    if (((table.flags[i] ?? 0) & ROW_DRAWN) === 0) continue
    if (!hasRow(delivered[table.seqs[i] ?? 0] ?? NO_BITS, table.rows[i] ?? 0)) return false
  }
  return true
}

/** One copy of each is enough, unless two differ. */
function newAnswers(known: readonly Answer[], more: readonly Answer[]): readonly Answer[] {
  if (known.length === 0) return more
  const same = (a: Answer, b: Answer): boolean =>
    a.seq === b.seq && a.row === b.row && equalBytes(a.salt, b.salt) && equalBytes(a.output, b.output)
  const byPlace = Map.groupBy(known, placeOf)
  return more.filter((answer) => !byPlace.get(placeOf(answer))?.some((other) => same(other, answer)))
}

function sameFinding(a: Finding, b: Finding): boolean {
  if (!equalBytes(a.trace, b.trace)) return false
  for (let i = 0; i < a.delivered.length; i++) {
    if (!equalBytes(a.delivered[i] ?? NO_BITS, b.delivered[i] ?? NO_BITS)) return false
  }
  return true
}

function largestAgreement(
  findings: readonly Finding[],
  weigh: (verifier: number) => number,
): readonly Finding[] {
  const [first] = findings
  // Nearly always all found the same.
  if (first === undefined || findings.every((finding) => sameFinding(first, finding))) return findings
  const groups: Finding[][] = []
  for (const finding of findings) {
    const group = groups.find(([one]) => one !== undefined && sameFinding(one, finding))
    if (group === undefined) groups.push([finding])
    else group.push(finding)
  }
  const sum = (group: readonly Finding[]): number =>
    group.reduce((all, { verifier }) => all + weigh(verifier), 0)
  return groups.sort((a, b) => sum(b) - sum(a))[0] ?? []
}

function suffices(
  { rule, checkers }: Due,
  agreed: readonly Finding[],
  weights: ReadonlyMap<number, number>,
): boolean {
  if (agreed.length === 0) return false
  switch (rule) {
    case 'half':
      return 2 * agreed.length > checkers.length
    case 'all':
      return agreed.length === checkers.length
    case 'two thirds':
      return 3 * agreed.length > 2 * checkers.length
    case 'stake': {
      let total = 0
      for (const weight of weights.values()) total += weight
      const agreeing = agreed.reduce((sum, { verifier }) => sum + (weights.get(verifier) ?? 0), 0)
      return 2 * agreeing > total
    }
  }
}

/** None of its rows is charged; its tasks go to others. */
function endFailed(draft: Draft, stint: Stint): void {
  const { table } = stint
  const { owner } = at(draft.nodes, stint.node)
  for (let i = stint.start; i < stint.end; i++) {
    if (!isAdmitted(table, i)) continue
    const job = at(draft.jobs, table.jobs[i] ?? 0)
    job.inFlight -= 1
    const trial = isInTrial(table, i)
    if (isDealt(job)) returnReplica(draft, { job, task: table.tasks[i] ?? 0, owner, delivered: true, trial })
  }
}

/** What the state keeps of a stint that is undecided: of what was reported, only what is right, or it had no end. */
function keep(draft: Draft, { stint, checkers }: Due, { findings, answers }: Heard): CarriedStint {
  const { nodeKey } = at(draft.nodes, stint.node)
  const right = new StintAnswers(stint, nodeKey, answers).right()
  return { ...keepRows(draft, stint), checkers, findings, answers: right }
}

type KeptRows = Pick<CarriedStint, keyof Stint | 'commits'>

function keepRows(draft: Draft, stint: UndecidedStint): KeptRows {
  if ('commits' in stint) return stint
  for (let i = stint.start; i < stint.end; i++) {
    if (!isAdmitted(stint.table, i)) continue
    const job = at(draft.jobs, stint.table.jobs[i] ?? 0)
    // The deal may be forgotten before the stint is decided, and with it who has the other replicas.
    if (job.job.replicas > 1 && isDealt(job)) taskRecord(draft, job, stint.table.tasks[i] ?? 0)
  }
  const { start, end } = stint
  const batches = stint.batches.map(({ hash, rowCount }) => ({ hash, rowCount }))
  const table = ownRows(stint)
  return { ...stint, batches, table, commits: commitsOf(stint), start: 0, end: end - start }
}

/** A copy of the stint's own rows: the epoch's table is not kept for a few of them. */
function ownRows({ table, start, end }: Stint): RowTable {
  return {
    length: end - start,
    seqs: table.seqs.slice(start, end),
    rows: table.rows.slice(start, end),
    jobs: table.jobs.slice(start, end),
    tasks: table.tasks.slice(start, end),
    units: table.units.slice(start, end),
    flags: table.flags.slice(start, end),
  }
}
