// Known answers: a requester mixes tasks whose answer it knows into its job. The spec commits to all of them by one root,
// so that they can neither be made up afterwards nor told apart before. Whoever keeps them opens those of finished tasks.
import {
  ANSWER_BYTES,
  concat,
  equalBytes,
  h,
  KEY_BYTES,
  type Known,
  type KnownAnswer,
  Tree,
  u32le,
  verifyProof,
} from '@piecework/protocol'
import { z } from 'zod'
import { hash } from './content/hash.ts'
import { WorkError } from './errors.ts'

/** Before each answer: without it, an answer of few options could be guessed from its leaf. */
const SALT_BYTES = 16
/** Leaves of a tree that a verifier never holds, but a keeper does: a million tasks are 64 MB. */
const TASKS = 1_048_576

export interface KnownSpec {
  readonly root: Uint8Array
  readonly tasks: number
  readonly keeper: Uint8Array
}

export const knownSpec: z.ZodType<KnownSpec> = z.strictObject({
  root: hash.describe('root of the known answers, which `keeperOf` makes'),
  tasks: z.int().min(1).max(TASKS).describe('of the job: the tree has a leaf for each'),
  keeper: hash.describe('ed25519 key of who opens them: what another key signed counts for nothing'),
})

export interface Keeper {
  readonly root: Uint8Array
  /** What it may open of these tasks, ascending: those that are known. */
  open(tasks: readonly number[]): readonly KnownAnswer[]
}

export interface KeeperInput {
  /** Outputs by task. */
  readonly answers: ReadonlyMap<number, Uint8Array>
  readonly tasks: number
  /** Random; whoever has it can tell known tasks from the others. */
  readonly secret: Uint8Array
}

/** A task whose answer nobody knows has a leaf as well, which nobody can open. */
export function keeperOf({ answers, tasks, secret }: KeeperInput): Keeper {
  if (secret.length !== KEY_BYTES || tasks > TASKS)
    throw new WorkError(
      'spec/invalid',
      `A keeper needs a secret of ${KEY_BYTES} bytes and at most ${TASKS} tasks.`,
    )
  const salted = new Map([...answers].map(([task, output]) => [task, concat([saltOf(secret, task), output])]))
  const leaves = Array.from({ length: tasks }, (_, task) => {
    const answer = salted.get(task)
    return answer === undefined ? h('pw/known', secret, u32le(task)) : leafOf({ task, answer })
  })
  const tree = new Tree(concat(leaves))
  return {
    root: tree.root,
    open: (finished) =>
      finished
        .toSorted((a, b) => a - b)
        .flatMap((task) => {
          const answer = salted.get(task)
          return answer === undefined ? [] : [{ task, answer, proof: tree.proof(task) }]
        }),
  }
}

/** Whether all that a message opens was committed to, and its keeper is the spec's. What does not hold is no input. */
export function knownHolds(
  { root, tasks, keeper }: KnownSpec,
  opened: Pick<Known, 'answers' | 'keeper'>,
): boolean {
  if (!equalBytes(opened.keeper, keeper)) return false
  return opened.answers.every(
    ({ task, answer, proof }) =>
      answer.length >= SALT_BYTES &&
      answer.length <= ANSWER_BYTES &&
      verifyProof({ root, count: tasks, index: task, leaf: leafOf({ task, answer }), proof }),
  )
}

/** The output itself, as kinds know it. */
export function knownOutput(answer: Uint8Array): Uint8Array {
  return answer.subarray(SALT_BYTES)
}

function leafOf({ task, answer }: Pick<KnownAnswer, 'task' | 'answer'>): Uint8Array {
  return h('pw/known', u32le(task), answer)
}

function saltOf(secret: Uint8Array, task: number): Uint8Array {
  return h('pw/known', u32le(task), secret).subarray(0, SALT_BYTES)
}
