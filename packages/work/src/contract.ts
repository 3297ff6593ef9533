// What every kind of work must hold to, whoever wrote it: a list of cases, for any test runner.
//   for (const { name, run } of contractOf(example)) it(name, run)
import { deepEqual, equal, notDeepEqual, ok, rejects, throws } from 'node:assert/strict'
import { HASH_BYTES, type JudgedAnswer, OUTPUT_BYTES, readSkills, SCORE_ONE } from '@piecework/protocol'
import {
  type CheckContext,
  type Kind,
  Kinds,
  type OpenJob,
  readJobSpec,
  SPEC_BYTES,
  type WorkContext,
  WorkError,
  writeJobSpec,
} from './index.ts'

export interface Example {
  readonly kind: Kind
  /** The kind's own part of a spec. */
  readonly spec: unknown
  /** Specs that it must refuse, with a word that the error must say. */
  readonly badSpecs: readonly { readonly spec: unknown; readonly says: string }[]
  /** Tasks to try. */
  readonly tasks: readonly number[]
  /** A context of its own for each call, as if on another machine. */
  readonly machine: () => Promise<WorkContext>
  /** Answers to one task as people might give them, of kinds judged across nodes. */
  readonly answers?: readonly Uint8Array[]
  /** Content that judging takes. */
  readonly held?: (hash: Uint8Array) => Uint8Array
  /** What people may fill in for the first of the tasks, and what must be refused. */
  readonly inputs?: { readonly good: readonly unknown[]; readonly bad: readonly unknown[] }
}

export interface Case {
  readonly name: string
  readonly run: () => Promise<void>
}

export function contractOf(example: Example): readonly Case[] {
  const { checking } = example.kind
  return [
    ...specCases(example),
    ...(checking === 'exact' ? exactCases(example) : []),
    ...(checking === 'across' ? acrossCases(example) : []),
    ...(example.inputs === undefined ? [] : peopleCases(example, example.inputs)),
  ]
}

const seedOf = (byte: number): Uint8Array => new Uint8Array(HASH_BYTES).fill(byte)

async function checker(example: Example, seed: Uint8Array): Promise<CheckContext> {
  return { ...(await example.machine()), seed }
}

function specCases({ kind, spec, badSpecs }: Example): Case[] {
  return [
    {
      name: 'describes a job in one sentence, and names what it needs by hashes',
      run: async () => {
        const job = kind.open(spec)
        ok(/^\S.*\.$/.test(job.describe()), `"${job.describe()}" is no sentence`)
        for (const hash of job.needs()) equal(hash.length, HASH_BYTES)
        ok(kind.limits.outputBytes <= OUTPUT_BYTES && kind.limits.specBytes <= SPEC_BYTES)
      },
    },
    {
      name: 'reads the same job from the bytes of its spec',
      run: async () => {
        const bytes = writeJobSpec({ kind: kind.name, title: 'An example', work: spec })
        equal(readJobSpec(bytes, new Kinds([kind])).job.describe(), kind.open(spec).describe())
      },
    },
    ...badSpecs.map(({ spec: bad, says }) => ({
      name: `refuses a spec and says '${says}'`,
      run: async () => {
        throws(
          () => kind.open(bad),
          (error) =>
            error instanceof WorkError && error.code === 'spec/invalid' && error.message.includes(says),
        )
      },
    })),
    {
      name: 'reads any bytes as a result, and gives them some worth',
      run: async () => {
        const job = kind.open(spec)
        for (const output of [new Uint8Array(), seedOf(0), seedOf(255), new Uint8Array(5_000).fill(3)]) {
          ok(JSON.stringify(job.result(output)) !== undefined)
          ok(Number.isInteger(job.units(output)) && job.units(output) >= 0)
        }
      },
    },
  ]
}

function needed<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`its kind has no ${what}`)
  return value
}

async function performed(example: Example, job: OpenJob, task: number): Promise<Uint8Array> {
  return needed(job.perform, 'perform')(task, await example.machine())
}

