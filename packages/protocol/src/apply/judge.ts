// Step 6, for kinds judged across nodes: a task is judged once, when all its answers are in or time is up. Where the job has
// known answers, and all answers are in, two epochs later: its keeper has to know first for which tasks they may be shown.
import type { Facts } from '../facts.ts'
import type { KnownInput } from '../inputs.ts'
import { MEMORY_BYTES, OUTPUT_BYTES, SCORE_ONE } from '../limits.ts'
import { NEVER, type State, type TaskRecord, type WaitingAnswer } from '../state/state.ts'
import type { JudgedTask, Work } from '../work.ts'
import { at, type Draft, type JobDraft, type Mutable } from './draft.ts'
import type { Entries } from './entries.ts'
import { lastEpochOf } from './leases.ts'
import { dropIfOver } from './tasks.ts'

/** A workforce is fixed so many epochs before its deal: until then a judged task may be dealt once more. */
const DEAL_LAG = 3
/** Times judgeEpochs: whoever is dealt what others never did, and says nothing either, holds nobody up for ever. */
const MOST_WAITS = 3
/**
 * A task with nothing out at the end of e is judged in e + 2, where the job has known answers. The seal of e + 1 waits until e
 * is final, and e + 2 ends later than that: whatever stalls, its keeper can open it in time.
 */
export const KNOWN_LAG = 2

export interface JudgeContext {
  readonly facts: Facts
  readonly work: Work
  readonly known: readonly KnownInput[]
  readonly entries: Entries
}

export function judgeTasks(draft: Draft, context: JudgeContext): void {
  for (const job of draft.jobs) {
    // Answers that wait are judged even if the parameters know their kind no more: their job could never be done.
    if (job.tasks.size === 0) continue
    const ready = readyOf(draft, job, context)
    if (ready.length > 0) judgeJob(draft, job, { ...context, ready: ready.sort((a, b) => a.task - b.task) })
    for (const record of job.tasks.values()) dropIfOver(draft, job, record)
  }
}

function readyOf(draft: Draft, job: JobDraft, context: JudgeContext): Mutable<TaskRecord>[] {
  const waiting = [...job.tasks.values()].filter(({ answers }) => answers.length > 0)
  if (waiting.length === 0) return []
  const { facts, work } = context
  const isReady = readyIn(draft, job, facts)
  if (!work.hasKnown(job.job)) return waiting.filter(isReady)
  const again = dealtAgain(draft, job)
  for (const record of waiting)
    if (record.keptUntil === NEVER && isWhole(record) && !again.has(record.task))
      record.keptUntil = draft.epoch
  const isDue = dueIn(draft.epoch)
  return waiting.filter((record) => (isMarked(record) ? isDue(record) : isReady(record)))
}

/** Nothing of it is out, and nothing will be. */
function isWhole({ out, missing, result }: TaskRecord): boolean {
  return out <= 0 && missing === 0 && result === undefined
}

/** It waits for its keeper: nobody can be dealt it any more, so that its answer may be shown. */
function isMarked({ keptUntil, result }: TaskRecord): boolean {
  return keptUntil !== NEVER && result === undefined
}

/** What the workforces that are fixed may hand out once more. */
function dealtAgain({ workforces }: Draft, { job }: JobDraft): ReadonlySet<number> {
  const windows = workforces.flatMap(({ windows: all }) => all.filter((one) => one.job === job.index))
  return new Set(windows.flatMap(({ returned }) => returned.map(({ task }) => task)))
}

/** Its mark is two epochs old. */
function dueIn(epoch: number): (record: TaskRecord) => boolean {
  return ({ keptUntil }) => keptUntil !== NEVER && keptUntil + KNOWN_LAG <= epoch
}

/**
 * What an epoch judges of a job with known answers, but for late answers to what has a result; ascending. The states of
 * the two epochs before it say the same.
 */
export function finishedTasks(state: State, job: number, epoch: number): readonly number[] {
  const waiting = (state.jobs[job]?.tasks ?? []).filter(
    ({ answers, result }) => answers.length > 0 && result === undefined,
  )
  // In the older of these states, those that the epoch between judges wait as well.
  return waiting.filter(({ keptUntil }) => keptUntil + KNOWN_LAG === epoch).map(({ task }) => task)
}

