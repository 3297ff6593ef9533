// What a kind of work is: the five questions that its folder answers. Nothing outside of the folder knows its name.
import type { Allocation, JudgeInput, Judgement } from '@piecework/protocol'
import { z } from 'zod'
import { WorkError } from './errors.ts'
import type { GuardedFetch } from './fetch/fetch.ts'
import type { Measuring } from './measuring/probe.ts'
import { type Answers, answersOf } from './people/answers.ts'
import type { Question } from './people/question.ts'
import type { Sandbox } from './sandbox/sandbox.ts'

/** Content by its SHA-256. Throws when it cannot be had, and gives nothing else than what was asked for. */
export interface Content {
  get(hash: Uint8Array): Promise<Uint8Array>
}

/** Content that is there already, by its SHA-256. Throws 'spec/missing' for what was not fetched before. */
export interface HeldBytes {
  readonly bytes: (hash: Uint8Array) => Uint8Array
}

export interface WorkContext {
  readonly sandbox: Sandbox
  readonly content: Content
  /** Who answers what programs cannot; only where work is done. */
  readonly answers?: Answers
  /** The web, as far as the contributor agreed to it; only where work is done. */
  readonly fetch?: GuardedFetch
}

/** `seed` is fixed after the receipt, so that nobody knows beforehand what a check will look at. */
export interface CheckContext extends WorkContext {
  readonly seed: Uint8Array
  /** Links to nodes; only where measured kinds are checked. */
  readonly measuring?: Measuring
}

/** What a contributor claims for a row. */
export interface Claimed {
  readonly units: number
  readonly output: Uint8Array
}

export interface Verdict {
  readonly passed: boolean
  /** 32 bytes that only checking gives; the same for every checker with the same seed. */
  readonly trace: Uint8Array
  /** For people: why it failed. */
  readonly why: string
}

/** What the work touches on the contributor's machine beside the sandbox; shown and agreed to before it starts. */
export interface Permissions {
  readonly hosts: readonly string[]
  readonly files: readonly string[]
  readonly devices: readonly string[]
}

export const NO_PERMISSIONS: Permissions = { hosts: [], files: [], devices: [] }

export interface KindLimits {
  readonly specBytes: number
  readonly outputBytes: number
  readonly memoryBytes: number
  readonly wallMs: number
}

interface KindFacts {
  /** Its folder and its name in specs. */
  readonly name: string
  /** Its number on the chain. */
  readonly id: number
  readonly version: number
  readonly allocation: Allocation
  readonly delivery: 'all' | 'sampled'
  /** Share of rows drawn, in parts per million: what a new network begins with. */
  readonly rate: number
  readonly limits: KindLimits
}

interface Described<Spec, Task> extends KindFacts {
  readonly spec: z.ZodType<Spec>
  /** One sentence for people. */
  readonly describe: (spec: Spec) => string
  readonly permissions: (spec: Spec) => Permissions
  /** Hashes of all content that its tasks need. */
  readonly needs: (spec: Spec) => readonly Uint8Array[]
  readonly task: (spec: Spec, index: number) => Task
  readonly units: (spec: Spec, output: Uint8Array) => number
  /** What an output says, as a value of JSON. Total: outputs come from anybody. */
  readonly result: (spec: Spec, output: Uint8Array) => unknown
}

interface Performed<Task> {
  readonly perform: (task: Task, context: WorkContext) => Promise<Uint8Array>
}

/** What people do: a workbench shows the question, and what they fill in becomes the output. */
interface ByPeople<Task> {
  readonly present: (task: Task, content: Content) => Promise<Question>
  /** Throws 'answer/invalid' with what to change. */
  readonly accept: (task: Task, answer: unknown, content: Content) => Promise<Uint8Array>
}

type Done<Task> = Performed<Task> | ByPeople<Task>

export interface ExactKind<Spec, Task> extends Described<Spec, Task>, Performed<Task> {
  readonly checking: 'exact'
  /** Whether the output is right; units are compared for it. Throws only when this machine cannot tell. */
  readonly check: (task: Task, output: Uint8Array, context: CheckContext) => Promise<Verdict>
}

/** What is to be judged, and what of the job's content it takes to judge it. */
export interface AcrossInput extends Omit<JudgeInput, 'job'> {
  readonly held: HeldBytes
}

export type AcrossKind<Spec, Task> = Described<Spec, Task> &
  Done<Task> & {
    readonly checking: 'across'
    readonly aggregate: (spec: Spec, input: AcrossInput) => Judgement
    /** How likely it is that a result of `aggregate` is right, in millionths; left out: this kind estimates it nowhere. */
    readonly confidence?: (result: Uint8Array) => number | undefined
    /** Hashes of what `aggregate` reads from `held`; left out: nothing. */
    readonly judgesWith?: (spec: Spec) => readonly Uint8Array[]
    /** The part of its memory that says how good each account is (`Skills`), for other jobs to ask for; left out: it says nothing. */
    readonly skills?: (spec: Spec, memory: Uint8Array) => Uint8Array
  }

/** What measuring costs: how often in an epoch each checker does it, and the bytes of one time, in each direction. */
export interface MeasuringPlan {
  readonly moments: number
  readonly bytes: number
}

export interface MeasuredKind<Spec, Task> extends Described<Spec, Task> {
  readonly checking: 'measured'
  /** Of the job that costs most. */
  readonly most: MeasuringPlan
  readonly plan: (spec: Spec) => MeasuringPlan
  /** One measurement, in millionths; when, and how often, is the checker's to draw. */
  readonly measure: (task: Task, nodeKey: Uint8Array, context: CheckContext) => Promise<number>
}

