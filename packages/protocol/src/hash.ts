// H: SHA-256, with a tag in front.
import { sha256, sha256Parts } from '#sha256'
import { type Tag, tag } from './tags.ts'

export const HASH_BYTES = 32
/** 32 zero bytes: the `prev` of a first batch, T_0, the root of an empty tree. Shared: never write into it. */
export const ZERO_HASH: Uint8Array = new Uint8Array(HASH_BYTES)

/**
 * Messages are put together here, the longest batch too: a hundred thousand hashes are not as many allocations, and OpenSSL
 * hashes what lies together in two thirds of the time.
 */
const scratch = new Uint8Array(65_536)

/** Of what the parts are together. */
export function hashOf(parts: readonly Uint8Array[]): Uint8Array {
  let length = 0
  for (const part of parts) length += part.length
  if (length > scratch.length) return sha256Parts(parts)
  let at = 0
  for (const part of parts) {
    scratch.set(part, at)
    at += part.length
  }
  return sha256(scratch.subarray(0, length))
}

export function h(name: Tag, ...parts: readonly Uint8Array[]): Uint8Array {
  return hashOf([tag(name), ...parts])
}

/** What identifies a message and what is signed: the bytes that arrived, never a re-encoding. */
export function messageHash(name: Tag, networkId: Uint8Array, bytes: Uint8Array): Uint8Array {
  return h(name, networkId, bytes)
}
