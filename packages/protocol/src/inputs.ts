// What the proposer of an epoch puts together, fetched by hash and checked by checkInputs before it is applied.

import type { HeldBatch } from './batch.ts'
import type { InventoryData } from './inventory.ts'
import type { Enrolment, Known, Report } from './messages.ts'

/** An enrolment whose signatures were checked. */
export interface EnrolmentInput {
  readonly enrolment: Enrolment
  readonly hash: Uint8Array
  readonly stampHash: Uint8Array
  /** The wallet signed too; a renewal needs the node key alone. */
  readonly byWallet: boolean
}

export interface KnownInput {
  readonly known: Known
  readonly hash: Uint8Array
}

/** A report whose signature was checked, and whose salt and hash open the verifier's commit. */
export interface ReportInput {
  readonly report: Report
  readonly hash: Uint8Array
}

export interface TwoReveals {
  readonly verifierId: number
  /** Of a report that isn't the revealed one; the least, where somebody signed more. */
  readonly other: Uint8Array
}

export interface Inputs {
  readonly round: number
  /** The settler's wallet. */
  readonly settler: Uint8Array
  /** One of each verifier; each hashes to what that verifier posted. */
  readonly inventories: readonly InventoryData[]
  /** All batches of a node in this epoch that the inventories' data hold, signatures checked. */
  readonly chainOf: (node: number) => readonly HeldBatch[]
  readonly enrolments: readonly EnrolmentInput[]
  readonly known: readonly KnownInput[]
  /** One of each verifier. */
  readonly reports: readonly ReportInput[]
  /** Of verifiers that signed two different reports for this epoch: the one that they did not reveal. */
  readonly twoReveals: readonly TwoReveals[]
}
