// The facts of an epoch as bytes: what the attestation's factsHash is of, and what a light client reads.
import { ContainerType, ListCompositeType } from '@chainsafe/ssz'
import type { Facts, Params } from '../facts.ts'
import { messageHash } from '../hash.ts'
import { FACTS_BYTES, FACTS_JOBS, FACTS_VERIFIERS } from '../limits.ts'
import { type JobWire, jobFromWire, jobToWire, jobType } from './job.ts'
import { type KindWire, kindFromWire, kindsFault, kindsType, kindToWire } from './kinds.ts'
import { bytes32, type Codec, mapped, strict, u8, u16, u32, u64, u64Number } from './strict.ts'

const params = new ContainerType({
  epochSlots: u32,
  grace: u32,
  inventory: u32,
  margin: u32,
  challenge: u32,
  commit: u32,
  reveal: u32,
  round: u32,
  dispute: u32,
  checkers: u32,
  carryEpochs: u32,
  evidenceEpochs: u32,
  barEpochs: u32,
  idleEpochs: u32,
  judgeEpochs: u32,
  trialRows: u32,
  maxEnrolments: u32,
  stampBits: u8,
  bountyBps: u16,
  slashTwoRevealsBps: u16,
  slashFalseTraceBps: u16,
  slashFalseEvidenceBps: u16,
})

const event = new ContainerType({ job: u32, slot: u64Number })
const snapshotEntry = new ContainerType({
  id: u32,
  voteKey: bytes32,
  operator: bytes32,
  stake: u64,
  weight: u32,
})
const posted = new ContainerType({ verifierId: u32, inventory: bytes32, reportCommit: bytes32 })
const verifier = new ContainerType({ id: u32, operator: bytes32 })

const facts = new ContainerType({
  networkId: bytes32,
  epoch: u64Number,
  previous: bytes32,
  startSlot: u64Number,
  endSlot: u64Number,
  dealSeed: bytes32,
  seed: bytes32,
  params,
  kinds: kindsType,
  snapshot: new ListCompositeType(snapshotEntry, FACTS_VERIFIERS),
  posted: new ListCompositeType(posted, FACTS_VERIFIERS),
  joined: new ListCompositeType(verifier, FACTS_VERIFIERS),
  created: new ListCompositeType(jobType, FACTS_JOBS),
  opened: new ListCompositeType(event, FACTS_JOBS),
  closed: new ListCompositeType(event, FACTS_JOBS),
})

type FactsWire = Omit<Facts, 'kinds' | 'created'> & {
  readonly params: Params
  readonly kinds: readonly KindWire[]
  readonly created: readonly JobWire[]
}

export const factsCodec: Codec<Facts> = mapped<Facts, FactsWire>(
  strict({
    name: 'the facts of an epoch',
    type: facts,
    maxBytes: FACTS_BYTES,
    fault: ({ kinds }) => kindsFault(kinds),
  }),
  (value) => ({
    ...value,
    kinds: value.kinds.map(kindToWire),
    created: value.created.map(jobToWire),
  }),
  (wire) => ({
    ...wire,
    kinds: wire.kinds.map(kindFromWire),
    created: wire.created.map(jobFromWire),
  }),
)

export function factsHash(value: Facts): Uint8Array {
  return messageHash('pw/facts', value.networkId, factsCodec.encode(value))
}
