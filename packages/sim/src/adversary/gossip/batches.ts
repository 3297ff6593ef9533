// Batches of every sort that can come by gossip. Each family has nodes of its own, so that none spoils another's chain.
import {
  BATCH_HEADER_BYTES,
  type Batch,
  CHAIN_BATCHES,
  readBatch,
  SIGNATURE_BYTES,
  WAITING_BATCHES,
} from '@piecework/protocol'
import { batchOf, rowsOf, stranger } from './messages.ts'
import type { Said } from './said.ts'
import { hashOf, nodeKey } from './verifier.ts'

/** Of each family. */
const EACH = 8
/** Where families begin among the nodes. */
const FIRST = {
  sound: 0,
  waiting: 20,
  ahead: 30,
  many: 40,
  broken: 50,
  forged: 60,
  next: 90,
  full: 110,
} as const
const SIGNATURE_BITS = 512
/** Where the first row of a signed batch begins. */
const ROW_AT = SIGNATURE_BYTES + BATCH_HEADER_BYTES
/** Later than an adversary's epoch by so much. */
const LATER = [1, 2, 3, 10, 1_000, 1_000_000, 2 ** 31, Number.MAX_SAFE_INTEGER]
const NOT_YET = [CHAIN_BATCHES, CHAIN_BATCHES + 1, 600, 1_000, 5_000, 65_536, 2 ** 31, 2 ** 32 - 1]

type Change = Partial<Batch>

function each(count: number, say: (i: number) => Omit<Said, 'topic'>): readonly Said[] {
  return Array.from({ length: count }, (_, i) => ({ topic: 'batches', ...say(i) }))
}

/** One of a node whose epoch is this. */
const of = (networkId: Uint8Array, node: number, changed: Change = {}): Uint8Array =>
  batchOf({ networkId, key: nodeKey(node), ...changed })

/** Before the verifier knows anything of the chain. */
export function batchesOfNobody(networkId: Uint8Array): readonly Said[] {
  return each(EACH, (i) => ({ name: `node ${i} before anything is known`, bytes: of(networkId, i) }))
}

/** While epoch 0 is under way, and no other. */
export function batchesOfWork(networkId: Uint8Array): readonly Said[] {
  const first = (node: number): Uint8Array => of(networkId, node)
  const other = (node: number, job: number): Uint8Array => of(networkId, node, { rows: rowsOf(2, job) })
  const after = (node: number, seq: number, prev: Uint8Array): Uint8Array =>
    of(networkId, node, { seq, prev, rows: rowsOf(3) })
  return [
    ...LATER.flatMap((later, i) =>
      each(1, () => ({ name: `of epoch ${later}`, bytes: of(networkId, i, { epoch: later }) })),
    ),
    ...each(20, (i) => ({
      name: `first of node ${i}`,
      bytes: of(networkId, FIRST.sound + i, { rows: rowsOf(1 + 50 * i) }),
    })),
    ...each(EACH, (i) => ({
      name: `first of node ${i}, again`,
      bytes: of(networkId, FIRST.sound + i, { rows: rowsOf(1 + 50 * i) }),
    })),
    ...each(EACH, (i) => {
      const prev = readBatch(of(networkId, FIRST.sound + i, { rows: rowsOf(1 + 50 * i) })).hash
      return { name: `second of node ${i}`, bytes: after(FIRST.sound + i, 1, prev) }
    }),
    ...each(EACH, (i) => ({
      name: `place ${1 + 2 * i} before those before it`,
      bytes: after(FIRST.waiting + i, 1 + 2 * i, hashOf('one before')),
    })),
    ...each(EACH, (i) => ({
      name: `${WAITING_BATCHES + 1 + 20 * i} places ahead`,
      bytes: after(FIRST.ahead + i, WAITING_BATCHES + 1 + 20 * i, hashOf('one before')),
    })),
    ...NOT_YET.flatMap((seq, i) =>
      each(1, () => ({ name: `place ${seq}`, bytes: after(FIRST.many + i, seq, hashOf('one before')) })),
    ),
    ...each(EACH, (i) => ({
      name: `first, that follows another: ${i}`,
      bytes: after(FIRST.broken + i, 0, hashOf(`another ${i}`)),
    })),
    ...each(EACH, (i) => ({
      name: `second of node ${10 + i}, that follows another`,
      bytes: after(FIRST.sound + 10 + i, 1, hashOf(`another ${i}`)),
    })),
    ...each(16, (i) => ({
      name: `bit ${i * (SIGNATURE_BITS / 16)} of its signature changed`,
      bytes: flipped(first(FIRST.forged + i), i * (SIGNATURE_BITS / 16)),
    })),
    ...each(EACH, (i) => ({
      name: `a row of it changed after it was signed: ${i}`,
      bytes: flipped(first(FIRST.forged + 20 + i), 8 * ROW_AT + 7 * i),
    })),
    ...each(EACH, (i) => ({ name: `a stranger's: ${i}`, bytes: batchOf({ networkId, key: stranger(i) }) })),
    ...each(EACH, (i) => ({
      name: `of another network: ${i}`,
      bytes: of(hashOf(`network ${i}`), FIRST.next + i),
    })),
    ...[0, 1, 63, 64, 100, 171, 172, 200, 219].flatMap((length) =>
      each(1, () => ({ name: `cut to ${length} bytes`, bytes: first(0).subarray(0, length) })),
    ),
    ...[1, 2, 47, 49].flatMap((extra) =>
      each(1, () => ({
        name: `${extra} bytes too long`,
        bytes: Buffer.concat([first(0), new Uint8Array(extra)]),
      })),
    ),
    ...each(1, () => ({
      name: 'one row more than a batch has',
      bytes: Buffer.concat([of(networkId, 0, { rows: rowsOf(1_024) }), new Uint8Array(48)]),
    })),
    ...each(EACH, (i) => ({ name: `another first of node ${i}`, bytes: other(FIRST.sound + i, 1) })),
    ...each(EACH, (i) => ({ name: `a third first of node ${i}`, bytes: other(FIRST.sound + i, 2) })),
  ]
}

/** While the disk is full, and when there is room again. */
export function batchesForTheDisk(networkId: Uint8Array, isFull: boolean): readonly Said[] {
  const when = isFull ? 'while the disk is full' : 'when there is room again'
  return each(EACH, (i) => ({
    name: `first of node ${FIRST.full + i} ${when}`,
    bytes: of(networkId, FIRST.full + i),
  }))
}

/** When the intake of epoch 0 is over, and that of epoch 1 has begun. */
export function batchesOfNext(networkId: Uint8Array): readonly Said[] {
  return [
    ...each(EACH, (i) => ({
      name: `of epoch 0 when its intake is over: ${i}`,
      bytes: of(networkId, FIRST.next + i),
    })),
    ...each(EACH, (i) => ({
      name: `of epoch 1 when it has begun: ${i}`,
      bytes: of(networkId, FIRST.next + i, { epoch: 1 }),
    })),
  ]
}

function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  const at = Math.floor(bit / 8)
  return bytes.with(at, (bytes[at] ?? 0) ^ (1 << (bit % 8)))
}
