// How records lie in a segment: length u32, crc32 u32, then kind u8 and the record's own bytes. Little-endian.
import { crc32 } from 'node:zlib'
import type { ChainRecord } from '../chain/chain.ts'
import { addressBytes, toBase58 } from '../vm/address.ts'

const FRAME_BYTES = 8
const SLOT_KIND = 1
const TRANSACTION_KIND = 2
const SLOT_BYTES = 57
/** A transaction and what it did take some 20 kB at most; what claims to be longer is no record. */
const MAX_RECORD_BYTES = 1_000_000

export function encodeRecord(record: ChainRecord): Buffer {
  const payload = record.kind === 'slot' ? encodeSlot(record) : encodeTransaction(record)
  const frame = Buffer.alloc(FRAME_BYTES)
  frame.writeUInt32LE(payload.length, 0)
  frame.writeUInt32LE(crc32(payload), 4)
  return Buffer.concat([frame, payload])
}

function encodeSlot(record: Extract<ChainRecord, { kind: 'slot' }>): Buffer {
  const payload = Buffer.alloc(SLOT_BYTES)
  payload.writeUInt8(SLOT_KIND, 0)
  payload.writeBigUInt64LE(BigInt(record.slot), 1)
  payload.writeBigInt64LE(BigInt(record.time), 9)
  payload.writeBigUInt64LE(BigInt(record.transactionCount), 17)
  payload.set(addressBytes(record.hash), 25)
  return payload
}

function encodeTransaction(record: Extract<ChainRecord, { kind: 'transaction' }>): Buffer {
  const head = Buffer.alloc(3)
  head.writeUInt8(TRANSACTION_KIND, 0)
  head.writeUInt16LE(record.bytes.length, 1)
  return Buffer.concat([head, record.bytes, Buffer.from(record.meta, 'utf8')])
}

/** The whole records at the start of a segment, and how many bytes they take. */
export function decodeRecords(segment: Buffer): { records: ChainRecord[]; length: number } {
  const records: ChainRecord[] = []
  let offset = 0
  for (
    let payload = payloadAt(segment, offset);
    payload !== undefined;
    payload = payloadAt(segment, offset)
  ) {
    records.push(decodePayload(payload))
    offset += FRAME_BYTES + payload.length
  }
  return { records, length: offset }
}

/** Whether a whole record begins anywhere from `offset` on: then what is broken before it is no unfinished end. */
export function recordFollows(segment: Buffer, offset: number): boolean {
  for (let at = offset; at + FRAME_BYTES < segment.length; at++) {
    const kind = segment[at + FRAME_BYTES]
    if ((kind === SLOT_KIND || kind === TRANSACTION_KIND) && payloadAt(segment, at) !== undefined) return true
  }
  return false
}

/** Undefined: there is no whole record. */
function payloadAt(segment: Buffer, offset: number): Buffer | undefined {
  const start = offset + FRAME_BYTES
  if (start > segment.length) return undefined
  const length = segment.readUInt32LE(offset)
  if (length === 0 || length > MAX_RECORD_BYTES || start + length > segment.length) return undefined
  const payload = segment.subarray(start, start + length)
  return crc32(payload) === segment.readUInt32LE(offset + 4) ? payload : undefined
}

function decodePayload(payload: Buffer): ChainRecord {
  if (payload.readUInt8(0) === SLOT_KIND) {
    return {
      kind: 'slot',
      slot: Number(payload.readBigUInt64LE(1)),
      time: Number(payload.readBigInt64LE(9)),
      transactionCount: Number(payload.readBigUInt64LE(17)),
      hash: toBase58(payload.subarray(25, SLOT_BYTES)),
    }
  }
  const end = 3 + payload.readUInt16LE(1)
  return { kind: 'transaction', bytes: payload.subarray(3, end), meta: payload.toString('utf8', end) }
}
