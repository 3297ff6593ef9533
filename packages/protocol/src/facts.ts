// What the chain says, as far as one epoch's result depends on it. Nothing here changes on chain after it is written.
import { LEASE_EPOCHS } from './limits.ts'

export interface Params {
  /** Slots. Epoch length, and the phases of 2-protocol.md in their order. */
  readonly epochSlots: number
  readonly grace: number
  readonly inventory: number
  readonly margin: number
  readonly challenge: number
  readonly commit: number
  readonly reveal: number
  readonly round: number
  readonly dispute: number
  /** Verifiers drawn for a stint. */
  readonly checkers: number
  readonly carryEpochs: number
  readonly evidenceEpochs: number
  readonly barEpochs: number
  readonly idleEpochs: number
  readonly judgeEpochs: number
  readonly trialRows: number
  readonly maxEnrolments: number
  /** Leading zero bits of a stamp's hash. */
  readonly stampBits: number
  /** Basis points. Of a forfeit, for the reports that carried the evidence. */
  readonly bountyBps: number
  /** Basis points of a verifier's stake, for each offence. */
  readonly slashTwoRevealsBps: number
  readonly slashFalseTraceBps: number
  readonly slashFalseEvidenceBps: number
}

export type Allocation = 'dealt' | 'open' | 'standing'
export type Checking = 'exact' | 'across' | 'measured'

/** The parameters of a kind, from the blob whose hash the Network account holds. */
export interface KindRules {
  readonly kind: number
  readonly version: number
  readonly allocation: Allocation
  readonly checking: Checking
  /** Share of rows drawn, in parts per million. */
  readonly rate: number
  /** Rows that a node may do per job and epoch, for open kinds. */
  readonly cap: number
}

/** A job as created on chain. Only opening and closing happen to it. */
export interface Job {
  readonly index: number
  readonly requester: Uint8Array
  readonly kind: number
  readonly rule: 'piece' | 'share'
  /** piece: for a unit. share: the budget of an epoch. */
  readonly price: bigint
  /** share: the most that a score of one is paid. */
  readonly capPrice: bigint
  readonly tasks: number
  readonly replicas: number
  readonly maxUnits: number
  readonly leaseEpochs: number
  readonly verifierBps: number
  readonly settleBps: number
  readonly deposit: bigint
  readonly specHash: Uint8Array
  /** Merkle root of the accounts that may do it, zero for everybody. */
  readonly allowRoot: Uint8Array
}

/** Epochs that a lease of the job runs. */
export function leaseEpochsOf({ leaseEpochs }: Pick<Job, 'leaseEpochs'>): number {
  return Math.min(leaseEpochs, LEASE_EPOCHS)
}

export interface JobEvent {
  readonly job: number
  readonly slot: number
}

export interface SnapshotEntry {
  readonly id: number
  readonly voteKey: Uint8Array
  readonly operator: Uint8Array
  readonly stake: bigint
  /** stake >> s, with the smallest s that makes their sum less than 2^32. */
  readonly weight: number
}

export interface VerifierFact {
  readonly id: number
  readonly operator: Uint8Array
}

export interface Posted {
  readonly verifierId: number
  readonly inventory: Uint8Array
  /** Zero where none was committed. */
  readonly reportCommit: Uint8Array
}

export interface Facts {
  readonly networkId: Uint8Array
  readonly epoch: number
  /** Hash of the final attestation of the epoch before, zero for epoch 0. */
  readonly previous: Uint8Array
  /** S_e and S_{e+1}. */
  readonly startSlot: number
  readonly endSlot: number
  /** seed_{e-2}, which deals e. */
  readonly dealSeed: Uint8Array
  /** seed_e, which draws checkers and rows of e. */
  readonly seed: Uint8Array
  readonly params: Params
  /** Ascending by kind. */
  readonly kinds: readonly KindRules[]
  /** The verifiers that weigh in e, ascending by id. */
  readonly snapshot: readonly SnapshotEntry[]
  /** What each of them posted. */
  readonly posted: readonly Posted[]
  /** Verifiers that joined since the facts before, ascending by id. */
  readonly joined: readonly VerifierFact[]
  /** Jobs created before S_{e+1} and not in the facts before, ascending by index, without gaps. */
  readonly created: readonly Job[]
  /** Openings in [S_e, S_{e+1}), and at the first epoch those before it too; ascending by (slot, job). */
  readonly opened: readonly JobEvent[]
  /** Closings that count from S_e: those in [S_{e-1}, S_e); ascending by (slot, job). */
  readonly closed: readonly JobEvent[]
}
