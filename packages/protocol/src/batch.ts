// Batches of receipts, read by hand from their fixed layout: no object per row, no copy of the bytes that arrived.
//
//   signature 64 | networkId 32 | epoch u64 | nodeKey 32 | seq u32 | prev 32 | offset u32 = 112 | rows of 48 bytes
//
// It is the layout of the SSZ container in codecs.ts; vectors and property tests hold the two together.
import { concat, viewOf } from './bytes.ts'
import { batchCodec } from './codecs.ts'
import { ProtocolError } from './errors.ts'
import { messageHash } from './hash.ts'
import {
  BATCH_HEADER_BYTES,
  BATCH_ROWS,
  MAX_SIGNED_BATCH_BYTES,
  ROW_BYTES,
  SIGNATURE_BYTES,
} from './limits.ts'
import type { Batch, Row } from './messages.ts'
import type { Verify } from './verify.ts'

const EPOCH_AT = 32
const NODE_KEY_AT = 40
const SEQ_AT = 72
const PREV_AT = 76
const ROWS_OFFSET_AT = 108

/** A batch whose layout is right, as views of the bytes that arrived. Its signature is checked in chain.ts. */
export interface HeldBatch {
  readonly networkId: Uint8Array
  readonly epoch: number
  readonly nodeKey: Uint8Array
  /** 0 for the first batch of an epoch. */
  readonly seq: number
  readonly prev: Uint8Array
  /** The message hash: what is signed, and what the next batch's `prev` names. */
  readonly hash: Uint8Array
  readonly rowCount: number
  /** 48 bytes each. */
  readonly rows: Uint8Array
  /** Signature and message, as they arrived. */
  readonly signed: Uint8Array
}

export function readBatch(signed: Uint8Array): HeldBatch {
  const rowCount = checkedRowCount(signed)
  const message = signed.subarray(SIGNATURE_BYTES)
  const view = viewOf(message)
  const epoch = Number(view.getBigUint64(EPOCH_AT, true))
  if (!Number.isSafeInteger(epoch)) throw malformed('its epoch is beyond 2^53', { epoch })
  const rowsOffset = view.getUint32(ROWS_OFFSET_AT, true)
  if (rowsOffset !== BATCH_HEADER_BYTES) throw malformed('its rows do not follow its header', { rowsOffset })
  const networkId = message.subarray(0, EPOCH_AT)
  return {
    networkId,
    epoch,
    nodeKey: message.subarray(NODE_KEY_AT, SEQ_AT),
    seq: view.getUint32(SEQ_AT, true),
    prev: message.subarray(PREV_AT, ROWS_OFFSET_AT),
    hash: messageHash('pw/batch', networkId, message),
    rowCount,
    rows: message.subarray(BATCH_HEADER_BYTES),
    signed,
  }
}

/** Whether the node key that a batch names signed it. */
export function isSigned({ nodeKey, hash, signed }: HeldBatch, verify: Verify): boolean {
  return verify(nodeKey, hash, signed.subarray(0, SIGNATURE_BYTES))
}

function checkedRowCount(signed: Uint8Array): number {
  const { length } = signed
  if (length > MAX_SIGNED_BATCH_BYTES) {
    const context = { length, limit: MAX_SIGNED_BATCH_BYTES }
    throw new ProtocolError(
      'bytes/too-long',
      `A batch of ${length} bytes is over the limit of ${MAX_SIGNED_BATCH_BYTES}: send at most ${BATCH_ROWS} rows.`,
      context,
    )
  }
  const rowCount = (length - SIGNATURE_BYTES - BATCH_HEADER_BYTES) / ROW_BYTES
  if (rowCount < 0 || !Number.isInteger(rowCount))
    throw malformed('its length fits no number of rows', { length })
  if (rowCount === 0)
    throw new ProtocolError('batch/invalid', 'A batch has at least one row: send none instead.')
  return rowCount
}

function malformed(why: string, context: Readonly<Record<string, unknown>>): ProtocolError {
  return new ProtocolError('bytes/malformed', `These bytes are no batch: ${why}. Drop them.`, context)
}

/** Fields of rows, straight from their bytes. Row numbers are not checked: stay below `count`. */
export class RowsView {
  readonly count: number
  readonly #bytes: Uint8Array
  readonly #view: DataView

  constructor(rows: Uint8Array) {
    this.count = rows.length / ROW_BYTES
    this.#bytes = rows
    this.#view = viewOf(rows)
  }

  job(row: number): number {
    return this.#view.getUint32(row * ROW_BYTES, true)
  }

  task(row: number): number {
    return this.#view.getUint32(row * ROW_BYTES + 4, true)
  }

  units(row: number): number {
    return this.#view.getUint32(row * ROW_BYTES + 8, true)
  }

  at(row: number): number {
    return this.#view.getUint32(row * ROW_BYTES + 12, true)
  }

  commit(row: number): Uint8Array {
    return this.#bytes.subarray(row * ROW_BYTES + 16, (row + 1) * ROW_BYTES)
  }

  row(row: number): Row {
    return {
      job: this.job(row),
      task: this.task(row),
      units: this.units(row),
      at: this.at(row),
      commit: this.commit(row),
    }
  }
}

/** Signature and message, ready to be sent. `sign` signs a message hash with the batch's node key. */
export function signBatch(batch: Batch, sign: (hash: Uint8Array) => Uint8Array): Uint8Array {
  const message = batchCodec.encode(batch)
  return concat([sign(messageHash('pw/batch', batch.networkId, message)), message])
}
