// Known answers: a requester mixes tasks whose answer it knows into its job. The spec commits to all tasks by one root,
// known or not, so that answers can neither be made up afterwards nor told apart before. Whoever keeps them opens all
// finished tasks, known or not: so nobody can choose which of them count.
import {
  ANSWER_BYTES,
  concat,
  equalBytes,
  h,
  KEY_BYTES,
  KNOWN_ANSWERS,
  type Known,
  type KnownAnswer,
  Tree,
  u32le,
  verifyMany,
} from '@piecework/protocol'
import { z } from 'zod'
import { hash } from './content/hash.ts'
import { WorkError } from './errors.ts'

/** Before each answer: without it, an answer of few options could be guessed from its leaf. */
const SALT_BYTES = 16
/** The longest output that can be known. */
export const KNOWN_OUTPUT_BYTES: number = ANSWER_BYTES - SALT_BYTES
/** Leaves of a tree that a verifier never holds, but a keeper does: a million tasks are 64 MB. */
export const KNOWN_TASKS = 1_048_576

export interface KnownSpec {
  readonly root: Uint8Array
  readonly tasks: number
  readonly keeper: Uint8Array
}

export const knownSpec: z.ZodType<KnownSpec> = z.strictObject({
  root: hash.describe('root of the known answers, which `keeperOf` makes'),
  tasks: z.int().min(1).max(KNOWN_TASKS).describe('of the job: the tree has a leaf for each'),
  keeper: hash.describe('ed25519 key of who opens them: what another key signed counts for nothing'),
})

/** What one message opens. */
export type Opening = Pick<Known, 'answers' | 'proof'>

export interface Keeper {
  readonly root: Uint8Array
  /** These tasks, whether they are known or not, in as many messages as it takes. */
  open(tasks: readonly number[]): readonly Opening[]
}

export interface KeeperInput {
  /** Outputs by task. */
  readonly answers: ReadonlyMap<number, Uint8Array>
  readonly tasks: number
  /** Random; whoever has it can tell known tasks from the others. */
  readonly secret: Uint8Array
}

/** So that one key file is all that a keeper has to keep: the leaves' secret follows from it, and not the other way. */
export function saltSecretOf(keySecret: Uint8Array): Uint8Array {
  return h('pw/known', new TextEncoder().encode('salts of '), keySecret)
}

/** A task whose answer nobody knows has a leaf as well: of its salt alone. */
export function keeperOf({ answers, tasks, secret }: KeeperInput): Keeper {
  if (secret.length !== KEY_BYTES || tasks > KNOWN_TASKS)
    throw new WorkError(
      'spec/invalid',
      `A keeper needs a secret of ${KEY_BYTES} bytes and at most ${KNOWN_TASKS} tasks.`,
    )
  const openedOf = (task: number): KnownAnswer => {
    const output = answers.get(task) ?? new Uint8Array()
    return { task, answer: concat([saltOf(secret, task), output]) }
  }
  const tree = new Tree(concat(Array.from({ length: tasks }, (_, task) => leafOf(openedOf(task)))))
  return {
    root: tree.root,
    open: (finished) => {
      const ordered = [...new Set(finished)].sort((a, b) => a - b)
      const messages = Math.ceil(ordered.length / KNOWN_ANSWERS)
      return Array.from({ length: messages }, (_, i) => {
        const part = ordered.slice(i * KNOWN_ANSWERS, (i + 1) * KNOWN_ANSWERS)
        return { answers: part.map(openedOf), proof: tree.proofOfMany(part) }
      })
    },
  }
}

/** Whether all that a message opens was committed to, and its keeper is the spec's. What does not hold is no input. */
export function knownHolds(
  { root, tasks, keeper }: KnownSpec,
  { answers, proof, keeper: signer }: Opening & Pick<Known, 'keeper'>,
): boolean {
  if (!equalBytes(signer, keeper)) return false
  const isSound = answers.every(({ answer: { length } }) => length >= SALT_BYTES && length <= ANSWER_BYTES)
  if (!isSound) return false
  const leaves = answers.map((one) => ({ index: one.task, leaf: leafOf(one) }))
  return verifyMany({ root, count: tasks, leaves, proof })
}

/** The output itself, as kinds know it; undefined where none was known. */
export function knownOutput(answer: Uint8Array): Uint8Array | undefined {
  return answer.length > SALT_BYTES ? answer.subarray(SALT_BYTES) : undefined
}

function leafOf({ task, answer }: Pick<KnownAnswer, 'task' | 'answer'>): Uint8Array {
  return h('pw/known', u32le(task), answer)
}

function saltOf(secret: Uint8Array, task: number): Uint8Array {
  return h('pw/known', u32le(task), secret).subarray(0, SALT_BYTES)
}
