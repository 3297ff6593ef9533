// SHA-256 where there is no node:crypto. Same functions, same answers as sha256.node.ts.
import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js'

export function sha256(bytes: Uint8Array): Uint8Array {
  return nobleSha256(bytes)
}

export function sha256Into(bytes: Uint8Array, digest: Uint8Array): void {
  digest.set(nobleSha256(bytes))
}

/** Of what the parts are together, without putting them together. */
export function sha256Parts(parts: readonly Uint8Array[]): Uint8Array {
  const whole = nobleSha256.create()
  for (const part of parts) whole.update(part)
  return whole.digest()
}

/** Hashes each 64 bytes of `input` into the next 32 bytes of `output`. `input` and `output` may not overlap. */
export function hashPairsInto(input: Uint8Array, output: Uint8Array): void {
  for (let i = 0; i * 64 < input.length; i++) {
    output.set(nobleSha256(input.subarray(i * 64, i * 64 + 64)), i * 32)
  }
}
