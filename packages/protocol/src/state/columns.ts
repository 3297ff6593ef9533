// Columns of numbers as bytes, without a copy: little-endian, as every machine is that Node.js runs on but one.
import { ProtocolError } from '../errors.ts'

const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1

type Column = Uint8Array | Uint16Array | Uint32Array | BigUint64Array

export function columnBytes(column: Column): Uint8Array {
  if (!isLittleEndian)
    throw new RangeError('This machine is big-endian: its columns are not the bytes of the protocol.')
  return new Uint8Array(column.buffer, column.byteOffset, column.byteLength)
}

export function u16Column(bytes: Uint8Array): Uint16Array {
  return new Uint16Array(aligned(bytes, 2))
}

export function u32Column(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(aligned(bytes, 4))
}

export function u64Column(bytes: Uint8Array): BigUint64Array {
  return new BigUint64Array(aligned(bytes, 8))
}

/** A copy that begins where its numbers may begin. */
function aligned(bytes: Uint8Array, width: number): ArrayBuffer {
  if (bytes.length % width !== 0) {
    throw new ProtocolError(
      'state/malformed',
      `A column of ${bytes.length} bytes holds no whole numbers of ${width}.`,
    )
  }
  return new Uint8Array(bytes).buffer
}
