// What the program says of each instruction it carried out: the fields of its log lines.
import type { Address } from '../address.ts'
import type { LedgerName, PostSort } from '../words.ts'

export interface Events {
  readonly NetworkCreated: {
    readonly network: Address
    readonly authority: Address
    readonly mint: Address
  }
  readonly Started: {
    readonly network: Address
    readonly startsAt: number
    readonly endsAt: number
  }
  readonly ParamsSet: {
    readonly network: Address
    readonly fromEpoch: number
  }
  readonly AuthorityNominated: {
    readonly network: Address
    readonly nominee: Address
  }
  readonly AuthorityAccepted: {
    readonly network: Address
    readonly authority: Address
  }
  readonly Paused: {
    readonly network: Address
    readonly until: number
  }
  readonly Resumed: {
    readonly network: Address
    readonly slot: number
  }
  /** displaced is 2^32 - 1 when nobody was. */
  readonly VerifierJoined: {
    readonly network: Address
    readonly id: number
    readonly operator: Address
    readonly voteKey: Address
    readonly stake: bigint
    readonly fromEpoch: number
    readonly displaced: number
  }
  readonly VerifierLeft: {
    readonly network: Address
    readonly id: number
    readonly exitEpoch: number
  }
  readonly VerifierRetired: {
    readonly network: Address
    readonly id: number
    readonly stake: bigint
  }
  readonly StakeWithdrawn: {
    readonly network: Address
    readonly id: number
    readonly amount: bigint
  }
  readonly Dropped: {
    readonly network: Address
    readonly epoch: number
    readonly seats: bigint
    readonly stakeCounted: bigint
  }
  readonly JobCreated: {
    readonly network: Address
    readonly job: Address
    readonly index: number
    readonly requester: Address
    readonly deposit: bigint
  }
  readonly JobClosed: {
    readonly network: Address
    readonly index: number
    readonly slot: number
  }
  readonly JobRefunded: {
    readonly network: Address
    readonly index: number
    readonly charged: bigint
    readonly refunded: bigint
  }
  /** reached: this post made the quorum (inventories) or opened the job (holdings). job is 2^32 - 1 but for holdings. */
  readonly Posted: {
    readonly network: Address
    readonly epoch: number
    readonly what: PostSort
    readonly seats: bigint
    readonly job: number
    readonly reached: boolean
  }
  /** Where slot is 0 and seed zero, only the target moved, to next_end. */
  readonly Sealed: {
    readonly network: Address
    readonly epoch: number
    readonly slot: number
    readonly seed: Uint8Array
    readonly nextEnd: number
  }
  readonly Proposed: {
    readonly network: Address
    readonly epoch: number
    readonly round: number
    readonly attestation: Uint8Array
  }
  readonly RoundBegan: {
    readonly network: Address
    readonly epoch: number
    readonly round: number
    readonly slot: number
  }
  /** reached: this vote made the quorum. */
  readonly Voted: {
    readonly network: Address
    readonly epoch: number
    readonly round: number
    readonly seats: bigint
    readonly reached: boolean
  }
  readonly Finalized: {
    readonly network: Address
    readonly epoch: number
    readonly slot: number
    readonly attestation: Uint8Array
    readonly paid: bigint
    readonly charged: bigint
  }
  readonly DisputeOpened: {
    readonly network: Address
    readonly epoch: number
    readonly ledger: LedgerName
    readonly index: number
    readonly disputer: Address
  }
  readonly DisputeProven: {
    readonly network: Address
    readonly epoch: number
    readonly round: number
    readonly ledger: LedgerName
    readonly index: number
    readonly burned: bigint
    readonly reward: bigint
  }
  readonly PageOpened: {
    readonly network: Address
    readonly number: number
  }
  readonly Claimed: {
    readonly network: Address
    readonly index: number
    readonly wallet: Address
    readonly paid: bigint
    readonly fee: bigint
    readonly claimed: bigint
  }
  readonly DisputeClosed: {
    readonly network: Address
    readonly epoch: number
    readonly ledger: LedgerName
    readonly index: number
    readonly disputer: Address
  }
  readonly Slashed: {
    readonly network: Address
    readonly id: number
    readonly amount: bigint
    readonly slashed: bigint
  }
}

export type EventName = keyof Events

/** One of them, told apart by its name. */
export type ProgramEvent = {
  readonly [N in EventName]: { readonly name: N; readonly fields: Events[N] }
}[EventName]
