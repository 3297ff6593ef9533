// H: SHA-256, with a tag in front.
import { sha256 } from '#sha256'
import { concat } from './bytes.ts'
import { type Tag, tag } from './tags.ts'

export const HASH_BYTES = 32
/** 32 zero bytes: the `prev` of a first batch, T_0, the root of an empty tree. Shared: never write into it. */
export const ZERO_HASH: Uint8Array = new Uint8Array(HASH_BYTES)

export function h(name: Tag, ...parts: readonly Uint8Array[]): Uint8Array {
  return sha256(concat([tag(name), ...parts]))
}

/** What identifies a message and what is signed: the bytes that arrived, never a re-encoding. */
export function messageHash(name: Tag, networkId: Uint8Array, bytes: Uint8Array): Uint8Array {
  return h(name, networkId, bytes)
}