function readyIn(draft: Draft, { job }: JobDraft, { params }: Facts): (record: TaskRecord) => boolean {
  const { judgeEpochs } = params
  return ({ result, out, missing, lastDealt, answers }) => {
    if (result !== undefined || (out <= 0 && missing === 0)) return true
    const oldest = answers.reduce((least, { epoch }) => Math.min(least, epoch), draft.epoch)
    return (
      draft.epoch >= lastEpochOf(draft, lastDealt, job.index) + judgeEpochs ||
      draft.epoch >= lastEpochOf(draft, oldest, job.index) + MOST_WAITS * judgeEpochs
    )
  }
}

interface ReadyTasks extends JudgeContext {
  readonly ready: readonly Mutable<TaskRecord>[]
}

function judgeJob(draft: Draft, job: JobDraft, { work, known, entries, ready }: ReadyTasks): void {
  const opened = openedFor(ready, knownAnswers(known, job.job.index))
  const tasks = ready.map((record) =>
    judged(draft, record, isMarked(record) ? opened.get(record.task) : undefined),
  )
  const judgement = work.judge({ job: job.job, memory: job.memory, tasks })
  job.memory = judgement.memory.length <= MEMORY_BYTES ? judgement.memory : new Uint8Array()
  const scored: { readonly answer: WaitingAnswer; readonly score: bigint }[] = []
  for (const [i, record] of ready.entries()) {
    const { result = new Uint8Array(), scores = [] } = judgement.tasks[i] ?? {}
    for (const [k, answer] of ordered(record.answers).entries()) {
      scored.push({ answer, score: BigInt(clampScore(scores[k] ?? 0)) })
    }
    job.inFlight -= record.answers.length
    closeTask(draft, record, result.length <= OUTPUT_BYTES ? result : new Uint8Array())
  }
  scored.sort((a, b) => byPlace(a.answer, b.answer))
  for (const { answer, score } of scored) {
    entries.addRow(entries.entry(job.job.index, answer.node, answer.epoch), answer.units, score)
  }
}

function knownAnswers(known: readonly KnownInput[], job: number): ReadonlyMap<number, Uint8Array> {
  const opened = new Map<number, Uint8Array>()
  for (const { known: message } of known) {
    if (message.job !== job) continue
    for (const { task, answer } of message.answers) opened.set(task, answer)
  }
  return opened
}

const NONE: ReadonlyMap<number, Uint8Array> = new Map()

/** All or none: a keeper that shows some of them alone could choose whom they help. */
function openedFor(
  ready: readonly TaskRecord[],
  opened: ReadonlyMap<number, Uint8Array>,
): ReadonlyMap<number, Uint8Array> {
  return ready.filter(isMarked).every(({ task }) => opened.has(task)) ? opened : NONE
}

function judged(draft: Draft, record: TaskRecord, known: Uint8Array | undefined): JudgedTask {
  const answers = ordered(record.answers).map(({ node, epoch, trial, units, output }) => {
    return { node, owner: at(draft.nodes, node).owner, epoch, trial, units, output }
  })
  return { task: record.task, known, result: record.result, answers }
}

function ordered(answers: readonly WaitingAnswer[]): readonly WaitingAnswer[] {
  return [...answers].sort(byPlace)
}

function byPlace(a: WaitingAnswer, b: WaitingAnswer): number {
  return a.epoch - b.epoch || a.node - b.node || a.seq - b.seq || a.row - b.row
}

/** Whatever a kind says: this must not stop the network. */
function clampScore(score: number): number {
  return Number.isFinite(score) ? Math.min(Math.max(Math.floor(score), 0), SCORE_ONE) : 0
}

/** The result stays for replicas that are still out; what was to be dealt again is not needed any more. */
function closeTask(draft: Draft, record: Mutable<TaskRecord>, result: Uint8Array): void {
  record.answers = []
  record.result ??= result
  if (record.missing > 0) record.keptUntil = draft.epoch + DEAL_LAG
  record.missing = 0
}
