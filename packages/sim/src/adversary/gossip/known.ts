// Known answers of every sort that can come by gossip: of jobs that are open or not, from their keepers and from others.
import { KNOWN_JOB_MESSAGES } from '@piecework/network'
import { joinSigned, type Known, type KnownAnswer, knownCodec, splitSigned } from '@piecework/protocol'
import { ANNA, BERT, CARL, JOB, knownOf } from './keepers.ts'
import { stranger } from './messages.ts'
import type { Said } from './said.ts'
import { hashOf } from './verifier.ts'

const EACH = 8
const CUTS = [0, 1, 63, 64, 100, 139, 147, 148, 160, 180]
/** Before each answer. */
const SALT_BYTES = 16
/** A task and where its answer begins. */
const BEFORE_ANSWER = 8
const ALL_KNOWN: readonly number[] = Array.from({ length: 250 }, (_, i) => 2 * i)

function each(count: number, say: (i: number) => Omit<Said, 'topic'>): readonly Said[] {
  return Array.from({ length: count }, (_, i) => ({ topic: 'known', ...say(i) }))
}

/** One with a known answer and one without. */
const tasksOf = (i: number): readonly number[] => [2 * i, 2 * i + 1]

/** Before any epoch is. */
export function knownOfNobody(networkId: Uint8Array): readonly Said[] {
  return each(EACH, (i) => ({
    name: `opened before anything is known: ${i}`,
    bytes: knownOf({ networkId, tasks: tasksOf(i) }),
  }))
}

/** What is opened as it should be, and as much as a job may open, comes last. */
export function knownOfJobs(networkId: Uint8Array): readonly Said[] {
  return [...misplaced(networkId), ...ofOthers(networkId), ...uncommitted(networkId), ...opened(networkId)]
}

function misplaced(networkId: Uint8Array): readonly Said[] {
  const of = (i: number, changed: Partial<Known>): Uint8Array =>
    knownOf({ networkId, tasks: tasksOf(i), ...changed })
  const whole = of(0, {})
  return [
    ...each(EACH, (i) => ({
      name: `of another network: ${i}`,
      bytes: of(i, { networkId: hashOf(`network ${i}`) }),
    })),
    ...each(EACH, (i) => ({
      name: `of epoch ${3 + i}, which has not begun`,
      bytes: of(i, { epoch: 3 + i }),
    })),
    ...each(EACH, (i) => ({
      name: `of a job that nobody made: ${i}`,
      bytes: of(i, { job: JOB.nobodyMade + i }),
    })),
    ...each(EACH, (i) => ({ name: `of a job that is not open: ${i}`, bytes: of(i, { job: JOB.notOpen }) })),
    ...each(EACH, (i) => ({
      name: `of a job whose spec is not here: ${i}`,
      bytes: of(i, { job: JOB.notHere }),
    })),
    ...each(EACH, (i) => ({
      name: `of a job that committed to nothing: ${i}`,
      bytes: of(i, { job: JOB.nothingKnown }),
    })),
    ...CUTS.flatMap((length) =>
      each(1, () => ({ name: `cut to ${length} bytes`, bytes: whole.subarray(0, length) })),
    ),
    ...[1, 2, 31].flatMap((extra) =>
      each(1, () => ({
        name: `${extra} bytes too long`,
        bytes: Buffer.concat([whole, new Uint8Array(extra).fill(1)]),
      })),
    ),
    ...each(EACH, (i) => ({
      name: `with its tasks in descending order: ${i}`,
      bytes: withFirstTask(of(i, {}), 2 * i + 2),
    })),
  ]
}

/** Of whoever has seen them opened. */
function ofOthers(networkId: Uint8Array): readonly Said[] {
  const whole = (i: number): Uint8Array => knownOf({ networkId, tasks: tasksOf(i) })
  return [
    ...each(EACH, (i) => ({
      name: `signed by stranger ${i}, who names the keeper`,
      bytes: knownOf({ networkId, tasks: tasksOf(i), by: stranger(i) }),
    })),
    ...each(EACH, (i) => ({
      name: `an answer changed after it was signed: ${i}`,
      bytes: underItsSignature(whole(i), ({ answers }) => ({ answers: answers.map(flipped) })),
    })),
    ...each(EACH, (i) => ({
      name: `a part of what was signed, under its signature: ${i}`,
      bytes: underItsSignature(whole(i), () => ANNA.keeper.open([2 * i])[0] ?? {}),
    })),
    ...each(EACH, (i) => ({
      name: `of another job with this spec, under its signature: ${i}`,
      bytes: underItsSignature(whole(i), () => ({ job: JOB.annaAgain })),
    })),
    ...each(EACH, (i) => ({
      name: `signed by stranger ${i}, who names himself`,
      bytes: knownOf({ networkId, tasks: tasksOf(i), by: stranger(i), keeper: stranger(i).publicKey }),
    })),
    ...each(EACH, (i) => ({
      name: `signed by the keeper of another job: ${i}`,
      bytes: knownOf({ networkId, tasks: tasksOf(i), by: BERT.key, keeper: BERT.key.publicKey }),
    })),
  ]
}

