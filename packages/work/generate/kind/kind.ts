// The kind of work example-kind. As it stands it puts the words of a line in order: change the six parts of `defineKind`, one
// after the other, and let `npm test` say what they must hold to.
import { createHash } from 'node:crypto'
import {
  type CheckContext,
  defineKind,
  type Kind,
  NO_PERMISSIONS,
  SPEC_BYTES,
  type Verdict,
  type WorkContext,
  WorkError,
} from '@piecework/work'
import { z } from 'zod'

/** Part of a million rows that checkers do again; a newcomer's are checked more often by themselves. */
const RATE = 50_000
/** Of one output; a longer one is refused before it is looked at. */
const OUTPUT_BYTES = 65_536
const MEMORY_BYTES = 16_777_216
const WALL_MS = 10_000

// 1. What a job says. Files are named by their SHA-256: in job.yaml the name of a file beside it stands for it.
interface Spec {
  readonly lines: Uint8Array
}

const spec: z.ZodType<Spec> = z.strictObject({
  lines: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'is no SHA-256: name a file beside job.yaml')
    .transform((hex) => new Uint8Array(Buffer.from(hex, 'hex')))
    .describe('a text: line i is task i'),
})

// 2. What task i is.
interface Task {
  readonly spec: Spec
  readonly index: number
}

interface Done {
  readonly output: Uint8Array
  /** What was found on the way and is not in the output: where each word stood. */
  readonly order: readonly number[]
}

async function done({ spec: { lines }, index }: Task, { content }: WorkContext): Promise<Done> {
  const text = new TextDecoder().decode(await content.get(lines))
  const line = text.replace(/\n$/, '').split('\n')[index]
  if (line === undefined)
    throw new WorkError('task/none', `There is no line ${index}. Give the job as many tasks as lines.`)
  const words = line.split(' ').map((word, place) => ({ word, place }))
  // The same everywhere: by code units, not by a language's rules, which differ between machines.
  words.sort((a, b) => (a.word === b.word ? a.place - b.place : a.word < b.word ? -1 : 1))
  return {
    output: new TextEncoder().encode(words.map(({ word }) => word).join(' ')),
    order: words.map(({ place }) => place),
  }
}

// 3. How it is done, on the contributor's machine.
async function perform(task: Task, context: WorkContext): Promise<Uint8Array> {
  return (await done(task, context)).output
}

// 4. Whether an output is right, on a checker's machine. The trace depends on the seed, and on what only who did the work knows:
// who says 'passed' without checking cannot make it up.
async function check(task: Task, output: Uint8Array, context: CheckContext): Promise<Verdict> {
  const right = await found(task, context)
  if (right === undefined)
    return { passed: false, trace: new Uint8Array(32), why: 'there is nothing to do here' }
  const trace = createHash('sha256').update(context.seed).update(JSON.stringify(right.order)).digest()
  const passed = Buffer.compare(right.output, output) === 0
  return { passed, trace: new Uint8Array(trace), why: passed ? '' : 'the words are not in order' }
}

/** Undefined for a task that nobody could do; content that is missing here is an error, not a verdict. */
async function found(task: Task, context: CheckContext): Promise<Done | undefined> {
  try {
    return await done(task, context)
  } catch (error) {
    if (error instanceof WorkError && error.code === 'task/none') return undefined
    throw error
  }
}

export const kind: Kind = defineKind<Spec, Task>({
  name: 'example-kind',
  // On the chain. Numbers below 1,000 are for kinds that are built in; no two kinds of a network have the same.
  id: 1_000,
  version: 1,
  allocation: 'dealt',
  checking: 'exact',
  delivery: 'all',
  rate: RATE,
  limits: {
    specBytes: SPEC_BYTES,
    outputBytes: OUTPUT_BYTES,
    memoryBytes: MEMORY_BYTES,
    wallMs: WALL_MS,
  },
  spec,
  // 5. What people read before they agree, and what the work touches on their machine.
  describe: () => 'Put the words of a line in order.',
  permissions: () => NO_PERMISSIONS,
  needs: ({ lines }) => [lines],
  task: (read, index) => ({ spec: read, index }),
  // 6. What it is worth, and what its output says.
  units: () => 1,
  result: (_, output) => ({ words: new TextDecoder().decode(output) }),
  perform,
  check,
})
