// Whether a leaf stands at an index of a tree: what the chain's program asks, and everybody who believes a root.
import { equalBytes } from './bytes.ts'
import { HASH_BYTES } from './hash.ts'
import { depthOf, hashPair } from './ledger-tree.ts'

export interface ProofClaim {
  /** Attested, as `count` is. */
  readonly root: Uint8Array
  readonly count: number
  readonly index: number
  readonly leaf: Uint8Array
  /** Siblings from the leaf up to below the root. */
  readonly proof: readonly Uint8Array[]
}

/** Exactly as many siblings as the tree is deep: neither an inner node nor padding can be passed off as a leaf. */
export function verifyProof({ root, count, index, leaf, proof }: ProofClaim): boolean {
  if (!Number.isSafeInteger(count) || !Number.isSafeInteger(index)) return false
  if (index < 0 || index >= count || proof.length !== depthOf(count)) return false
  if (leaf.length !== HASH_BYTES || proof.some((sibling) => sibling.length !== HASH_BYTES)) return false
  let node = leaf
  let at = index
  for (const sibling of proof) {
    node = at % 2 === 0 ? hashPair(node, sibling) : hashPair(sibling, node)
    at = Math.floor(at / 2)
  }
  return equalBytes(node, root)
}
