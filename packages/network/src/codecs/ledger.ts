// Leaves with their proofs, and the claims that are carried with them.
import { BooleanType, ByteListType, ContainerType, ListCompositeType, OptionalType } from '@chainsafe/ssz'
import { PROOF_SIBLINGS } from '@piecework/protocol'
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
import { LEDGER_LEAVES, SIGNATURE_TEXT_BYTES } from '../limits.ts'
import type { LedgerAnswer, LedgerQuestion, RelayAnswer, RelayQuestion } from '../questions.ts'
import { numbered } from './words.ts'

const ledgers = numbered<LedgerQuestion['ledger']>('ledger', ['accounts', 'jobs', 'slashes'])

const question = new ContainerType({ ledger: u8, owner: bytes32, index: new OptionalType(u32) })

interface LedgerWire {
  readonly ledger: number
  readonly owner: Uint8Array
  readonly index: number | null
}

export const ledgerQuestion: Codec<LedgerQuestion> = mapped<LedgerQuestion, LedgerWire>(
  strict({
    name: 'a question for leaves',
    type: question,
    maxBytes: question.maxSize,
    fault: ({ ledger }) => ledgers.fault(ledger),
  }),
  ({ ledger, owner, index }) => ({ ledger: ledgers.number(ledger), owner, index: index ?? null }),
  ({ ledger, owner, index }) => ({ ledger: ledgers.word(ledger), owner, index: index ?? undefined }),
)

const leaf = new ContainerType({
  index: u32,
  amount: u64,
  minAmount: u64,
  maxFee: u64,
  done: new BooleanType(),
  rest: bytes32,
  proof: new ListCompositeType(bytes32, PROOF_SIBLINGS),
})

const answer = new ContainerType({ epoch: orNever, leaves: new ListCompositeType(leaf, LEDGER_LEAVES) })

export const ledgerAnswer: Codec<LedgerAnswer> = strict({
  name: 'an answer of leaves',
  type: answer,
  maxBytes: answer.maxSize,
})

const relay = new ContainerType({ epoch: u64Number, wallet: bytes32, leaf })

export const relayQuestion: Codec<RelayQuestion> = strict({
  name: 'a claim to carry',
  type: relay,
  maxBytes: relay.maxSize,
})

const relayed = new ContainerType({
  signature: new ByteListType(SIGNATURE_TEXT_BYTES),
  paid: u64,
  fee: u64,
})

interface RelayedWire {
  readonly signature: Uint8Array
  readonly paid: bigint
  readonly fee: bigint
}

export const relayAnswer: Codec<RelayAnswer> = mapped<RelayAnswer, RelayedWire>(
  strict({ name: 'a claim that was carried', type: relayed, maxBytes: relayed.maxSize }),
  (value) => ({ ...value, signature: textToBytes(value.signature) }),
  (wire) => ({ ...wire, signature: textFromBytes(wire.signature) }),
)
