// What a verifier holds of an epoch. The header's hash is posted on chain; the parts are fetched by their hashes, and
// of the buckets only those that differ from one's own.

import { sha256 } from '#sha256'
import { compareBytes, equalBytes, viewOf } from './bytes.ts'
import { hashListCodec, inventoryCodec } from './codecs.ts'
import { ProtocolError } from './errors.ts'
import { h, messageHash } from './hash.ts'
import { BUCKET_ENTRIES, INVENTORY_BUCKETS } from './limits.ts'
import type { Inventory } from './messages.ts'

/** Node, seq and head: the bytes of an entry in a bucket, as in codecs/inventory.ts. */
export const ENTRY_BYTES = 40

/** The newest batch held of each node, in columns. */
export interface HeadColumns {
  /** Ascending. */
  readonly nodes: Uint32Array
  readonly seqs: Uint32Array
  /** 32 bytes each. */
  readonly heads: Uint8Array
}

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

/** The bucket of each node index that exists. */
export type BucketOf = (node: number) => number | undefined

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

export function nodeBucket(nodeKey: Uint8Array): number {
  return sha256(nodeKey)[0] ?? 0
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

/** The bytes of all 256 buckets. */
export function makeBuckets(columns: HeadColumns, bucketOf: BucketOf): Uint8Array[] {
  const placed = Array.from(columns.nodes, (node) => bucketOfNode(node, bucketOf))
  const counts = new Uint32Array(INVENTORY_BUCKETS)
  for (const bucket of placed) counts[bucket] = (counts[bucket] ?? 0) + 1
  const writers = Array.from(counts, (count) => new BucketWriter(count))
  for (const [i, bucket] of placed.entries()) writers[bucket]?.write(columns, i)
  return writers.map((writer) => writer.bytes)
}

class BucketWriter {
  readonly bytes: Uint8Array
  readonly #view: DataView
  #at = 0

  constructor(count: number) {
    if (count > BUCKET_ENTRIES) throw mismatch(`a bucket holds ${count} nodes, more than ${BUCKET_ENTRIES}`)
    this.bytes = new Uint8Array(count * ENTRY_BYTES)
    this.#view = viewOf(this.bytes)
  }

  write({ nodes, seqs, heads }: HeadColumns, i: number): void {
    this.#view.setUint32(this.#at, nodes[i] ?? 0, true)
    this.#view.setUint32(this.#at + 4, seqs[i] ?? 0, true)
    this.bytes.set(heads.subarray(32 * i, 32 * i + 32), this.#at + 8)
    this.#at += ENTRY_BYTES
  }
}

/** Numbers of the buckets that have to be fetched to know the other's inventory. */
export function differingBuckets(mine: Inventory, theirs: Inventory): number[] {
  const differing: number[] = []
  for (const [i, hash] of theirs.buckets.entries()) {
    const own = mine.buckets[i]
    if (own === undefined || !equalBytes(own, hash)) differing.push(i)
  }
  return differing
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
  for (let i = 1; i < data.nodes.length; i++) {
    if ((data.nodes[i] ?? 0) <= (data.nodes[i - 1] ?? 0))
      throw mismatch('its nodes are not in ascending order')
  }
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

/** Entries are at most 2^21 in all, so that node and place fit one double together. */
const PLACES = INVENTORY_BUCKETS * BUCKET_ENTRIES

/** Columns from the bytes of all buckets: each whole, in order, and in its node's own bucket. */
export function readBuckets(buckets: readonly Uint8Array[], bucketOf: BucketOf): HeadColumns {
  for (const [i, bucket] of buckets.entries()) checkBucket(i, bucket, bucketOf)
  const bytes = new Uint8Array(buckets.reduce((length, bucket) => length + bucket.length, 0))
  let end = 0
  for (const bucket of buckets) {
    bytes.set(bucket, end)
    end += bucket.length
  }
  return sortedColumns(bytes)
}

function checkBucket(number: number, bucket: Uint8Array, bucketOf: BucketOf): void {
  const count = bucket.length / ENTRY_BYTES
  if (!Number.isInteger(count)) throw mismatch(`bucket ${number} is cut short`)
  if (count > BUCKET_ENTRIES)
    throw mismatch(`bucket ${number} holds ${count} nodes, more than ${BUCKET_ENTRIES}`)
  const view = viewOf(bucket)
  let before = -1
  for (let i = 0; i < count; i++) {
    const node = view.getUint32(i * ENTRY_BYTES, true)
    if (node <= before) throw mismatch(`bucket ${number} is not in ascending order`)
    if (bucketOfNode(node, bucketOf) !== number)
      throw mismatch(`node ${node} does not belong in bucket ${number}`)
    before = node
  }
}

function sortedColumns(bytes: Uint8Array): HeadColumns {
  const view = viewOf(bytes)
  const count = bytes.length / ENTRY_BYTES
  const order = new Float64Array(count)
  for (let i = 0; i < count; i++) order[i] = view.getUint32(i * ENTRY_BYTES, true) * PLACES + i
  order.sort()
  const nodes = new Uint32Array(count)
  const seqs = new Uint32Array(count)
  const heads = new Uint8Array(count * 32)
  for (const [i, key] of order.entries()) {
    const at = (key % PLACES) * ENTRY_BYTES
    nodes[i] = view.getUint32(at, true)
    seqs[i] = view.getUint32(at + 4, true)
    heads.set(bytes.subarray(at + 8, at + ENTRY_BYTES), 32 * i)
  }
  return { nodes, seqs, heads }
}

function bucketOfNode(node: number, bucketOf: BucketOf): number {
  const bucket = bucketOf(node)
  if (bucket === undefined) throw mismatch(`there is no node ${node}`)
  return bucket
}

function mismatch(why: string): ProtocolError {
  return new ProtocolError('inventory/mismatch', `This inventory can't be used: ${why}.`, { why })
}