/** The keeper signs them, and its job committed to something else. */
function uncommitted(networkId: Uint8Array): readonly Said[] {
  const changed = (i: number, change: (one: KnownAnswer) => KnownAnswer): Uint8Array => {
    const answers = ANNA.keeper.open(tasksOf(i))[0]?.answers ?? []
    return knownOf({ networkId, tasks: tasksOf(i), answers: answers.map(change) })
  }
  const proof = (i: number): readonly Uint8Array[] => ANNA.keeper.open(tasksOf(i))[0]?.proof ?? []
  const cases: readonly (readonly [name: string, bytesOf: (i: number) => Uint8Array])[] = [
    ['with other answers than it committed to', (i) => changed(i, flipped)],
    ['with the answers of other tasks', (i) => changed(i, (one) => ({ ...one, task: one.task + 2 }))],
    ['with tasks beyond the last', (i) => changed(i, (one) => ({ ...one, task: one.task + 1_000 }))],
    ['with answers cut to their salts', (i) => changed(i, (one) => cut(one, SALT_BYTES))],
    ['with answers shorter than a salt', (i) => changed(i, (one) => cut(one, i))],
    [
      'without the first of its siblings',
      (i) => knownOf({ networkId, tasks: tasksOf(i), proof: proof(i).slice(1) }),
    ],
    [
      'with a sibling too many',
      (i) => knownOf({ networkId, tasks: tasksOf(i), proof: [...proof(i), hashOf(`sibling ${i}`)] }),
    ],
    [
      'with no answers at all',
      (i) => knownOf({ networkId, tasks: tasksOf(i), answers: [], proof: proof(i) }),
    ],
    [
      'with what another job committed to',
      (i) => knownOf({ networkId, tasks: tasksOf(i), ...BERT.keeper.open(tasksOf(i))[0] }),
    ],
  ]
  return cases.flatMap(([name, bytesOf]) => each(EACH, (i) => ({ name: `${name}: ${i}`, bytes: bytesOf(i) })))
}

function opened(networkId: Uint8Array): readonly Said[] {
  const of = (i: number): Uint8Array => knownOf({ networkId, tasks: tasksOf(i) })
  const ofCarl = (tasks: readonly number[]): Uint8Array =>
    knownOf({ networkId, kept: CARL, job: JOB.carl, tasks })
  return [
    ...each(KNOWN_JOB_MESSAGES, (i) => ({ name: `opened by its keeper: ${i}`, bytes: of(i) })),
    ...each(KNOWN_JOB_MESSAGES, (i) => ({ name: `opened by its keeper, again: ${i}`, bytes: of(i) })),
    ...each(EACH, (i) => ({
      name: `one message more than a job may open: ${i}`,
      bytes: of(KNOWN_JOB_MESSAGES + i),
    })),
    ...each(1, () => ({ name: 'nearly all the bytes that a job may open', bytes: ofCarl(ALL_KNOWN) })),
    ...each(EACH, (i) => ({
      name: `more bytes than a job may open: ${i}`,
      bytes: ofCarl(ALL_KNOWN.slice(0, 60 + i)),
    })),
    ...each(1, () => ({ name: 'as few bytes as there is room for', bytes: ofCarl([1]) })),
    ...each(EACH, (i) => ({
      name: `of the keeper's other job: ${i}`,
      bytes: knownOf({ networkId, job: JOB.annaAgain, tasks: tasksOf(i) }),
    })),
  ]
}

/** When the intake of epoch 0 is over, and that of epoch 1 has begun. */
export function knownOfNext(networkId: Uint8Array): readonly Said[] {
  return [
    ...each(EACH, (i) => ({
      name: `of epoch 0 when its intake is over: ${i}`,
      bytes: knownOf({ networkId, job: JOB.bert, kept: BERT, tasks: tasksOf(i) }),
    })),
    ...each(EACH, (i) => ({
      name: `of epoch 1 when it has begun: ${i}`,
      bytes: knownOf({ networkId, epoch: 1, tasks: tasksOf(i) }),
    })),
  ]
}

function flipped(one: KnownAnswer): KnownAnswer {
  return { ...one, answer: one.answer.with(0, (one.answer[0] ?? 0) ^ 1) }
}

function cut(one: KnownAnswer, length: number): KnownAnswer {
  return { ...one, answer: one.answer.subarray(0, length) }
}

function underItsSignature(bytes: Uint8Array, change: (known: Known) => Partial<Known>): Uint8Array {
  const { signature, message } = splitSigned(bytes)
  const known = knownCodec.decode(message)
  return joinSigned({ signature, message: knownCodec.encode({ ...known, ...change(known) }) })
}

/** Which no encoder writes. */
function withFirstTask(bytes: Uint8Array, task: number): Uint8Array {
  const { message } = splitSigned(bytes)
  const answer = knownCodec.decode(message).answers[0]?.answer ?? new Uint8Array()
  return bytes.with(Buffer.from(bytes).indexOf(answer) - BEFORE_ANSWER, task)
}
