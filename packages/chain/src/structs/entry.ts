import type { Address } from '../address.ts'
import { gap, struct } from '../codec/compound.ts'
import type { Layout } from '../codec/layout.ts'
import { address, epochNumber, natural, u32, u64 } from '../codec/scalars.ts'

/** A verifier in the roster. */
export interface Entry {
  readonly id: number
  readonly voteKey: Address
  readonly stake: bigint
  /** First epoch it has a seat in. */
  readonly fromEpoch: number
  /** First epoch it has no seat in; Infinity: stays. */
  readonly exitEpoch: number
  /** Last slot in which it posted, proposed or voted, as of the newest seal; at first the slot it joined in. */
  readonly activeSlot: number
}

export const entryLayout: Layout<Entry> = struct<Entry>('Entry', {
  id: u32,
  padding: gap(4),
  voteKey: address,
  stake: u64,
  fromEpoch: epochNumber,
  exitEpoch: epochNumber,
  activeSlot: natural,
})
