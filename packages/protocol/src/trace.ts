// T: a running hash over what a checker was given and what its checks computed. Equal T means equal findings, and
// only real checking produces the traces in it.
import { sha256Parts } from '#sha256'
import { u32le } from './bytes.ts'
import { ProtocolError } from './errors.ts'
import { HASH_BYTES, h } from './hash.ts'
import { BATCH_OUTPUT_BYTES } from './limits.ts'

export interface TraceStep {
  /** T_{k-1}; T_0 is zero. */
  readonly previous: Uint8Array
  readonly batchHash: Uint8Array
  readonly rowCount: number
  /** Bitmap of delivered rows. */
  readonly delivered: Uint8Array
  /** Of the delivered rows, in row order. */
  readonly outputs: readonly Uint8Array[]
  /** Of the drawn rows, in row order, 32 bytes each. */
  readonly traces: readonly Uint8Array[]
}

/** T_k. */
export function nextTrace(step: TraceStep): Uint8Array {
  const { previous, batchHash, rowCount, delivered, outputs, traces } = step
  if (!isBitmap(delivered, rowCount)) throw invalid('its bitmap does not fit its rows', { rowCount })
  if (countRows(delivered) !== outputs.length) throw invalid('it has not one output for each delivered row')
  if (traces.some(({ length }) => length !== HASH_BYTES)) throw invalid('a trace has not 32 bytes')
  return h('pw/trace', previous, batchHash, delivered, deliveryHash(outputs), sha256Parts(traces))
}

function deliveryHash(outputs: readonly Uint8Array[]): Uint8Array {
  const bytes = outputs.reduce((sum, { length }) => sum + length, 0)
  if (bytes > BATCH_OUTPUT_BYTES)
    throw invalid('its outputs are too long', { bytes, limit: BATCH_OUTPUT_BYTES })
  return sha256Parts(outputs.flatMap((output) => [u32le(output.length), output]))
}

export function bitmapBytes(rowCount: number): number {
  return Math.ceil(rowCount / 8)
}

/** One bit a row, the first in the lowest bit. */
export function makeBitmap(rowCount: number, rows: Iterable<number>): Uint8Array {
  const bitmap = new Uint8Array(bitmapBytes(rowCount))
  for (const row of rows) {
    if (!Number.isInteger(row) || row < 0 || row >= rowCount)
      throw invalid(`it has no row ${row}`, { rowCount })
    bitmap[row >> 3] = (bitmap[row >> 3] ?? 0) | (1 << (row & 7))
  }
  return bitmap
}

export function hasRow(bitmap: Uint8Array, row: number): boolean {
  return ((bitmap[row >> 3] ?? 0) & (1 << (row & 7))) !== 0
}

/** Ascending. */
export function rowsOf(bitmap: Uint8Array): number[] {
  const rows: number[] = []
  for (let row = 0; row < 8 * bitmap.length; row++) if (hasRow(bitmap, row)) rows.push(row)
  return rows
}

export function countRows(bitmap: Uint8Array): number {
  let count = 0
  for (const byte of bitmap) for (let bits = byte; bits !== 0; bits &= bits - 1) count += 1
  return count
}

/** Exactly as long as its batch needs, with no bit beyond the last row: equal findings have equal bytes. */
export function isBitmap(bitmap: Uint8Array, rowCount: number): boolean {
  if (bitmap.length !== bitmapBytes(rowCount)) return false
  const unused = 8 * bitmap.length - rowCount
  return (bitmap.at(-1) ?? 0) >> (8 - unused) === 0
}

function invalid(why: string, context: Readonly<Record<string, unknown>> = {}): ProtocolError {
  return new ProtocolError('report/invalid', `No trace can be made of this batch: ${why}.`, context)
}
