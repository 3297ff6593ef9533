// Rows and batches. The hot paths read the same bytes by hand, in ../batch.ts.
import { ContainerType, ListCompositeType } from '@chainsafe/ssz'
import { BATCH_ROWS } from '../limits.ts'
import type { Batch } from '../messages.ts'
import { bytes32, type Codec, strict, u32, u64Number } from './strict.ts'

const row = new ContainerType({ job: u32, task: u32, units: u32, at: u32, commit: bytes32 })

const batch = new ContainerType({
  networkId: bytes32,
  epoch: u64Number,
  nodeKey: bytes32,
  seq: u32,
  prev: bytes32,
  rows: new ListCompositeType(row, BATCH_ROWS),
})

export const batchCodec: Codec<Batch> = strict({
  name: 'a batch',
  type: batch,
  maxBytes: batch.maxSize,
  fault: ({ rows }) => (rows.length === 0 ? 'it has no rows' : undefined),
})
