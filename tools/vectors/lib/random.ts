// Arbitrary values for vectors: a hash of the value's own label, so that adding an entry changes no other.
import { createHash } from 'node:crypto'

export function someBytes(label: string, length = 32): Uint8Array {
  const bytes = new Uint8Array(length)
  for (let at = 0, counter = 0; at < length; at += 32, counter++) {
    const block = createHash('sha256').update(`piecework vectors ${label} ${counter}`).digest()
    bytes.set(block.subarray(0, Math.min(32, length - at)), at)
  }
  return bytes
}

export function someU32(label: string): number {
  const [a = 0, b = 0, c = 0, d = 0] = someBytes(label, 4)
  return a + 2 ** 8 * b + 2 ** 16 * c + 2 ** 24 * d
}

/** 0 .. bound - 1. */
export function someBelow(label: string, bound: number): number {
  return someU32(label) % bound
}

export function someU64(label: string): bigint {
  return BigInt(someU32(`${label} low`)) + (BigInt(someU32(`${label} high`)) << 32n)
}
