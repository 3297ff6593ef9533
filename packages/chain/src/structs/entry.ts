import type { Address } from '../address.ts'
import { gap, struct } from '../codec/compound.ts'
import type { Layout } from '../codec/layout.ts'
import { address, epochNumber, u32, u64 } from '../codec/scalars.ts'

/** A verifier in the roster. */
export interface Entry {
  readonly id: number
  readonly voteKey: Address
  readonly stake: bigint
  /** First epoch it has a seat in. */
  readonly fromEpoch: number
  /** First epoch it has no seat in; Infinity: stays. */
  readonly exitEpoch: number
  /** Last epoch it posted or voted in; -1: none yet. */
  readonly lastActive: number
}

export const entryLayout: Layout<Entry> = struct<Entry>('Entry', {
  id: u32,
  padding: gap(4),
  voteKey: address,
  stake: u64,
  fromEpoch: epochNumber,
  exitEpoch: epochNumber,
  lastActive: epochNumber,
})
