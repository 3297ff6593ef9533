// SHA-256 on servers: OpenSSL for messages, and assembly that hashes many 64-byte pairs at once for trees.
import { hash } from 'node:crypto'
import { hashInto } from '@chainsafe/hashtree'

export function sha256(bytes: Uint8Array): Uint8Array {
  const digest = hash('sha256', bytes, 'buffer')
  return new Uint8Array(digest.buffer, digest.byteOffset, digest.length)
}

/** Hashes each 64 bytes of `input` into the next 32 bytes of `output`. `input` and `output` may not overlap. */
export function hashPairsInto(input: Uint8Array, output: Uint8Array): void {
  if (input.length > 0) hashInto(input, output)
}
