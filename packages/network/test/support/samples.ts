// One question and one answer of each protocol, with something in every field and list, and one of each way a value can go.
import { attestationCodec, ZERO_HASH } from '@piecework/protocol'
import { protocols } from '../../src/all-protocols.ts'
import { ACK_BYTES } from '../../src/limits.ts'
import type { Protocol } from '../../src/protocols.ts'
import type { Offer, ProvenLeaf, RowOpening, StintResult } from '../../src/questions.ts'

export interface Sample<Question, Answer> {
  readonly protocol: Protocol<Question, Answer>
  readonly questions: readonly Question[]
  readonly answers: readonly Answer[]
}

const filled = (byte: number, length = 32): Uint8Array => new Uint8Array(length).fill(byte)

const opening: RowOpening = { seq: 3, row: 1023, salt: filled(1), output: filled(2, 100) }
const empty: RowOpening = { seq: 0, row: 0, salt: filled(0), output: new Uint8Array(0) }

const leaf: ProvenLeaf = {
  index: 7,
  amount: 2n ** 64n - 1n,
  minAmount: 1n,
  maxFee: 0n,
  done: true,
  rest: filled(3),
  proof: [filled(4), filled(5)],
}

const result: StintResult = {
  epoch: 9,
  outcome: 'carried',
  rows: 100,
  paidRows: 40,
  pay: 12_345n,
  reason: 'two of three checkers have not looked at it yet — ünïcode',
  checkers: [0, 3, 63],
}

const root = { root: ZERO_HASH, count: 0, total: 0n }
const attestation = attestationCodec.encode({
  networkId: filled(1),
  epoch: 3,
  round: 0,
  seed: filled(2),
  factsHash: filled(3),
  inputsRoot: filled(4),
  previous: filled(5),
  accounts: root,
  jobs: root,
  slashes: root,
  nodesRoot: filled(6),
  workforceRoot: filled(7),
  stateHash: filled(8),
})

const offers: Offer[] = [
  { what: 'inventory', epoch: 1, value: filled(1) },
  { what: 'commit', epoch: 1, value: filled(2) },
  { what: 'holding', epoch: 2, job: filled(3) },
  { what: 'proposal', epoch: 0, round: 2, attestation },
  { what: 'vote', epoch: 0, round: 1, value: filled(4) },
]

function sample<Question, Answer>(one: Sample<Question, Answer>): Sample<unknown, unknown> {
  return {
    protocol: {
      ...one.protocol,
      // The samples are looked at one by one, whatever their types.
      question: one.protocol.question as Protocol<unknown, unknown>['question'],
      answer: one.protocol.answer as Protocol<unknown, unknown>['answer'],
    },
    questions: one.questions,
    answers: one.answers,
  }
}

export const SAMPLES: readonly Sample<unknown, unknown>[] = [
  sample({
    protocol: protocols.data,
    questions: [
      { sort: 'content', hashes: [filled(1), filled(2)] },
      { sort: 'proposal', hashes: [] },
    ],
    answers: [
      { found: [filled(1, 5), { longBytes: 2_000_000 }, undefined, new Uint8Array(0), filled(9, 70_000)] },
      { found: [] },
    ],
  }),
  sample({
    protocol: protocols.piece,
    questions: [{ sort: 'reveal', hash: filled(1), at: 524_288, bytes: 262_144 }],
    answers: [
      { wholeBytes: 600_000, bytes: filled(3, 500) },
      { wholeBytes: 0, bytes: new Uint8Array(0) },
      { wholeBytes: undefined, bytes: new Uint8Array(0) },
    ],
  }),
  sample({
    protocol: protocols.upload,
    questions: [{ job: filled(1), bytes: filled(2, 1000) }],
    answers: [
      { hash: filled(1), complete: true },
      { hash: filled(2), complete: false },
    ],
  }),
  sample({
    protocol: protocols.work,
    questions: [{ epoch: 3, nodeKey: filled(1) }],
    answers: [
      { node: 0, tasks: [{ job: 1, task: 2 }] },
      { node: undefined, tasks: [] },
    ],
  }),
  sample({
    protocol: protocols.deliver,
    questions: [{ epoch: 3, nodeKey: filled(1), openings: [opening, empty] }],
    answers: [{ kept: 2 }],
  }),
  sample({
    protocol: protocols.open,
    questions: [{ epoch: 3, rows: [{ seq: 0, row: 5 }] }],
    answers: [{ openings: [opening] }, { openings: [] }],
  }),
  sample({
    protocol: protocols.status,
    questions: [{ nodeKey: filled(1), from: 0 }],
    answers: [
      { epoch: -1, acks: [], standing: undefined, results: [] },
      {
        epoch: 12,
        acks: [filled(1, ACK_BYTES)],
        standing: {
          node: 4,
          account: undefined,
          bond: 1n,
          vouched: 2n,
          held: 3n,
          target: 4n,
          barredUntil: -1,
          failedAt: -1,
          nonce: 5n,
          expiresAtEpoch: 100,
        },
        results: [result],
      },
      {
        epoch: 12,
        acks: [],
        standing: {
          node: 4,
          account: 0,
          bond: 1n,
          vouched: 2n,
          held: 3n,
          target: 4n,
          barredUntil: 17,
          failedAt: 7,
          nonce: 5n,
          expiresAtEpoch: 100,
        },
        results: [],
      },
    ],
  }),
  sample({
    protocol: protocols.ledger,
    questions: [
      { ledger: 'accounts', owner: filled(1), index: undefined },
      { ledger: 'slashes', owner: filled(1), index: 0 },
    ],
    answers: [
      { epoch: -1, leaves: [] },
      { epoch: 4, leaves: [leaf, { ...leaf, done: false, proof: [] }] },
    ],
  }),
  sample({
    protocol: protocols.offers,
    questions: [{ settler: filled(1) }],
    answers: [{ verifierId: 3, offers }],
  }),
  sample({
    protocol: protocols.cosign,
    questions: [{ message: filled(1, 1000) }],
    answers: [{ signature: filled(1, 64) }],
  }),
  sample({
    protocol: protocols.relay,
    questions: [{ epoch: 3, wallet: filled(1), leaf }],
    answers: [{ signature: '5VERv8NMvzbJMEkV8xnrLkEaWRtSz9CosKDYjCJjBRnb', paid: 10n, fee: 1n }],
  }),
  sample({
    protocol: protocols.results,
    questions: [{ job: 1, epoch: 2, after: 3 }],
    answers: [
      {
        settled: -1,
        results: [{ task: 1, node: 2, units: 3, at: 4, batch: filled(5), row: 6, output: filled(7, 99) }],
      },
    ],
  }),
  sample({
    protocol: protocols.finished,
    questions: [{ job: 1, epoch: 9 }],
    answers: [
      { settled: -1, tasks: [] },
      { settled: 7, tasks: [0, 3, 4_000_000_000] },
    ],
  }),
]
