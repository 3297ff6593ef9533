import type { Address } from '../address.ts'
import { struct } from '../codec/compound.ts'
import type { Layout } from '../codec/layout.ts'
import { address, hash, natural, u32, u64 } from '../codec/scalars.ts'

/** A verifier in an epoch's snapshot. */
export interface Seat {
  readonly id: number
  /** stake >> s, with the smallest s that makes the sum less than 2^32. */
  readonly weight: number
  readonly voteKey: Address
  readonly stake: bigint
  /** Last slot in which it posted, proposed or voted; for who is new, at least S_{e+1}. */
  readonly activeSlot: number
  /** Means something if its bit in inventoryMask is set. */
  readonly inventory: Uint8Array
  /** Means something if its bit in commitMask is set. */
  readonly commit: Uint8Array
}

export const seatLayout: Layout<Seat> = struct<Seat>('Seat', {
  id: u32,
  weight: u32,
  voteKey: address,
  stake: u64,
  activeSlot: natural,
  inventory: hash,
  commit: hash,
})
