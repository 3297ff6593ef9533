// Keepers of known answers, the jobs whose specs commit to them, and what they open.
import { type Known, keyFromSecret, type SigningKey, toHex } from '@piecework/protocol'
import { type Keeper, keeperOf, signKnown, writeJobSpec } from '@piecework/work'
import { hashOf, type PlannedJob } from './verifier.ts'

/** Of a job. */
const TASKS = 500
const SHORT_BYTES = 5
/** All that are known fit a message, and nearly fill what a job may open in an epoch. */
const LONG_BYTES = 4_000

export interface Kept {
  readonly key: SigningKey
  readonly keeper: Keeper
  readonly spec: Uint8Array
}

/** Of every other task the answer is known. */
function keptBy(name: string, answerBytes: number): Kept {
  const key = keyFromSecret(hashOf(`keeper ${name}`))
  const tasks = Array.from({ length: TASKS / 2 }, (_, i) => 2 * i)
  const answers = new Map(tasks.map((task) => [task, new Uint8Array(answerBytes).fill(task)]))
  const keeper = keeperOf({ answers, tasks: TASKS, secret: hashOf(`secret of keeper ${name}`) })
  return {
    key,
    keeper,
    spec: specOf({ root: toHex(keeper.root), tasks: TASKS, keeper: toHex(key.publicKey) }),
  }
}

function specOf(known?: object): Uint8Array {
  const work = { instructions: '?', items: toHex(hashOf('items')), answer: { type: 'text', most: 9 } }
  return writeJobSpec({ kind: 'label', title: 'A job', ...(known && { known }), work })
}

export const ANNA: Kept = keptBy('anna', SHORT_BYTES)
export const BERT: Kept = keptBy('bert', SHORT_BYTES)
/** Whose answers are long. */
export const CARL: Kept = keptBy('carl', LONG_BYTES)

const open = ({ spec }: Pick<Kept, 'spec'>): PlannedJob => ({ spec, isOpen: true, isHere: true })

/** Jobs by their place among these. */
export const JOB = {
  anna: 0,
  /** With the spec of the job before. */
  annaAgain: 1,
  bert: 2,
  carl: 3,
  nothingKnown: 4,
  notOpen: 5,
  notHere: 6,
  nobodyMade: 7,
} as const

export const KEPT_JOBS: readonly PlannedJob[] = [
  open(ANNA),
  open(ANNA),
  open(BERT),
  open(CARL),
  open({ spec: specOf() }),
  { ...open(ANNA), isOpen: false },
  { ...open(keptBy('dora', SHORT_BYTES)), isHere: false },
]

export interface KnownPlan extends Partial<Known> {
  readonly networkId: Uint8Array
  readonly tasks: readonly number[]
  readonly kept?: Kept
  /** Who signs it instead. */
  readonly by?: SigningKey
}

/** What Anna opens of her job in epoch 0, but for what is said otherwise. */
export function knownOf({ tasks, kept = ANNA, by = kept.key, ...changed }: KnownPlan): Uint8Array {
  const [opening] = kept.keeper.open(tasks)
  if (opening === undefined) throw new Error('something is opened')
  return signKnown({ epoch: 0, job: JOB.anna, keeper: kept.key.publicKey, ...opening, ...changed }, by)
}
