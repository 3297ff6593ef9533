// What a node is told of itself: acknowledgements, its standing, results.
import {
  ByteListType,
  ContainerType,
  ListBasicType,
  ListCompositeType,
  OptionalType,
  type ValueOf,
} from '@chainsafe/ssz'
import { FACTS_VERIFIERS } from '@piecework/protocol'
import {
  bytes32,
  type Codec,
  mapped,
  orNever,
  strict,
  textFromBytes,
  textToBytes,
  u8,
  u32,
  u64,
  u64Number,
} from '@piecework/protocol/strict'
import { ACK_BYTES, REASON_TEXT_BYTES, STATUS_ACKS, STATUS_BYTES, STATUS_RESULTS } from '../limits.ts'
import type { NodeStanding, Outcome, StatusAnswer, StatusQuestion, StintResult } from '../questions.ts'
import { numbered } from './words.ts'

const question = new ContainerType({ nodeKey: bytes32, from: orNever })

export const statusQuestion: Codec<StatusQuestion> = strict({
  name: 'a question for a status',
  type: question,
  maxBytes: question.maxSize,
})

const outcomes = numbered<Outcome>('outcome', ['paid', 'carried', 'failed'])

const standing = new ContainerType({
  node: u32,
  account: new OptionalType(u32),
  bond: u64,
  vouched: u64,
  held: u64,
  target: u64,
  barredUntil: orNever,
  failedAt: orNever,
  nonce: u64,
  expiresAtEpoch: u64Number,
})

const result = new ContainerType({
  epoch: u64Number,
  outcome: u8,
  rows: u32,
  paidRows: u32,
  pay: u64,
  reason: new ByteListType(REASON_TEXT_BYTES),
  checkers: new ListBasicType(u32, FACTS_VERIFIERS),
})

const answer = new ContainerType({
  epoch: orNever,
  acks: new ListCompositeType(new ByteListType(ACK_BYTES), STATUS_ACKS),
  standing: new OptionalType(standing),
  results: new ListCompositeType(result, STATUS_RESULTS),
})

type StatusWire = ValueOf<typeof answer>
type ResultWire = ValueOf<typeof result>

const resultToWire = (value: StintResult): ResultWire => ({
  ...value,
  outcome: outcomes.number(value.outcome),
  reason: textToBytes(value.reason),
  checkers: [...value.checkers],
})

const resultFromWire = (wire: ResultWire): StintResult => ({
  ...wire,
  outcome: outcomes.word(wire.outcome),
  reason: textFromBytes(wire.reason),
})

const standingFromWire = (wire: ValueOf<typeof standing>): NodeStanding => ({
  ...wire,
  account: wire.account ?? undefined,
})

export const statusAnswer: Codec<StatusAnswer> = mapped<StatusAnswer, StatusWire>(
  strict<StatusWire, StatusWire>({
    name: 'a status',
    type: answer,
    maxBytes: STATUS_BYTES,
    fault: ({ results }) =>
      results.map(({ outcome }) => outcomes.fault(outcome)).find((fault) => fault !== undefined),
  }),
  ({ epoch, acks, standing: own, results }) => ({
    epoch,
    acks: [...acks],
    standing: own === undefined ? null : { ...own, account: own.account ?? null },
    results: results.map(resultToWire),
  }),
  ({ epoch, acks, standing: own, results }) => ({
    epoch,
    acks,
    standing: own === null ? undefined : standingFromWire(own),
    results: results.map(resultFromWire),
  }),
)
