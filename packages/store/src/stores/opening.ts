// What opens a row: the row itself, its salt and the output, kept from the moment the task is done.
import { concat, ROW_BYTES, type Row, RowsView, u32le } from '@piecework/protocol'

export interface Opening {
  readonly row: Row
  readonly salt: Uint8Array
  readonly output: Uint8Array
}

const SALT_BYTES = 32

export function encodeOpening({ row, salt, output }: Opening): Uint8Array {
  const { job, task, units, at, commit } = row
  return concat([u32le(job), u32le(task), u32le(units), u32le(at), commit, salt, output])
}

export function decodeOpening(bytes: Uint8Array): Opening {
  return {
    row: new RowsView(bytes.subarray(0, ROW_BYTES)).row(0),
    salt: bytes.subarray(ROW_BYTES, ROW_BYTES + SALT_BYTES),
    output: bytes.subarray(ROW_BYTES + SALT_BYTES),
  }
}
