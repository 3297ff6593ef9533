// The bytes of the state's records: SSZ, one codec each. They are written from values of our own, so that writing
// checks nothing; reading checks everything.
import {
  BooleanType,
  ByteListType,
  type ByteViews,
  ContainerType,
  ListBasicType,
  ListCompositeType,
  type Type,
} from '@chainsafe/ssz'
import { attributesFromWire, attributesToWire, attributesType } from '../codecs/attributes.ts'
import { jobFromWire, jobToWire, jobType } from '../codecs/job.ts'
import { bytes32, type Codec, strict, u16, u32, u64, u64Number } from '../codecs/strict.ts'
import { ENROLMENT_KINDS, MEMORY_BYTES, OUTPUT_BYTES, TASK_ANSWERS, TASK_OWNERS } from '../limits.ts'
import { orNever } from './or-never.ts'
import { isPruned, prunedNode } from './pruned.ts'
import {
  type AccountRecord,
  HISTORY_EPOCHS,
  type JobRecord,
  type NodeRecord,
  type OpenNext,
  type OwnerRecord,
  type TaskRecord,
  type VerifierRecord,
} from './state.ts'

/** No record is longer; one that is would be a fault of its limits. */
export const RECORD_BYTES = 67_108_864

interface RecordLayout<T, Wire> {
  readonly name: string
  readonly type: Type<Wire>
  readonly toWire: (value: T) => Wire
  readonly fromWire: (wire: Wire) => T
}

/** Where records are written one after another. */
export interface RecordTarget {
  /** Makes room for a record of so many bytes, and answers where in `views` it begins. */
  reserve(length: number): number
  /** Another one after `reserve`. */
  readonly views: ByteViews
}

export interface RecordCodec<T> extends Codec<T> {
  write(value: T, target: RecordTarget): void
}

export function record<T, Wire>({ name, type, toWire, fromWire }: RecordLayout<T, Wire>): RecordCodec<T> {
  const checked = strict<Wire, Wire>({ name, type, maxBytes: RECORD_BYTES })
  return {
    layout: checked.layout,
    write: (value, target) => {
      const wire = toWire(value)
      const at = target.reserve(type.value_serializedSize(wire))
      type.value_serializeToBytes(target.views, at, wire)
    },
    encode: (value) => type.serialize(toWire(value)),
    decode: (bytes) => fromWire(checked.decode(bytes)),
  }
}

/** A record whose values are its fields. SSZ's types ask for mutable lists, and it writes to none. */
export function plain<Wire extends T, T>(name: string, type: Type<Wire>): RecordCodec<T> {
  return record<T, Wire>({ name, type, toWire: (value) => value as Wire, fromWire: (wire) => wire })
}

const yesOrNo = new BooleanType()
const kindCapacity = new ContainerType({ kind: u16, capacity: u32 })
const node = new ContainerType({
  nodeKey: bytes32,
  owner: u32,
  kinds: new ListCompositeType(kindCapacity, ENROLMENT_KINDS),
  attributes: attributesType,
  expiresAtEpoch: u64Number,
  nonce: u64,
  bond: u64,
  vouched: u64,
  held: u64,
  enrolledAt: orNever,
  lastRow: orNever,
  failedAt: orNever,
  barredUntil: orNever,
  history: new ListCompositeType(
    new ContainerType({ epoch: u64Number, exposure: u64, pay: u64, tasks: u32 }),
    HISTORY_EPOCHS,
  ),
})

const liveNode: RecordCodec<NodeRecord> = record({
  name: 'a node of the state',
  type: node,
  toWire: (value: NodeRecord) => ({
    ...value,
    kinds: [...value.kinds],
    attributes: attributesToWire(value.attributes),
    history: [...value.history],
  }),
  fromWire: (wire) => ({
    ...wire,
    attributes: attributesFromWire(wire.attributes),
  }),
})

export const prunedRecord: RecordCodec<{ readonly owner: number }> = plain(
  'a pruned node of the state',
  new ContainerType({ owner: u32 }),
)
const PRUNED_BYTES = 4

/** Of a pruned node only whose it was. */
export const nodeRecord: RecordCodec<NodeRecord> = {
  layout: liveNode.layout,
  write: (value, target) => (isPruned(value) ? prunedRecord : liveNode).write(value, target),
  encode: (value) => (isPruned(value) ? prunedRecord : liveNode).encode(value),
  decode: (bytes) =>
    bytes.length === PRUNED_BYTES ? prunedNode(prunedRecord.decode(bytes).owner) : liveNode.decode(bytes),
}

export const ownerRecord: RecordCodec<OwnerRecord> = plain(
  'an owner of the state',
  new ContainerType({ wallet: bytes32, account: orNever, minAmount: u64, maxFee: u64, enterFrom: u64 }),
)

export const accountRecord: RecordCodec<AccountRecord> = plain(
  'an account of the state',
  new ContainerType({ owner: orNever, released: u64 }),
)

export const verifierRecord: RecordCodec<VerifierRecord> = plain(
  'a verifier of the state',
  new ContainerType({ operator: bytes32, slashed: u64 }),
)

/** A job without its tasks and its nodes' next tasks, which are records of their own. */
export type JobHead = Omit<JobRecord, 'tasks' | 'openNext'>

const jobHead = new ContainerType({
  job: jobType,
  openSlot: orNever,
  closedAt: orNever,
  charged: u64,
  done: yesOrNo,
  cursor: u64Number,
  inFlight: u64Number,
  memory: new ByteListType(MEMORY_BYTES),
})

export const jobHeadRecord: RecordCodec<JobHead> = record({
  name: 'a job of the state',
  type: jobHead,
  toWire: (value: JobHead) => ({ ...value, job: jobToWire(value.job) }),
  fromWire: (wire) => ({ ...wire, job: jobFromWire(wire.job) }),
})

const waitingAnswer = new ContainerType({
  node: u32,
  epoch: u64Number,
  seq: u32,
  row: u16,
  trial: yesOrNo,
  units: u32,
  output: new ByteListType(OUTPUT_BYTES),
})

const task = new ContainerType({
  job: u32,
  task: u32,
  out: u32,
  missing: u32,
  had: new ListBasicType(u32, TASK_OWNERS),
  trial: yesOrNo,
  lastDealt: u64Number,
  answers: new ListCompositeType(waitingAnswer, TASK_ANSWERS),
  result: new ListCompositeType(new ByteListType(OUTPUT_BYTES), 1),
  keptUntil: orNever,
})

export type JobTask = TaskRecord & { readonly job: number }

export const taskRecordCodec: RecordCodec<JobTask> = record({
  name: 'a task of the state',
  type: task,
  toWire: (value: JobTask) => ({
    ...value,
    had: [...value.had],
    answers: [...value.answers],
    result: value.result === undefined ? [] : [value.result],
  }),
  fromWire: (wire) => ({ ...wire, result: wire.result[0] }),
})

export type JobOpenNext = OpenNext & { readonly job: number }

export const openNextRecord: RecordCodec<JobOpenNext> = plain(
  "a node's next task in the state",
  new ContainerType({ job: u32, node: u32, task: u64Number }),
)
