// The story of a task after it was dealt: which replicas are out, which must be dealt again, which wait to be judged.
// A task without a story has no record, so that a million ordinary ones cost nothing.

import { TASK_OWNERS } from '../limits.ts'
import { NEVER, ROW_TRIAL, ROW_UNADMITTED, type RowTable, type TaskRecord } from '../state/state.ts'
import type { JobDeal } from '../workforce.ts'
import { at, type Draft, type JobDraft, type Mutable } from './draft.ts'

/** The record of a task that was dealt, made when its story begins. */
export function taskRecord(draft: Draft, job: JobDraft, task: number): Mutable<TaskRecord> {
  const known = job.tasks.get(task)
  if (known !== undefined) return known
  const record = newRecord(draft, job, task)
  job.tasks.set(task, record)
  return record
}

function newRecord(draft: Draft, job: JobDraft, task: number): Mutable<TaskRecord> {
  const record: Mutable<TaskRecord> = {
    task,
    out: isDealt(job) ? job.job.replicas : 0,
    missing: 0,
    had: [],
    trial: false,
    lastDealt: draft.epoch,
    answers: [],
    result: undefined,
    keptUntil: NEVER,
  }
  // Kinds that anyone can re-check have one replica: nobody else has the task.
  if (job.job.replicas === 1) return record
  for (const { epoch, dealt } of draft.dealsOf.get(job.job.index) ?? []) {
    for (const i of replicasOf(dealt, task)) {
      record.had = withOwner(record.had, at(draft.nodes, dealt.nodes[i] ?? 0).owner)
      record.trial ||= dealt.trial[i] === 1
      record.lastDealt = epoch
    }
  }
  return record
}

/** Jobs of open and standing kinds are never dealt, and keep their cursor at zero. */
export function isDealt(job: JobDraft): boolean {
  return job.cursor > 0
}

/** Positions of a task's replicas in a deal, whose tasks are ascending. */
function replicasOf(dealt: JobDeal, task: number): number[] {
  let low = 0
  let high = dealt.tasks.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((dealt.tasks[middle] ?? 0) < task) low = middle + 1
    else high = middle
  }
  const positions: number[] = []
  while (dealt.tasks[low] === task) positions.push(low++)
  return positions
}

export function withOwner(had: readonly number[], owner: number): readonly number[] {
  return had.includes(owner) || had.length >= TASK_OWNERS ? had : [...had, owner].sort((a, b) => a - b)
}

/** Whether a row of this table is its node's work in trial. */
export function isInTrial({ flags }: RowTable, row: number): boolean {
  return ((flags[row] ?? 0) & ROW_TRIAL) !== 0
}

/** Whether a row of this table can be paid, and used up the right to it. */
export function isAdmitted({ flags }: RowTable, row: number): boolean {
  return ((flags[row] ?? 0) & ROW_UNADMITTED) === 0
}

export interface EndedReplica {
  readonly job: JobDraft
  readonly task: number
  readonly owner: number
  /** The owner delivered a row for it: it never gets this task again. */
  readonly delivered: boolean
  /** It was the one in trial: another may be. */
  readonly trial: boolean
}

/** A replica came to nothing: the task needs another one, unless its job is closed or it was judged meanwhile. */
export function returnReplica(draft: Draft, { job, task, owner, delivered, trial }: EndedReplica): void {
  const closed = job.closedAt !== NEVER
  if (closed && job.job.replicas === 1) {
    endReplica(draft, job, task)
    return
  }
  const record = taskRecord(draft, job, task)
  record.out -= 1
  if (trial) record.trial = false
  record.had = delivered ? withOwner(record.had, owner) : record.had.filter((other) => other !== owner)
  // A task that so many tried in vain is dealt to nobody any more.
  const hopeless = record.had.length >= TASK_OWNERS
  if (!closed && record.result === undefined && !hopeless) record.missing += 1
  dropIfOver(draft, job, record)
}

/** A replica is decided, and nothing more is needed of it. */
export function endReplica(draft: Draft, job: JobDraft, task: number): void {
  const record = job.tasks.get(task)
  if (record === undefined) return
  record.out -= 1
  dropIfOver(draft, job, record)
}

export function dropIfOver(draft: Draft, job: JobDraft, record: TaskRecord): void {
  const over = record.out <= 0 && record.missing === 0 && record.answers.length === 0
  if (over && record.keptUntil <= draft.epoch) job.tasks.delete(record.task)
}
