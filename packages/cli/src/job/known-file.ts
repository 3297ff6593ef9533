// known.jsonl: the answers that a requester knows, one task a line, as people would give them. They stay on this machine;
// the spec of the job commits to them.
import { dirname, join } from 'node:path'
import { KNOWN_JOB_BYTES } from '@piecework/network'
import { keyFromSecret, type SigningKey, toHex } from '@piecework/protocol'
import {
  type Content,
  type JobSpec,
  type Keeper,
  KNOWN_OUTPUT_BYTES,
  KNOWN_TASKS,
  keeperOf,
  saltSecretOf,
} from '@piecework/work'
import { z } from 'zod'
import { readText } from '../common/files.ts'
import { CliError, sentenceOf } from '../errors.ts'

/** Beside job.yaml; whoever has it can tell known tasks from the others. */
export const KEEPER_FILE = 'keeper.json'
/** With fewer, what a worker earns hangs on one or two of them; with a smaller part, many workers meet none. */
const FEW = 4
const SMALL_PART = 0.02
/** A requester pays for each answer that it knows already. */
const LARGE_PART = 0.5

const line = z.looseObject({ task: z.int().min(0) })

export interface KnownFile {
  /** Outputs by task. */
  readonly answers: ReadonlyMap<number, Uint8Array>
  /** What a requester may want to change. */
  readonly warnings: readonly string[]
  readonly keeper: Keeper
  readonly key: SigningKey
  /** For the spec. */
  readonly committed: { readonly root: string; readonly tasks: number; readonly keeper: string }
}

export interface ToKnow {
  /** Of job.yaml. */
  readonly jobFile: string
  /** As job.yaml names it. */
  readonly name: string
  readonly tasks: number
  /** Without the known answers. */
  readonly spec: JobSpec
  readonly content: Content
  /** The secret in a keeper's key file. */
  readonly secretOf: (file: string) => Promise<Uint8Array>
}

export async function readKnownFile(asked: ToKnow): Promise<KnownFile> {
  const { jobFile, name, tasks, spec, secretOf } = asked
  const file = join(dirname(jobFile), name)
  const { accept, aggregate } = spec.job
  if (accept === undefined || aggregate === undefined) {
    const why = `Jobs of the kind ${spec.kind.name} have no known answers`
    throw new CliError('usage', `${why}: only those that several people answer. Leave out known: ${name}.`)
  }
  if (tasks > KNOWN_TASKS) {
    throw new CliError('usage', `A job with known answers has ${KNOWN_TASKS} tasks at most: post several.`)
  }
  const answers = new Map<number, Uint8Array>()
  const lines = (await readText(file)).split('\n')
  for (const [at, text] of lines.entries()) {
    if (text.trim() === '') continue
    const where = `${file}, line ${at + 1}`
    const { task, ...answer } = read(text, where)
    if (task >= tasks)
      throw wrong(where, `The job has ${tasks} tasks, 0 to ${tasks - 1}, and this is task ${task}`)
    if (answers.has(task)) throw wrong(where, `Task ${task} has an answer already`)
    const output = await accept(task, answer, asked.content).catch((error: unknown) => {
      throw wrong(where, sentenceOf(error))
    })
    if (output.length > KNOWN_OUTPUT_BYTES)
      throw wrong(where, `The answer has ${output.length} bytes, and ${KNOWN_OUTPUT_BYTES} can be known`)
    answers.set(task, output)
  }
  if (answers.size === 0)
    throw new CliError('usage', `${file} knows no answer: write some, or leave out known: ${name}.`)
  const secret = await secretOf(join(dirname(jobFile), KEEPER_FILE))
  const key = keyFromSecret(secret)
  const keeper = keeperOf({ answers, tasks, secret: saltSecretOf(secret) })
  const committed = { root: toHex(keeper.root), tasks, keeper: toHex(key.publicKey) }
  return { answers, warnings: warningsOf(answers, tasks), keeper, key, committed }
}

function read(text: string, where: string): z.infer<typeof line> {
  try {
    return line.parse(JSON.parse(text))
  } catch {
    throw wrong(where, 'It is no line such as {"task": 3, "answer": "robin"}')
  }
}

function wrong(where: string, why: string): CliError {
  return new CliError('usage', `${where}: ${why}. Change it there.`)
}

/** Of a task that is not known, in a message. */
const OPENED_BYTES = 28

/** Workers see tasks by their numbers and what they ask: where known ones have a pattern, they can be told apart. */
function warningsOf(answers: ReadonlyMap<number, Uint8Array>, tasks: number): readonly string[] {
  const known = [...answers.keys()].sort((a, b) => a - b)
  const part = known.length / tasks
  const steps = new Set(known.slice(1).map((task, i) => task - (known[i] ?? 0)))
  const outputs = new Set([...answers.values()].map(toHex))
  const isMany = known.length >= FEW
  return [
    ...(!isMany || part < SMALL_PART
      ? ['They are few: many workers will meet none, or hang on one of them.']
      : []),
    ...(part > LARGE_PART ? ['They are more than half of the tasks: you pay for what you know.'] : []),
    ...(isMany && steps.size === 1 && known.length < tasks
      ? ['They stand at even distances: workers can tell them apart by their numbers. Mix them in at random.']
      : []),
    ...(bytesOfAll(answers, tasks) > KNOWN_JOB_BYTES
      ? [
          'All together they are more than one epoch opens: where so many tasks are finished in one, none of them counts.',
        ]
      : []),
    ...(isMany && outputs.size === 1
      ? ['All have the same answer: who always answers so is always right where it counts.']
      : []),
  ]
}

/** Each task is opened with its salt and its number, known or not. */
function bytesOfAll(answers: ReadonlyMap<number, Uint8Array>, tasks: number): number {
  const outputs = [...answers.values()].reduce((sum, { length }) => sum + length, 0)
  return outputs + OPENED_BYTES * tasks
}
