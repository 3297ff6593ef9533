// What a verifier holds of an epoch. The header's hash is posted on chain; the parts are fetched by their hashes, and
// of the buckets only those that no inventory which is here has too.

import { type BucketOf, type HeadColumns, makeBuckets, mismatch, readBuckets } from './buckets.ts'
import { compareBytes, equalBytes } from './bytes.ts'
import { hashListCodec, inventoryCodec } from './codecs.ts'
import { h, messageHash } from './hash.ts'
import { INVENTORY_BUCKETS } from './limits.ts'
import type { Inventory } from './messages.ts'

export { type BucketOf, bucketIn, type HeadColumns, nodeBucket } from './buckets.ts'

/** A whole inventory, decoded and checked. */
export interface InventoryData extends HeadColumns {
  readonly header: Inventory
  /** Message hashes, ascending. */
  readonly enrolments: readonly Uint8Array[]
  readonly known: readonly Uint8Array[]
  readonly appeals: readonly Uint8Array[]
}

/** A whole inventory, as it is stored and sent. */
export interface InventoryParts {
  readonly header: Uint8Array
  readonly buckets: readonly Uint8Array[]
  readonly enrolments: Uint8Array
  readonly known: Uint8Array
  readonly appeals: Uint8Array
}

export interface InventoryContents extends HeadColumns {
  readonly networkId: Uint8Array
  readonly epoch: number
  readonly verifierId: number
  readonly secretHash: Uint8Array
  /** Message hashes, in any order. */
  readonly enrolments: readonly Uint8Array[]
  readonly known: readonly Uint8Array[]
  readonly appeals: readonly Uint8Array[]
}

/** The root that a verifier posts, from the header's bytes. */
export function inventoryRoot(networkId: Uint8Array, header: Uint8Array): Uint8Array {
  return messageHash('pw/inventory', networkId, header)
}

/** Hash of a bucket or a list. Neither can have the length of a header with its network id. */
export function partHash(part: Uint8Array): Uint8Array {
  return h('pw/inventory', part)
}

export function makeInventory(contents: InventoryContents, bucketOf: BucketOf): InventoryParts {
  const buckets = makeBuckets(contents, bucketOf)
  const enrolments = makeList(contents.enrolments)
  const known = makeList(contents.known)
  const appeals = makeList(contents.appeals)
  const { networkId, epoch, verifierId, secretHash } = contents
  const header = inventoryCodec.encode({
    networkId,
    epoch,
    verifierId,
    buckets: buckets.map(partHash),
    enrolments: partHash(enrolments),
    known: partHash(known),
    appeals: partHash(appeals),
    secretHash,
  })
  return { header, buckets, enrolments, known, appeals }
}

function makeList(hashes: readonly Uint8Array[]): Uint8Array {
  return hashListCodec.encode([...hashes].sort(compareBytes))
}

export interface ReadInventoryOptions {
  readonly networkId: Uint8Array
  readonly epoch: number
  readonly verifierId: number
  /** What this verifier posted on chain. */
  readonly root: Uint8Array
  readonly bucketOf: BucketOf
}

/** Checks every part against its hash and the header against the posted root, and decodes them into columns. */
export function readInventory(parts: InventoryParts, options: ReadInventoryOptions): InventoryData {
  const header = inventoryCodec.decode(parts.header)
  checkHeader(header, parts.header, options)
  checkParts(header, parts)
  return {
    header,
    ...readBuckets(parts.buckets, options.bucketOf),
    enrolments: hashListCodec.decode(parts.enrolments),
    known: hashListCodec.decode(parts.known),
    appeals: hashListCodec.decode(parts.appeals),
  }
}

function checkHeader(header: Inventory, bytes: Uint8Array, options: ReadInventoryOptions): void {
  const { networkId, epoch, verifierId, root } = options
  if (!equalBytes(inventoryRoot(networkId, bytes), root)) throw mismatch('its header is not what was posted')
  if (!equalBytes(header.networkId, networkId)) throw mismatch('it is of another network')
  if (header.epoch !== epoch) throw mismatch(`it is of epoch ${header.epoch}, not ${epoch}`)
  if (header.verifierId !== verifierId)
    throw mismatch(`it is of verifier ${header.verifierId}, not ${verifierId}`)
}

function checkParts(header: Inventory, parts: InventoryParts): void {
  if (parts.buckets.length !== INVENTORY_BUCKETS) throw mismatch(`it has ${parts.buckets.length} buckets`)
  for (const [i, bucket] of parts.buckets.entries()) checkPart(`bucket ${i}`, bucket, header.buckets[i])
  checkPart('the list of enrolments', parts.enrolments, header.enrolments)
  checkPart('the list of known answers', parts.known, header.known)
  checkPart('the list of appeals', parts.appeals, header.appeals)
}

function checkPart(name: string, part: Uint8Array, hash: Uint8Array | undefined): void {
  if (hash === undefined || !equalBytes(partHash(part), hash))
    throw mismatch(`${name} is not what its header names`)
}

/** Checks a decoded inventory, from whatever source, against the root that was posted. */
export function checkInventory(data: InventoryData, options: ReadInventoryOptions): void {
  const header = inventoryCodec.encode(data.header)
  readInventory(
    {
      header,
      buckets: makeBuckets(data, options.bucketOf),
      enrolments: hashListCodec.encode(data.enrolments),
      known: hashListCodec.encode(data.known),
      appeals: hashListCodec.encode(data.appeals),
    },
    options,
  )
}
