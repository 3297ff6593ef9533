// Whether a leaf stands at an index of a tree: what the chain's program asks, and everybody who believes a root.
import { equalBytes } from './bytes.ts'
import { HASH_BYTES, ZERO_HASH } from './hash.ts'
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

export interface ManyClaim extends Omit<ProofClaim, 'index' | 'leaf'> {
  /** Ascending by index, at least one. */
  readonly leaves: readonly PlacedLeaf[]
}

export interface PlacedLeaf {
  readonly index: number
  readonly leaf: Uint8Array
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

/** As `verifyProof`, of several leaves with one proof, as `Tree.proofOfMany` makes it. */
export function verifyMany({ root, count, leaves, proof }: ManyClaim): boolean {
  if (!Number.isSafeInteger(count) || !leaves.every(isPlaced(count))) return false
  if (proof.some((sibling) => sibling.length !== HASH_BYTES)) return false
  let used = 0
  let nodes = leaves
  for (let depth = depthOf(count); depth > 0; depth--) {
    const above: PlacedLeaf[] = []
    for (let i = 0; i < nodes.length; i++) {
      const { index, leaf } = nodes[i] ?? NOTHING
      const isLeft = index % 2 === 0
      const next = nodes[i + 1]
      const isPair = isLeft && next?.index === index + 1
      const sibling = isPair ? next.leaf : proof[used++]
      if (sibling === undefined) return false
      if (isPair) i++
      above.push({
        index: Math.floor(index / 2),
        leaf: isLeft ? hashPair(leaf, sibling) : hashPair(sibling, leaf),
      })
    }
    nodes = above
  }
  return nodes.length === 1 && used === proof.length && equalBytes((nodes[0] ?? NOTHING).leaf, root)
}

const NOTHING: PlacedLeaf = { index: 0, leaf: ZERO_HASH }

function isPlaced(count: number): (one: PlacedLeaf, at: number, all: readonly PlacedLeaf[]) => boolean {
  return ({ index, leaf }, at, all) => {
    const isInside = Number.isSafeInteger(index) && index > (all[at - 1]?.index ?? -1) && index < count
    return isInside && leaf.length === HASH_BYTES
  }
}
