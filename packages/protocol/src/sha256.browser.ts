// SHA-256 where there is no node:crypto. Same functions, same answers as sha256.node.ts.
import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js'

export function sha256(bytes: Uint8Array): Uint8Array {
  return nobleSha256(bytes)
}

/** Hashes each 64 bytes of `input` into the next 32 bytes of `output`. `input` and `output` may not overlap. */
export function hashPairsInto(input: Uint8Array, output: Uint8Array): void {
  for (let i = 0; i * 64 < input.length; i++) {
    output.set(nobleSha256(input.subarray(i * 64, i * 64 + 64)), i * 32)
  }
}
