// Step 6, first half: the rows of paid stints become entries to pay, answers to judge, or nothing.
import { TASK_ANSWERS } from '../limits.ts'
import type { Answer } from '../messages.ts'
import type { Finding } from '../state/state.ts'
import { StintAnswers } from './answers.ts'
import type { Rules } from './chain-facts.ts'
import { at, type Draft, type JobDraft } from './draft.ts'
import { Entries } from './entries.ts'
import type { PaidStint } from './outcomes.ts'
import type { UndecidedStint } from './stints.ts'
import {
  type EndedReplica,
  endReplica,
  isAdmitted,
  isDealt,
  isInTrial,
  returnReplica,
  taskRecord,
} from './tasks.ts'

export function settleRows(draft: Draft, paid: readonly PaidStint[], rules: Rules): Entries {
  const entries = new Entries()
  for (const one of paid) settleStint({ draft, rules, entries }, one)
  return entries
}

interface Context {
  readonly draft: Draft
  readonly rules: Rules
  readonly entries: Entries
}

function settleStint(context: Context, paid: PaidStint): void {
  const { draft, rules, entries } = context
  const { stint, agreed } = paid
  const { table } = stint
  const bitmaps = agreed[0]?.delivered ?? []
  const { owner } = at(draft.nodes, stint.node)
  let answers: StintAnswers | undefined
  const sum = { job: -1, units: 0, rows: 0, maxUnits: 0 }
  const flush = (): void => {
    if (sum.rows > 0) entries.addExact(entries.entry(sum.job, stint.node, stint.epoch), sum)
    sum.units = sum.rows = sum.maxUnits = 0
  }
  for (let i = stint.start; i < stint.end; i++) {
    if (!isAdmitted(table, i)) continue
    const index = table.jobs[i] ?? 0
    const task = table.tasks[i] ?? 0
    const units = table.units[i] ?? 0
    const job = at(draft.jobs, index)
    const checking = rules.get(job.job.kind)?.checking
    const trial = isInTrial(table, i)
    if (!isDelivered(bitmaps, table.seqs[i] ?? 0, table.rows[i] ?? 0)) {
      unpaid(draft, { job, task, owner, trial })
    } else if (checking === 'exact') {
      if (index !== sum.job) {
        flush()
        sum.job = index
      }
      sum.units += units
      sum.rows += 1
      sum.maxUnits = Math.max(sum.maxUnits, units)
      decided(draft, job, task)
    } else if (checking === 'measured') {
      const score = lowerMedian(scoresFor(agreed, index))
      entries.addRow(entries.entry(index, stint.node, stint.epoch), units, BigInt(score))
      decided(draft, job, task)
    } else if (checking === undefined) {
      // The kind is no longer one of this network's.
      unpaid(draft, { job, task, owner, trial })
    } else {
      answers ??= new StintAnswers(stint, at(draft.nodes, stint.node).nodeKey, paid.answers)
      const waits = keepAnswer(draft, { stint, i, answer: answers.of(i) })
      if (!waits) unpaid(draft, { job, task, owner, trial })
    }
  }
  flush()
}

function isDelivered(bitmaps: Finding['delivered'], seq: number, row: number): boolean {
  return (((bitmaps[seq]?.[row >> 3] ?? 0) >> (row & 7)) & 1) === 1
}

function decided(draft: Draft, job: JobDraft, task: number): void {
  job.inFlight -= 1
  // Of several replicas the first to be decided begins the task's story: the others have to be known by it.
  if (job.job.replicas > 1 && isDealt(job)) taskRecord(draft, job, task)
  if (job.tasks.size > 0) endReplica(draft, job, task)
}

/** Not delivered, and not drawn either: the stint is good, and this row is worth nothing. */
function unpaid(draft: Draft, row: Omit<EndedReplica, 'delivered'>): void {
  row.job.inFlight -= 1
  if (isDealt(row.job)) returnReplica(draft, { ...row, delivered: true })
}

function scoresFor(agreed: readonly Finding[], job: number): number[] {
  return agreed.flatMap(({ scores }) => scores.filter((one) => one.job === job).map(({ score }) => score))
}

export function lowerMedian(scores: readonly number[]): number {
  const ordered = [...scores].sort((a, b) => a - b)
  return ordered[Math.floor((ordered.length - 1) / 2)] ?? 0
}

interface AnsweredRow {
  readonly stint: UndecidedStint
  /** Place in the stint's table. */
  readonly i: number
  readonly answer: Answer | undefined
}

/** Puts the output that the row's commit names with its task. False if nobody reported it. */
function keepAnswer(draft: Draft, { stint, i, answer }: AnsweredRow): boolean {
  if (answer === undefined) return false
  const { table, node, epoch } = stint
  const job = at(draft.jobs, table.jobs[i] ?? 0)
  const record = taskRecord(draft, job, table.tasks[i] ?? 0)
  if (record.answers.length >= TASK_ANSWERS) return false
  const { seq, row, output } = answer
  const waiting = { node, epoch, seq, row, trial: isInTrial(table, i), units: table.units[i] ?? 0, output }
  if (isDealt(job)) record.out -= 1
  record.answers = [...record.answers, waiting]
  return true
}
