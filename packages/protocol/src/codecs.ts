// The bytes of everything that travels or is stored, each as a strict codec.
export { batchCodec } from './codecs/batch.ts'
export { ackCodec, bucketCodec, hashListCodec, inventoryCodec } from './codecs/inventory.ts'
export type { Codec } from './codecs/strict.ts'
