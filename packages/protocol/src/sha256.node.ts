// SHA-256 on servers: OpenSSL for messages, and assembly that hashes many 64-byte pairs at once for trees.
import { createHash, hash } from 'node:crypto'
import { hashInto } from '@chainsafe/hashtree'

export function sha256(bytes: Uint8Array): Uint8Array {
  const digest = new Uint8Array(32)
  sha256Into(bytes, digest)
  return digest
}

/** As text of one character a byte: Node.js makes that more than twice as fast as a buffer. */
export function sha256Into(bytes: Uint8Array, digest: Uint8Array): void {
  const text = hash('sha256', bytes, 'binary')
  for (let i = 0; i < 32; i++) digest[i] = text.charCodeAt(i)
}

/** Of what the parts are together, without putting them together. */
export function sha256Parts(parts: readonly Uint8Array[]): Uint8Array {
  const whole = createHash('sha256')
  for (const part of parts) whole.update(part)
  const digest = whole.digest()
  return new Uint8Array(digest.buffer, digest.byteOffset, digest.length)
}

/** Hashes each 64 bytes of `input` into the next 32 bytes of `output`. `input` and `output` may not overlap. */
export function hashPairsInto(input: Uint8Array, output: Uint8Array): void {
  if (input.length > 0) hashInto(input, output)
}