/** What the author of a kind writes. */
export type KindDefinition<Spec, Task> =
  | ExactKind<Spec, Task>
  | AcrossKind<Spec, Task>
  | MeasuredKind<Spec, Task>

/** A job of some kind with its spec read: what everybody else uses. Undefined is what its kind has no need of. */
export interface OpenJob {
  readonly describe: () => string
  readonly permissions: () => Permissions
  readonly needs: () => readonly Uint8Array[]
  readonly units: (output: Uint8Array) => number
  readonly result: (output: Uint8Array) => unknown
  readonly perform: ((index: number, context: WorkContext) => Promise<Uint8Array>) | undefined
  readonly check: ((index: number, claimed: Claimed, context: CheckContext) => Promise<Verdict>) | undefined
  readonly aggregate: ((input: AcrossInput) => Judgement) | undefined
  /** In millionths; undefined where nobody estimated it. */
  readonly confidence: (result: Uint8Array) => number | undefined
  /** Hashes of what has to be held before it is judged. */
  readonly judgesWith: () => readonly Uint8Array[]
  /** Of what it remembers, the skills that other jobs can ask for. */
  readonly skills: (memory: Uint8Array) => Uint8Array
  /** What is asked of people, and the output that an answer of theirs stands for. */
  readonly present: ((index: number, content: Content) => Promise<Question>) | undefined
  readonly accept: ((index: number, answer: unknown, content: Content) => Promise<Uint8Array>) | undefined
  readonly measure:
    | ((index: number, nodeKey: Uint8Array, context: CheckContext) => Promise<number>)
    | undefined
  readonly plan: (() => MeasuringPlan) | undefined
}

export interface Kind extends KindFacts {
  readonly checking: 'exact' | 'across' | 'measured'
  /** Its jobs remember who is good at them, so that others can ask for it. */
  readonly knowsSkill: boolean
  /** Of measured kinds: what the job that costs most takes of a link, for each checker. */
  readonly most: MeasuringPlan | undefined
  /** Throws what a requester has to change in its spec. */
  readonly open: (spec: unknown) => OpenJob
}

export function defineKind<Spec, Task>(definition: KindDefinition<Spec, Task>): Kind {
  const { name, id, version, checking, allocation, delivery, rate, limits } = definition
  const open = (spec: unknown): OpenJob => openJob(definition, readSpec(definition, spec))
  const knowsSkill = definition.checking === 'across' && definition.skills !== undefined
  const most = definition.checking === 'measured' ? definition.most : undefined
  return { name, id, version, checking, allocation, delivery, rate, limits, knowsSkill, most, open }
}

function readSpec<Spec, Task>({ name, spec: schema }: KindDefinition<Spec, Task>, value: unknown): Spec {
  const read = schema.safeParse(value)
  if (read.success) return read.data
  throw new WorkError('spec/invalid', `This is no job of the kind ${name}.\n${z.prettifyError(read.error)}`, {
    kind: name,
    issues: read.error.issues,
  })
}

function openJob<Spec, Task>(kind: KindDefinition<Spec, Task>, spec: Spec): OpenJob {
  const task = (index: number): Task => kind.task(spec, index)
  return {
    describe: () => kind.describe(spec),
    permissions: () => kind.permissions(spec),
    needs: () => kind.needs(spec),
    units: (output) => kind.units(spec, output),
    result: (output) => kind.result(spec, output),
    ...done(kind, task),
    check:
      kind.checking === 'exact'
        ? async (index, claimed, context) =>
            withUnits(
              kind.units(spec, claimed.output),
              claimed,
              await kind.check(task(index), claimed.output, context),
            )
        : undefined,
    aggregate: kind.checking === 'across' ? (input) => kind.aggregate(spec, input) : undefined,
    confidence: (result) => (kind.checking === 'across' ? kind.confidence?.(result) : undefined),
    judgesWith: () => (kind.checking === 'across' ? (kind.judgesWith?.(spec) ?? []) : []),
    skills: (memory) =>
      (kind.checking === 'across' ? kind.skills?.(spec, memory) : undefined) ?? new Uint8Array(),
    measure:
      kind.checking === 'measured'
        ? async (index, nodeKey, context) => kind.measure(task(index), nodeKey, context)
        : undefined,
    plan: kind.checking === 'measured' ? () => kind.plan(spec) : undefined,
  }
}

/** An output that is right, but was claimed to be worth something else, is a fake like any other. */
function withUnits(units: number, claimed: Claimed, verdict: Verdict): Verdict {
  if (!verdict.passed || units === claimed.units) return verdict
  return { ...verdict, passed: false, why: `it is worth ${units} units, and ${claimed.units} were claimed` }
}

/** Whoever works calls perform; what people do is performed by asking for an answer. */
function done<Spec, Task>(
  kind: KindDefinition<Spec, Task>,
  task: (index: number) => Task,
): Pick<OpenJob, 'perform' | 'present' | 'accept'> {
  if (kind.checking === 'measured') return { perform: undefined, present: undefined, accept: undefined }
  if ('perform' in kind)
    return {
      perform: async (index, context) => kind.perform(task(index), context),
      present: undefined,
      accept: undefined,
    }
  const { present, accept } = kind
  return {
    perform: async (index, { answers, content }) =>
      answersOf(answers).ask({
        question: await present(task(index), content),
        accept: (answer) => accept(task(index), answer, content),
      }),
    present: async (index, content) => present(task(index), content),
    accept: async (index, answer, content) => accept(task(index), answer, content),
  }
}
