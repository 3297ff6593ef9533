// batch.json: signed batches, as fields and as bytes. `secret` is the 32-byte seed of the node key.
import { deepStrictEqual, equal } from 'node:assert/strict'
import { RowsView, readBatch, signBatch } from '../../packages/protocol/src/batch.ts'
import { concat, fromHex, toHex } from '../../packages/protocol/src/bytes.ts'
import { batchCodec } from '../../packages/protocol/src/codecs.ts'
import { keyFromSecret } from '../../packages/protocol/src/ed25519.node.ts'
import { messageHash } from '../../packages/protocol/src/hash.ts'
import type { Batch, Row } from '../../packages/protocol/src/messages.ts'
import type { VectorFile } from './lib/file.ts'
import { someBytes, someU32 } from './lib/random.ts'

interface RowFields {
  readonly job: number
  readonly task: number
  readonly units: number
  readonly at: number
  readonly commit: string
}

interface BatchFields {
  readonly networkId: string
  readonly epoch: string
  readonly nodeKey: string
  readonly seq: number
  readonly prev: string
  readonly rows: readonly RowFields[]
}

interface BatchEntry {
  readonly name: string
  readonly batch: BatchFields
  readonly bytes: string
  readonly hash: string
  readonly secret: string
  readonly signature: string
}

interface Plan {
  readonly name: string
  readonly epoch: number
  readonly seq: number
  readonly rows: number
}

const U32_MAX = 2 ** 32 - 1

const PLANS: readonly Plan[] = [
  { name: 'one row, the first batch', epoch: 0, seq: 0, rows: 1 },
  { name: 'three rows', epoch: 17, seq: 5, rows: 3 },
  { name: 'an epoch beyond 32 bits', epoch: 2 ** 40 + 3, seq: 1, rows: 2 },
  { name: 'the last epoch that a double holds', epoch: Number.MAX_SAFE_INTEGER, seq: U32_MAX, rows: 1 },
  { name: '64 rows', epoch: 1000, seq: 2, rows: 64 },
]

function someRow(label: string): Row {
  return {
    job: someU32(`${label} job`),
    task: someU32(`${label} task`),
    units: someU32(`${label} units`),
    at: someU32(`${label} at`),
    commit: someBytes(`${label} commit`),
  }
}

const EDGE_ROWS: readonly Row[] = [
  { job: 0, task: 0, units: 0, at: 0, commit: new Uint8Array(32) },
  { job: U32_MAX, task: U32_MAX, units: U32_MAX, at: U32_MAX, commit: new Uint8Array(32).fill(255) },
]

function planned({ name, epoch, seq, rows }: Plan): BatchEntry {
  const label = `batch ${name}`
  const list = Array.from({ length: rows }, (_, i) => someRow(`${label} ${i}`))
  return entry(name, { epoch, seq, rows: list })
}

function entry(name: string, { epoch, seq, rows }: Pick<Batch, 'epoch' | 'seq' | 'rows'>): BatchEntry {
  const secret = someBytes(`batch ${name} secret`)
  const key = keyFromSecret(secret)
  const prev = seq === 0 ? new Uint8Array(32) : someBytes(`batch ${name} prev`)
  const networkId = someBytes(`batch ${name} network`)
  const batch: Batch = { networkId, epoch, nodeKey: key.publicKey, seq, prev, rows }
  const bytes = batchCodec.encode(batch)
  const hash = messageHash('pw/batch', networkId, bytes)
  return {
    name,
    batch: fieldsOf(batch),
    bytes: toHex(bytes),
    hash: toHex(hash),
    secret: toHex(secret),
    signature: toHex(key.sign(hash)),
  }
}

function fieldsOf({ networkId, epoch, nodeKey, seq, prev, rows }: Batch): BatchFields {
  return {
    networkId: toHex(networkId),
    epoch: String(epoch),
    nodeKey: toHex(nodeKey),
    seq,
    prev: toHex(prev),
    rows: rows.map((row) => ({ ...row, commit: toHex(row.commit) })),
  }
}

function batchOf({ networkId, epoch, nodeKey, seq, prev, rows }: BatchFields): Batch {
  return {
    networkId: fromHex(networkId),
    epoch: Number(epoch),
    nodeKey: fromHex(nodeKey),
    seq,
    prev: fromHex(prev),
    rows: rows.map((row) => ({ ...row, commit: fromHex(row.commit) })),
  }
}

/** Written from the fields, read back by the codec, and read by hand from the layout: three ways to the same. */
function check({ batch, bytes, hash, secret, signature }: BatchEntry): void {
  const key = keyFromSecret(fromHex(secret))
  const signed = signBatch(batchOf(batch), key.sign)
  equal(toHex(signed), signature + bytes)
  deepStrictEqual(fieldsOf(batchCodec.decode(fromHex(bytes))), batch)
  const held = readBatch(concat([fromHex(signature), fromHex(bytes)]))
  const view = new RowsView(held.rows)
  const rows = Array.from({ length: held.rowCount }, (_, i) => view.row(i))
  deepStrictEqual(fieldsOf({ ...held, rows }), batch)
  equal(toHex(held.hash), hash)
  equal(toHex(key.publicKey), batch.nodeKey)
}

export const vectors: VectorFile<BatchEntry> = {
  name: 'batch',
  generate: () => [
    ...PLANS.map(planned),
    entry('smallest and largest rows', { epoch: 9, seq: 0, rows: EDGE_ROWS }),
  ],
  check,
}
