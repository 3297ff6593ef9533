// Outputs and the commits that hide them until they are opened.
import { sha256 } from '#sha256'
import { u64le } from './bytes.ts'
import { HASH_BYTES, h } from './hash.ts'
import { rootOf } from './ledger-tree.ts'

/** So that a part of an output can be proven without the rest. */
export const CHUNK_BYTES = 1024

export function outputRoot(output: Uint8Array): Uint8Array {
  return h('pw/output', rootOf(chunkHashes(output)), u64le(BigInt(output.length)))
}

function chunkHashes(output: Uint8Array): Uint8Array {
  const count = Math.ceil(output.length / CHUNK_BYTES)
  const hashes = new Uint8Array(count * HASH_BYTES)
  for (let i = 0; i < count; i++) {
    hashes.set(sha256(chunkAt(output, i * CHUNK_BYTES)), i * HASH_BYTES)
  }
  return hashes
}

/** The last chunk is zero padded; the length beside the root tells the padding from zeros of the output's own. */
function chunkAt(output: Uint8Array, start: number): Uint8Array {
  const bytes = output.subarray(start, start + CHUNK_BYTES)
  if (bytes.length === CHUNK_BYTES) return bytes
  const padded = new Uint8Array(CHUNK_BYTES)
  padded.set(bytes)
  return padded
}

/** The salt hides an output that could be guessed, the key makes a copied commit worthless to another node. */
export interface Opening {
  readonly nodeKey: Uint8Array
  readonly salt: Uint8Array
  readonly output: Uint8Array
}

export function rowCommit({ nodeKey, salt, output }: Opening): Uint8Array {
  return h('pw/commit', nodeKey, salt, outputRoot(output))
}
