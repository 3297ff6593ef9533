// The random seed of an epoch: from a hash of the chain that nobody knew when the epoch's inventories were due.
import { i64le } from './bytes.ts'
import { h } from './hash.ts'

/** Epochs -2 and -1 have seeds too: `start` makes them, and they deal epochs 0 and 1. */
export function epochSeed(slotHash: Uint8Array, networkId: Uint8Array, epoch: number): Uint8Array {
  return h('pw/seed', slotHash, networkId, i64le(BigInt(epoch)))
}