function exactCases(example: Example): Case[] {
  const { kind, spec, tasks } = example
  const job = kind.open(spec)
  const check = needed(job.check, 'check')
  return [
    {
      name: 'passes honest output, with the same trace on every machine and another for another seed',
      run: async () => {
        for (const task of tasks) {
          const output = await performed(example, job, task)
          ok(output.length <= kind.limits.outputBytes)
          const claimed = { units: job.units(output), output }
          const [one, other] = [await checker(example, seedOf(7)), await checker(example, seedOf(7))]
          const verdict = await check(task, claimed, one)
          deepEqual(await check(task, claimed, other), verdict)
          deepEqual([verdict.passed, verdict.trace.length], [true, HASH_BYTES])
          const elsewhere = await check(task, claimed, await checker(example, seedOf(91)))
          notDeepEqual(elsewhere.trace, verdict.trace)
        }
      },
    },
    {
      name: 'fails an output that was changed, and honest output that claims other units',
      run: async () => {
        const [task = 0] = tasks
        const output = await performed(example, job, task)
        const context = await checker(example, seedOf(7))
        for (const changed of mutationsOf(output)) {
          const { passed, why } = await check(task, { units: job.units(changed), output: changed }, context)
          ok(!passed && why !== '')
        }
        const { passed } = await check(task, { units: job.units(output) + 1, output }, context)
        ok(!passed)
      },
    },
    {
      name: 'gives the same answer about a task that is not there, and throws when there is nothing to perform',
      run: async () => {
        const none = 2 ** 32 - 1
        const claimed = { units: 1, output: seedOf(1) }
        const verdict = await check(none, claimed, await checker(example, seedOf(7)))
        ok(!verdict.passed)
        deepEqual(await check(none, claimed, await checker(example, seedOf(7))), verdict)
      },
    },
    {
      name: 'needs its content: without it there is an error, and no verdict',
      run: async () => {
        const lost = { get: () => Promise.reject(new Error('lost')) }
        const context = { ...(await checker(example, seedOf(7))), content: lost }
        await rejects(check(tasks[0] ?? 0, { units: 1, output: seedOf(1) }, context), /lost/)
      },
    },
  ]
}

/** First, middle and last byte; cut short, made longer, empty. */
function mutationsOf(output: Uint8Array): Uint8Array[] {
  const places = new Set([0, output.length >> 1, output.length - 1])
  const flipped = [...places].map((at) => output.map((byte, i) => (i === at ? byte ^ 1 : byte)))
  return [...flipped, output.slice(0, -1), Uint8Array.from([...output, 0]), new Uint8Array()]
}

function acrossCases({ kind, spec, answers = [], held = nothingHeld }: Example): Case[] {
  const aggregate = needed(kind.open(spec).aggregate, 'aggregate')
  const judged = (owners: readonly number[]) => {
    const given = answers.map((output, i) => answerOf(output, i, owners[i] ?? i))
    const task = { task: 0, known: undefined, result: undefined, answers: given }
    return aggregate({ memory: new Uint8Array(), tasks: [task], held: { bytes: held } })
  }
  const everyone = answers.map((_, i) => i)
  const scores = (owners: readonly number[]): readonly number[] => judged(owners).tasks[0]?.scores ?? []
  return [
    {
      name: 'judges alike each time, with a score between nothing and one for every answer',
      run: async () => {
        deepEqual(judged(everyone), judged(everyone))
        equal(scores(everyone).length, answers.length)
        for (const score of scores(everyone)) ok(Number.isInteger(score) && score >= 0 && score <= SCORE_ONE)
      },
    },
    {
      name: 'gives no more in total when one owner appears as many',
      run: async () => {
        const total = (owners: readonly number[]) => scores(owners).reduce((sum, score) => sum + score, 0)
        ok(total(everyone) <= total(everyone.map(() => 0)))
      },
    },
    {
      name: 'tells the skill of each owner that answered once, or of nobody',
      run: async () => {
        const owners = readSkills(kind.open(spec).skills(judged(everyone).memory)).map(({ owner }) => owner)
        equal(new Set(owners).size, owners.length)
        if (kind.knowsSkill) ok(owners.length > 0 && owners.every((owner) => everyone.includes(owner)))
        else equal(owners.length, 0)
      },
    },
  ]
}

function nothingHeld(): Uint8Array {
  throw new Error('this example holds no content')
}

function peopleCases(example: Example, { good, bad }: Required<Example>['inputs']): Case[] {
  const job = example.kind.open(example.spec)
  const [task = 0] = example.tasks
  const accept = async (input: unknown) =>
    needed(job.accept, 'accept')(task, input, (await example.machine()).content)
  return [
    {
      name: 'asks people something, with fields of different names, as plain JSON',
      run: async () => {
        const { content } = await example.machine()
        for (const index of example.tasks) {
          const question = await needed(job.present, 'present')(index, content)
          ok(question.instructions !== '' && question.fields.length > 0)
          equal(new Set(question.fields.map(({ name }) => name)).size, question.fields.length)
          deepEqual(JSON.parse(JSON.stringify(question)), question)
        }
      },
    },
    {
      name: 'accepts what people may fill in, always as the same output',
      run: async () => {
        for (const input of good) {
          const output = await accept(input)
          deepEqual(await accept(input), output)
          ok(output.length <= example.kind.limits.outputBytes)
        }
      },
    },
    {
      name: 'refuses other input and says so',
      run: async () => {
        for (const input of [...bad, undefined, 7, [], { nobody: 'asked' }])
          await rejects(
            accept(input),
            (error) => error instanceof WorkError && error.code === 'answer/invalid',
          )
      },
    },
  ]
}

function answerOf(output: Uint8Array, node: number, owner: number): JudgedAnswer {
  return { node, owner, epoch: 0, trial: false, units: 1, output }
}
