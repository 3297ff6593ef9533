// How well the answers to a task agree. A requester has all of them, and counts here with the kind's own rules: nobody has
// to be believed for it.
import { type JudgedTask, SCORE_ONE } from '@piecework/protocol'
import type { HeldBytes, OpenJob } from '@piecework/work'

/** An answer as it came. */
export interface Answer {
  readonly task: number
  readonly node: number
  readonly epoch: number
  readonly units: number
  readonly output: Uint8Array
}

export interface Agreement {
  /** Answers to the task, and the part of them that agrees with its result. */
  readonly answers: number
  readonly agreement: number
  /** Whether this answer is among those. */
  readonly agrees: boolean
  /** What the answers say together. */
  readonly result: unknown
  /** How likely that is right, by the kind's own statistics; null where it has none. */
  readonly confidence: number | null
}

export interface Agreeing {
  readonly open: OpenJob
  readonly held: HeldBytes
}

const ITSELF = { answers: 1, agreement: 1, agrees: true, confidence: 1 }

/** Of each answer. What can be checked again by anyone is paid only where it is right: it agrees with itself. */
export function agreementsOf<A extends Answer>(
  { open, held }: Agreeing,
  all: readonly A[],
): ReadonlyMap<A, Agreement> {
  if (open.aggregate === undefined)
    return new Map(all.map((one) => [one, { ...ITSELF, result: open.result(one.output) }]))
  const byTask = [...Map.groupBy(all, ({ task }) => task)].sort(([a], [b]) => a - b)
  const tasks = byTask.map(([task, answers]) => judgedTask(task, answers))
  const found = open.aggregate({ memory: new Uint8Array(), tasks, held })
  return new Map(
    byTask.flatMap(([, answers], at) => {
      const { result: bytes = new Uint8Array(), scores = [] } = found.tasks[at] ?? {}
      const result = open.result(bytes)
      const sure = open.confidence(bytes)
      const confidence = sure === undefined ? null : sure / SCORE_ONE
      // Where a new worker earns nothing yet, it may agree all the same.
      const agrees = answers.map(
        ({ output }, i) => (scores[i] ?? 0) > 0 || isSame(open.result(output), result),
      )
      const agreement = agrees.filter(Boolean).length / answers.length
      return answers.map((one, i): [A, Agreement] => [
        one,
        { answers: answers.length, agreement, agrees: agrees[i] ?? false, result, confidence },
      ])
    }),
  )
}

function judgedTask(task: number, answers: readonly Answer[]): JudgedTask {
  return { task, known: undefined, result: undefined, answers: answers.map(asJudged) }
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

/** Nobody's past counts here: each node is one voice. */
function asJudged({ node, epoch, units, output }: Answer): JudgedTask['answers'][number] {
  return { node, owner: node, epoch, trial: false, units, output }
}
