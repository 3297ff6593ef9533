// How a verifier stands: for GET /status, and for people.
import type { Trouble } from '@piecework/api'

export interface VerifierStatus {
  readonly voteKey: string
  /** Undefined while it has no seat. */
  readonly verifier: number | undefined
  readonly stake: bigint | undefined
  readonly slot: number | undefined
  /** Whose work is under way, and what the epoch that settles next is in. */
  readonly epoch: number | undefined
  readonly settling: number | undefined
  readonly phase: string | undefined
  /** Of the newest state that is final, and of the newest that is on disk. */
  readonly stateEpoch: number | undefined
  readonly savedEpoch: number
  /** Stints to check in epochs that are not settled. */
  readonly stints: number
  /** Measurements of links, of this run. */
  readonly measured: number
  readonly reports: number
  readonly votes: number
  readonly offers: number
  readonly peers: number
  readonly troubles: readonly Trouble[]
}
