// An inventory on disk, with the enrolments that it lists: batches lie in their own store.
import { ByteListType, ContainerType, ListCompositeType } from '@chainsafe/ssz'
import { GOSSIP_BYTES } from '@piecework/network'
import { INVENTORY_BUCKETS, INVENTORY_ENTRIES, INVENTORY_HASHES, inventoryCodec } from '@piecework/protocol'
import { type Codec, strict } from '@piecework/protocol/strict'
import { KNOWN_MESSAGES } from './known-room.ts'

/** The most that all buckets can be together. */
const ENTRY_BYTES = 40
const PART_BYTES = INVENTORY_ENTRIES * ENTRY_BYTES
/** A signed enrolment is a few kilobytes at most. */
const ENROLMENT_BYTES = 16_384
/** Nobody could hold more in memory. */
const MAX_BYTES = 1_073_741_824

export interface StoredInventory {
  readonly header: Uint8Array
  readonly buckets: readonly Uint8Array[]
  readonly listed: Uint8Array
  readonly enrolments: readonly Uint8Array[]
  /** Opened known answers, in the order of their list. */
  readonly listedKnown: Uint8Array
  readonly known: readonly Uint8Array[]
}

const part = new ByteListType(PART_BYTES)

const type = new ContainerType({
  header: new ByteListType(inventoryCodec.layout.maxBytes),
  buckets: new ListCompositeType(part, INVENTORY_BUCKETS),
  listed: part,
  enrolments: new ListCompositeType(new ByteListType(ENROLMENT_BYTES), INVENTORY_HASHES),
  listedKnown: part,
  known: new ListCompositeType(new ByteListType(GOSSIP_BYTES), KNOWN_MESSAGES),
})

export const storedInventory: Codec<StoredInventory> = strict<
  StoredInventory,
  ReturnType<typeof type.deserialize>
>({ name: 'a stored inventory', type, maxBytes: MAX_BYTES })
