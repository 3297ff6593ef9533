// People who answer tasks judged across nodes, round by round, as the protocol hands their answers to a kind.
import type { JudgedAnswer } from '@piecework/protocol'
import type { AcrossInput, OpenJob } from '../../src/index.ts'

export interface Given {
  readonly owner: number
  readonly output: Uint8Array
  readonly trial?: boolean
}

export interface AskedTask {
  readonly task: number
  readonly known?: Uint8Array
  readonly result?: Uint8Array
  readonly given: readonly Given[]
}

export interface Round {
  readonly memory: Uint8Array
  readonly results: readonly Uint8Array[]
  readonly scores: readonly (readonly number[])[]
}

export const NOTHING_HELD = {
  bytes: (): Uint8Array => {
    throw new Error('nothing is held')
  },
}

export function judge(
  job: OpenJob,
  tasks: readonly AskedTask[],
  { memory = new Uint8Array(), held = NOTHING_HELD }: Partial<Pick<AcrossInput, 'memory' | 'held'>> = {},
): Round {
  const judged = job.aggregate?.({
    memory,
    held,
    tasks: tasks.map(({ task, known, result, given }) => {
      return { task, known, result, answers: given.map(answerOf) }
    }),
  })
  if (judged === undefined) throw new Error('its kind is not judged across nodes')
  return {
    memory: judged.memory,
    results: judged.tasks.map(({ result }) => result),
    scores: judged.tasks.map(({ scores }) => scores),
  }
}

function answerOf({ owner, output, trial = false }: Given, node: number): JudgedAnswer {
  return { node, owner, epoch: 0, trial, units: 1, output }
}

/** What each owner was given in all. */
export function totals(tasks: readonly AskedTask[], { scores }: Round): ReadonlyMap<number, number> {
  const sums = new Map<number, number>()
  for (const [i, { given }] of tasks.entries())
    for (const [k, { owner }] of given.entries())
      sums.set(owner, (sums.get(owner) ?? 0) + (scores[i]?.[k] ?? 0))
  return sums
}

export const json = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value))
export const parsed = (bytes: Uint8Array | undefined): unknown => JSON.parse(new TextDecoder().decode(bytes))
