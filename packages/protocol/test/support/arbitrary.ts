// Arbitrary values of every message, as fast-check makes them.
import fc from 'fast-check'
import { compareBytes } from '../../src/bytes.ts'
import { SCORE_ONE } from '../../src/limits.ts'
import type {
  Ack,
  Appeal,
  Attestation,
  Batch,
  Enrolment,
  Evidence,
  Inventory,
  InventoryEntry,
  Known,
  LedgerRoot,
  Report,
  StintReport,
} from '../../src/messages.ts'

const U32 = 0xffff_ffff
const U64 = (1n << 64n) - 1n

export const bytes32: fc.Arbitrary<Uint8Array> = fc.uint8Array({ minLength: 32, maxLength: 32 })
const u16 = fc.integer({ min: 0, max: 0xffff })
const u32 = fc.oneof(fc.integer({ min: 0, max: U32 }), fc.integer({ min: 0, max: 3 }), fc.constant(U32))
const epoch = fc.oneof(fc.maxSafeNat(), fc.constant(Number.MAX_SAFE_INTEGER), fc.nat(9))
const u64 = fc.oneof(fc.bigInt({ min: 0n, max: U64 }), fc.constant(U64))
const bytes = (maxLength: number, minLength = 0): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength, maxLength })
/** Code points of up to four bytes: no longer than the shortest limit of a text, 32 bytes. */
const text = fc.string({ unit: 'binary', maxLength: 8 })

function ascending<T>(
  value: fc.Arbitrary<T>,
  key: (value: T) => number | string,
  maxLength = 4,
): fc.Arbitrary<T[]> {
  const unique = fc.uniqueArray(value, { selector: key, maxLength })
  return unique.map((list) => list.sort((a, b) => compareKeys(key(a), key(b))))
}

const utf8 = (value: string): Uint8Array => new TextEncoder().encode(value)

function compareKeys(a: number | string, b: number | string): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return compareBytes(utf8(String(a)), utf8(String(b)))
}

export const enrolment: fc.Arbitrary<Enrolment> = fc.record({
  networkId: bytes32,
  nodeKey: bytes32,
  wallet: bytes32,
  kinds: ascending(fc.record({ kind: u16, capacity: u32 }), ({ kind }) => kind),
  attributes: ascending(fc.record({ name: text, value: text }), ({ name }) => name),
  minAmount: u64,
  maxFee: u64,
  expiresAtEpoch: epoch,
  nonce: u64,
  stamp: u64,
})

const row = fc.record({ job: u32, task: u32, units: u32, at: u32, commit: bytes32 })

export const batch: fc.Arbitrary<Batch> = fc.record({
  networkId: bytes32,
  epoch,
  nodeKey: bytes32,
  seq: u32,
  prev: bytes32,
  rows: fc.array(row, { minLength: 1, maxLength: 5 }),
})

export const ack: fc.Arbitrary<Ack> = fc.record({
  networkId: bytes32,
  epoch,
  verifierId: u32,
  nodeKey: bytes32,
  seq: u32,
  head: bytes32,
})

export const inventory: fc.Arbitrary<Inventory> = fc.record({
  networkId: bytes32,
  epoch,
  verifierId: u32,
  buckets: fc.array(bytes32, { minLength: 1, maxLength: 3 }).map((some) => repeated(some, 256)),
  enrolments: bytes32,
  known: bytes32,
  appeals: bytes32,
  secretHash: bytes32,
})

function repeated<T>(some: readonly T[], length: number): T[] {
  return Array.from({ length }, (_, i) => some[i % some.length]).filter((value) => value !== undefined)
}

export const bucket: fc.Arbitrary<InventoryEntry[]> = ascending(
  fc.record({ node: u32, seq: u32, head: bytes32 }),
  ({ node }) => node,
)

export const hashList: fc.Arbitrary<Uint8Array[]> = fc
  .uniqueArray(bytes32, { selector: String, maxLength: 4 })
  .map((list) => list.sort(compareBytes))

const knownAnswer = fc.record({ task: u32, answer: bytes(40) })

export const known: fc.Arbitrary<Known> = fc.record({
  networkId: bytes32,
  epoch,
  job: u32,
  keeper: bytes32,
  answers: ascending(knownAnswer, ({ task }) => task),
  proof: fc.array(bytes32, { maxLength: 40 }),
})

export const appeal: fc.Arbitrary<Appeal> = fc.record({
  networkId: bytes32,
  epoch,
  nodeKey: bytes32,
  job: u32,
  task: u32,
  reason: text,
})

const rowEvidence = fc.record({
  what: fc.constant('row' as const),
  first: bytes(60),
  second: fc.constant(new Uint8Array()),
  row: u32,
  salt: bytes32,
  output: bytes(60),
})

const equivocation = fc.record({
  what: fc.constant('equivocation' as const),
  first: bytes(60),
  second: bytes(60),
  row: fc.constant(0),
  salt: fc.constant(new Uint8Array(32)),
  output: fc.constant(new Uint8Array()),
})

export const evidence: fc.Arbitrary<Evidence> = fc.oneof(rowEvidence, equivocation)

const batchFinding = fc.record({ trace: bytes32, delivered: bytes(128, 1) })
const answer = fc.record({ seq: fc.nat(511), row: fc.nat(1023), salt: bytes32, output: bytes(40) })
const score = fc.record({ job: u32, score: fc.integer({ min: 0, max: SCORE_ONE }) })

const stint: fc.Arbitrary<StintReport> = fc
  .record({
    epoch: fc.nat(9),
    node: u32,
    batches: fc.array(batchFinding, { maxLength: 3 }),
    answers: ascending(answer, ({ seq, row: index }) => seq * 1024 + index),
    scores: ascending(score, ({ job }) => job),
  })
  .map(({ batches, ...rest }) => ({
    ...rest,
    traces: batches.map(({ trace }) => trace),
    delivered: batches.map(({ delivered }) => delivered),
  }))

export const report: fc.Arbitrary<Report> = fc.record({
  networkId: bytes32,
  epoch,
  verifierId: u32,
  stints: ascending(stint, (value) => value.epoch * 2 ** 32 + value.node, 3),
  evidence: fc.array(evidence, { maxLength: 2 }),
})

const ledgerRoot: fc.Arbitrary<LedgerRoot> = fc.record({ root: bytes32, count: epoch, total: u64 })

export const attestation: fc.Arbitrary<Attestation> = fc.record({
  networkId: bytes32,
  epoch,
  round: epoch,
  seed: bytes32,
  factsHash: bytes32,
  inputsRoot: bytes32,
  previous: bytes32,
  accounts: ledgerRoot,
  jobs: ledgerRoot,
  slashes: ledgerRoot,
  nodesRoot: bytes32,
  workforceRoot: bytes32,
  stateHash: bytes32,
})
