// The one port through which kinds of work decide. Protocol knows no kind; whoever calls applyEpoch gives it these.

import type { Job } from './facts.ts'
import type { Evidence, Row } from './messages.ts'
import type { SkillAsked } from './skills.ts'

/** What a job may ask of a node before it is dealt to it. */
export interface Candidate {
  readonly index: number
  readonly nodeKey: Uint8Array
  readonly wallet: Uint8Array
  readonly attributes: readonly { readonly name: string; readonly value: string }[]
  /** It had the skills that this job asks for when the workforce was fixed. */
  readonly skilled: boolean
}

/** One answer to a task of a kind judged across nodes. */
export interface JudgedAnswer {
  readonly node: number
  /** The same for all nodes of one wallet. */
  readonly owner: number
  readonly epoch: number
  /** In trial an answer carries no weight. */
  readonly trial: boolean
  readonly units: number
  readonly output: Uint8Array
}

export interface JudgedTask {
  readonly task: number
  /** Opened by the keeper, if all that had to be opened was: salt and output. */
  readonly known: Uint8Array | undefined
  /** What an earlier judgement found: later replicas are scored against it. */
  readonly result: Uint8Array | undefined
  readonly answers: readonly JudgedAnswer[]
}

export interface JudgeInput {
  readonly job: Job
  /** What the kind remembers of this job (skills, say), empty at first. */
  readonly memory: Uint8Array
  /** Ascending by task, answers by (epoch, node). */
  readonly tasks: readonly JudgedTask[]
}

export interface Judgement {
  /** One for each task: its result, and a score in millionths (0 .. 1,000,000) for each answer. */
  readonly tasks: readonly { readonly result: Uint8Array; readonly scores: readonly number[] }[]
  readonly memory: Uint8Array
}

/**
 * Answers of nodes and specs of requesters can hold anything: none of these functions throws because of what is in
 * them. They throw when this machine can't tell (a spec that is not here yet), and then it doesn't vote.
 */
export interface Work {
  /** A test of who may do the job (its allow list, its `requires`), or undefined for everybody. */
  readonly eligible: (job: Job) => ((node: Candidate) => boolean) | undefined
  /** The skills in other jobs that a job asks for, each of another job; none for most. */
  readonly asks: (job: Job) => readonly SkillAsked[]
  /** What is remembered of a job as skills (skills.ts), each owner once; empty for kinds that remember none. */
  readonly skills: (of: Pick<JudgeInput, 'job' | 'memory'>) => Uint8Array
  /** True when the opening shows that the row is wrong. Asked only for rows of exact kinds whose commit it opens. */
  readonly contradicts: (job: Job, row: Row, evidence: Evidence) => boolean
  /** Whether its spec committed to known answers: then its tasks are judged two epochs later, so that they can be opened. */
  readonly hasKnown: (job: Job) => boolean
  readonly judge: (input: JudgeInput) => Judgement
}
