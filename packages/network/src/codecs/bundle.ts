// Signed batches that a hub passes on together.
import { ByteListType, ListCompositeType } from '@chainsafe/ssz'
import { MAX_SIGNED_BATCH_BYTES } from '@piecework/protocol'
import { type Codec, strict } from '@piecework/protocol/strict'
import { BUNDLE_BATCHES, GOSSIP_BYTES } from '../limits.ts'

export const bundleCodec: Codec<readonly Uint8Array[]> = strict<readonly Uint8Array[], Uint8Array[]>({
  name: 'a bundle of batches',
  type: new ListCompositeType(new ByteListType(MAX_SIGNED_BATCH_BYTES), BUNDLE_BATCHES),
  maxBytes: GOSSIP_BYTES,
  fault: (batches) => (batches.length > 0 ? undefined : 'there is nothing in it'),
})
