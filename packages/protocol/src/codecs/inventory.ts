// What verifiers say they hold: inventories with their buckets and lists, and acknowledgements to nodes.
import { ContainerType, ListCompositeType, VectorCompositeType } from '@chainsafe/ssz'
import { BUCKET_ENTRIES, INVENTORY_BUCKETS, INVENTORY_HASHES } from '../limits.ts'
import type { Ack, Inventory, InventoryEntry } from '../messages.ts'
import { ascending, ascendingBytes, bytes32, type Codec, strict, u32, u64Number } from './strict.ts'

const ack = new ContainerType({
  networkId: bytes32,
  epoch: u64Number,
  verifierId: u32,
  nodeKey: bytes32,
  seq: u32,
  head: bytes32,
})

export const ackCodec: Codec<Ack> = strict({ name: 'an acknowledgement', type: ack, maxBytes: ack.maxSize })

const inventory = new ContainerType({
  networkId: bytes32,
  epoch: u64Number,
  verifierId: u32,
  buckets: new VectorCompositeType(bytes32, INVENTORY_BUCKETS),
  enrolments: bytes32,
  known: bytes32,
  appeals: bytes32,
  secretHash: bytes32,
})

export const inventoryCodec: Codec<Inventory> = strict({
  name: 'an inventory',
  type: inventory,
  maxBytes: inventory.maxSize,
})

const entry = new ContainerType({ node: u32, seq: u32, head: bytes32 })
const bucket = new ListCompositeType(entry, BUCKET_ENTRIES)

/** Ascending by node. ../inventory.ts reads the same bytes into columns. */
export const bucketCodec: Codec<readonly InventoryEntry[]> = strict<
  readonly InventoryEntry[],
  InventoryEntry[]
>({
  name: 'a bucket of an inventory',
  type: bucket,
  maxBytes: bucket.maxSize,
  fault: (entries) =>
    ascending(entries, (a, b) => a.node - b.node) ? undefined : 'its nodes are not in ascending order',
})

const hashes = new ListCompositeType(bytes32, INVENTORY_HASHES)

/** Message hashes, ascending. */
export const hashListCodec: Codec<readonly Uint8Array[]> = strict<readonly Uint8Array[], Uint8Array[]>({
  name: 'a list of hashes',
  type: hashes,
  maxBytes: hashes.maxSize,
  fault: (list) => (ascendingBytes(list) ? undefined : 'its hashes are not in ascending order'),
})
