// The heads of an inventory: 256 buckets of bytes when it is sent, columns when it is read. By hand, because an epoch
// has fifty thousand nodes in the inventory of each verifier; codecs/inventory.ts has the same layout.
import { sha256 } from '#sha256'
import { viewOf } from './bytes.ts'
import { ProtocolError } from './errors.ts'
import { BUCKET_ENTRIES, INVENTORY_BUCKETS, INVENTORY_ENTRIES } from './limits.ts'
import { isPruned } from './state/pruned.ts'

/** Of a node whose key was not hashed yet. */
const UNKNOWN = -1
/** Node, seq and head: the bytes of an entry in a bucket. */
const ENTRY_BYTES = 40

/** The newest batch held of each node, in columns. */
export interface HeadColumns {
  /** Ascending. */
  readonly nodes: Uint32Array
  readonly seqs: Uint32Array
  /** 32 bytes each. */
  readonly heads: Uint8Array
}

/** The bucket of each node index that exists; 'any' for a pruned node, whose key nobody knows any more. */
export type BucketOf = (node: number) => number | 'any' | undefined

export function nodeBucket(nodeKey: Uint8Array): number {
  return sha256(nodeKey)[0] ?? 0
}

/** Of these nodes, as a state has them: each is hashed once, however many inventories list it. */
export function bucketIn(nodes: readonly { readonly nodeKey: Uint8Array }[]): BucketOf {
  const known = new Int16Array(nodes.length).fill(UNKNOWN)
  return (node) => {
    const record = nodes[node]
    if (record === undefined) return undefined
    if (isPruned(record)) return 'any'
    const bucket = known[node] ?? UNKNOWN
    if (bucket !== UNKNOWN) return bucket
    known[node] = nodeBucket(record.nodeKey)
    return known[node]
  }
}

/** The bytes of all 256 buckets. */
export function makeBuckets(columns: HeadColumns, bucketOf: BucketOf): Uint8Array[] {
  if (!isAscending(columns.nodes)) throw mismatch('its nodes are not in ascending order')
  const placed = Array.from(columns.nodes, (node) => {
    const bucket = bucketOfNode(node, bucketOf)
    if (bucket === 'any') throw mismatch(`node ${node} was pruned`)
    return bucket
  })
  const counts = new Uint32Array(INVENTORY_BUCKETS)
  for (const bucket of placed) counts[bucket] = (counts[bucket] ?? 0) + 1
  const writers = Array.from(counts, (count) => new BucketWriter(count))
  for (const [i, bucket] of placed.entries()) writers[bucket]?.write(columns, i)
  return writers.map((writer) => writer.bytes)
}

function isAscending(nodes: Uint32Array): boolean {
  for (let i = 1; i < nodes.length; i++) if ((nodes[i] ?? 0) <= (nodes[i - 1] ?? 0)) return false
  return true
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

/** Entries are at most 2^21 in all, so that node and place fit one double together. */
const PLACES = INVENTORY_ENTRIES

/** Columns from the bytes of all buckets: each whole, in order, and in its node's own bucket. */
export function readBuckets(buckets: readonly Uint8Array[], bucketOf: BucketOf): HeadColumns {
  for (const [i, bucket] of buckets.entries()) checkBucket(i, bucket, bucketOf)
  const entries = buckets.reduce((sum, bucket) => sum + bucket.length / ENTRY_BYTES, 0)
  if (entries > INVENTORY_ENTRIES) throw mismatch(`it holds ${entries} nodes, more than ${INVENTORY_ENTRIES}`)
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
    const own = bucketOfNode(node, bucketOf)
    if (own !== number && own !== 'any') throw mismatch(`node ${node} does not belong in bucket ${number}`)
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

function bucketOfNode(node: number, bucketOf: BucketOf): number | 'any' {
  const bucket = bucketOf(node)
  if (bucket === undefined) throw mismatch(`there is no node ${node}`)
  return bucket
}

export function mismatch(why: string): ProtocolError {
  return new ProtocolError('inventory/mismatch', `This inventory can't be used: ${why}.`, { why })
}
