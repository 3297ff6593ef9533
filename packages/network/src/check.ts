// Whether bytes are what has this hash, whoever sent them.
import { createHash } from 'node:crypto'
import { equalBytes, ProtocolError } from '@piecework/protocol'
import type { Sort } from './questions.ts'

export type Check = (hash: Uint8Array, bytes: Uint8Array) => boolean

/** What is fetched, and who says that it is that. */
export type Checked =
  /** By its SHA-256; what is named by a hash of another kind is right when `check` says so. */
  | { readonly sort: 'content'; readonly check?: Check }
  | { readonly sort: Exclude<Sort, 'content'>; readonly check: Check }

/** `sha256` is that of the bytes, where it was computed while they came. */
export function isRight(
  { sort, check }: Checked,
  hash: Uint8Array,
  { bytes, sha256 }: { readonly bytes: Uint8Array; readonly sha256?: Uint8Array | undefined },
): boolean {
  if (sort === 'content' && equalBytes(sha256 ?? createHash('sha256').update(bytes).digest(), hash))
    return true
  try {
    return check?.(hash, bytes) ?? false
  } catch (error) {
    // Bytes that can't be read are not what was asked for.
    if (error instanceof ProtocolError) return false
    throw error
  }
}
