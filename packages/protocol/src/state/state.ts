// The state: everything that an epoch's result depends on besides that epoch's facts and inputs.
// Values only, never changed in place: applyEpoch copies what it changes. Bytes are in pages.ts.
import type { Job } from '../facts.ts'
import type { Answer, Attribute, KindCapacity } from '../messages.ts'
import type { Deal, Workforce } from '../workforce.ts'

/** "Not yet", "none", in columns of numbers. */
export const NEVER = -1

/** Epochs that a node's target and capacity look back. */
export const HISTORY_EPOCHS = 8

/** The commons: forfeits and rounding go there, and nobody can claim it. */
export const COMMONS_ACCOUNT = 0

export interface State {
  readonly networkId: Uint8Array
  /** The last epoch that was applied, -1 at genesis. */
  readonly epoch: number
  /** By index, of which none is given twice: a pruned node leaves a record without a key (pruned.ts). */
  readonly nodes: readonly NodeRecord[]
  readonly owners: readonly OwnerRecord[]
  readonly accounts: readonly AccountRecord[]
  readonly jobs: readonly JobRecord[]
  readonly verifiers: readonly VerifierRecord[]
  /** Deals whose leases can still be used, and at least the last two; ascending by epoch. */
  readonly dealt: readonly DealtEpoch[]
  /** Workforces of the next three epochs. */
  readonly workforces: readonly Workforce[]
  /** Undecided stints, ascending by (epoch, node). */
  readonly carried: readonly CarriedStint[]
}

export interface NodeRecord {
  readonly nodeKey: Uint8Array
  readonly owner: number
  readonly kinds: readonly KindCapacity[]
  readonly attributes: readonly Attribute[]
  readonly expiresAtEpoch: number
  readonly nonce: bigint
  readonly bond: bigint
  /** Counts as bond, and is no money. */
  readonly vouched: bigint
  /** Pay that waits because a stint is carried. */
  readonly held: bigint
  readonly enrolledAt: number
  /** Epoch of its last valid row. */
  readonly lastRow: number
  /** Epoch in which it was last failed. */
  readonly failedAt: number
  /** Not dealt to, and paid nothing, before this epoch. */
  readonly barredUntil: number
  /** Ascending by epoch; what a later entry outdoes in every way is left out. */
  readonly history: readonly NodeHistory[]
}

/** What one epoch tells of a node. */
export interface NodeHistory {
  readonly epoch: number
  /** Greatest 2 v (1 - rate) / rate of its paid rows. */
  readonly exposure: bigint
  readonly pay: bigint
  readonly tasks: number
}

export interface OwnerRecord {
  readonly wallet: Uint8Array
  /** Account index, NEVER until something was credited. */
  readonly account: number
  readonly minAmount: bigint
  readonly maxFee: bigint
  /** The least number with which another node key of this wallet enters: above those of its pruned nodes. */
  readonly enterFrom: bigint
}

export interface AccountRecord {
  /** NEVER for the commons. */
  readonly owner: number
  readonly released: bigint
}

export interface JobRecord {
  readonly job: Job
  /** Slot and epoch of opening, NEVER before. */
  readonly openSlot: number
  /** The first epoch that no longer deals it, NEVER before it is closed. */
  readonly closedAt: number
  readonly charged: bigint
  readonly done: boolean
  /** The first task that was never dealt. */
  readonly cursor: number
  /** Replicas dealt, or rows accepted, and not decided. */
  readonly inFlight: number
  /** Tasks with a story: returned ones, and those that wait to be judged. Ascending by task. */
  readonly tasks: readonly TaskRecord[]
  /** Open kinds: the least task number that each node may use next, ascending by node. */
  readonly openNext: readonly OpenNext[]
  /** What the kind remembers between judgements. */
  readonly memory: Uint8Array
}

export interface OpenNext {
  readonly node: number
  readonly task: number
}

export interface TaskRecord {
  readonly task: number
  /** Replicas leased or carried. */
  readonly out: number
  /** Replicas to deal again. */
  readonly missing: number
  /** Owners that hold or delivered a replica, ascending. */
  readonly had: readonly number[]
  /** One of those is in trial. */
  readonly trial: boolean
  /** The last epoch in which a replica was dealt. */
  readonly lastDealt: number
  /** Delivered and not yet judged, by (epoch, node). */
  readonly answers: readonly WaitingAnswer[]
  /** What the judgement found, while replicas are still out. */
  readonly result: Uint8Array | undefined
  /**
   * A workforce fixed before the judgement may deal the task once more until then: its result is kept. Before that, in a
   * job with known answers: the epoch at whose end nothing of it was out any more.
   */
  readonly keptUntil: number
}

export interface WaitingAnswer {
  readonly node: number
  readonly epoch: number
  readonly seq: number
  readonly row: number
  readonly trial: boolean
  readonly units: number
  readonly output: Uint8Array
}

export interface VerifierRecord {
  readonly operator: Uint8Array
  readonly slashed: bigint
}

export interface DealtEpoch {
  readonly deal: Deal
  /** For each job of the deal, 1 where a row used the lease. */
  readonly used: readonly Uint8Array[]
}

/** Valid rows of stints, in columns. */
export interface RowTable {
  readonly length: number
  readonly seqs: Uint32Array
  readonly rows: Uint16Array
  readonly jobs: Uint32Array
  readonly tasks: Uint32Array
  readonly units: Uint32Array
  /** ROW_DRAWN, ROW_TRIAL. */
  readonly flags: Uint8Array
}

export const ROW_DRAWN = 1
export const ROW_TRIAL = 2
/** Not admitted: its node answers for it, and it neither uses a lease nor earns. */
export const ROW_UNADMITTED = 4

/** A node's epoch of work. Its rows are [start, end) of a table. */
export interface Stint {
  readonly epoch: number
  readonly node: number
  /** Hash and number of rows of each admitted batch; the last one's hash is the admitted head. */
  readonly batches: readonly { readonly hash: Uint8Array; readonly rowCount: number }[]
  readonly table: RowTable
  readonly start: number
  readonly end: number
  readonly drawn: number
  /** Its bond was below its target: all checkers must agree. */
  readonly unproven: boolean
}

export interface CarriedStint extends Stint {
  /** 32 bytes for each row of its table. */
  readonly commits: Uint8Array
  /** Verifier ids in the order drawn. */
  readonly checkers: readonly number[]
  /** The latest finding of each checker that reported, ascending by verifier. */
  readonly findings: readonly Finding[]
  readonly answers: readonly Answer[]
}

export interface Finding {
  readonly verifier: number
  /** T at the admitted head. */
  readonly trace: Uint8Array
  readonly delivered: readonly Uint8Array[]
  /** Measured scores in millionths, by job. */
  readonly scores: readonly { readonly job: number; readonly score: number }[]
}
