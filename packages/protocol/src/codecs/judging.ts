// What people and keepers add to a judgement: known answers, and appeals against a rejection.
import { ByteListType, ContainerType, ListCompositeType } from '@chainsafe/ssz'
import { ANSWER_BYTES, KNOWN_ANSWERS, KNOWN_SIBLINGS, REASON_BYTES } from '../limits.ts'
import type { Appeal, Known, KnownAnswer } from '../messages.ts'
import {
  ascending,
  bytes32,
  type Codec,
  mapped,
  strict,
  textFromBytes,
  textToBytes,
  u32,
  u64Number,
} from './strict.ts'

const knownAnswer = new ContainerType({
  task: u32,
  answer: new ByteListType(ANSWER_BYTES),
})

const known = new ContainerType({
  networkId: bytes32,
  epoch: u64Number,
  job: u32,
  keeper: bytes32,
  answers: new ListCompositeType(knownAnswer, KNOWN_ANSWERS),
  proof: new ListCompositeType(bytes32, KNOWN_SIBLINGS),
})

/** Answers ascending by task. */
export const knownCodec: Codec<Known> = strict({
  name: 'a message of known answers',
  type: known,
  maxBytes: known.maxSize,
  fault: ({ answers }) =>
    ascending<KnownAnswer>(answers, (a, b) => a.task - b.task)
      ? undefined
      : 'its tasks are not in ascending order',
})

const appeal = new ContainerType({
  networkId: bytes32,
  epoch: u64Number,
  nodeKey: bytes32,
  job: u32,
  task: u32,
  reason: new ByteListType(REASON_BYTES),
})

type AppealBytes = Omit<Appeal, 'reason'> & { readonly reason: Uint8Array }

export const appealCodec: Codec<Appeal> = mapped<Appeal, AppealBytes>(
  strict<AppealBytes, AppealBytes>({ name: 'an appeal', type: appeal, maxBytes: appeal.maxSize }),
  (value) => ({ ...value, reason: textToBytes(value.reason) }),
  (bytes) => ({ ...bytes, reason: textFromBytes(bytes.reason) }),
)
