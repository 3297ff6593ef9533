// ledger.json: trees of leaves with every proof. A leaf's place is its index.
import { deepStrictEqual } from 'node:assert/strict'
import { concat, fromHex, toHex } from '../../packages/protocol/src/bytes.ts'
import { leafHash } from '../../packages/protocol/src/ledger.ts'
import { rootOf, Tree } from '../../packages/protocol/src/ledger-tree.ts'
import { verifyProof } from '../../packages/protocol/src/proof.ts'
import type { VectorFile } from './lib/file.ts'
import { someBytes, someU64 } from './lib/random.ts'

interface LeafEntry {
  readonly index: string
  readonly amount: string
  readonly owner: string
  readonly detail: string
}

interface LedgerEntry {
  readonly name: string
  readonly leaves: readonly LeafEntry[]
  readonly depth: number
  readonly root: string
  readonly proofs: readonly (readonly string[])[]
}

const COUNTS = [0, 1, 2, 3, 4, 5, 7, 8, 9, 33, 1000]
const U64_MAX = 2n ** 64n - 1n

/** The first leaf is the commons' (nobody's), the second owes nothing, the third as much as fits. */
const EDGE_AMOUNTS = [12_345n, 0n, U64_MAX]

function leafEntry(count: number, index: number): LeafEntry {
  const label = `ledger ${count} ${index}`
  return {
    index: String(index),
    amount: String(EDGE_AMOUNTS[index] ?? someU64(`${label} amount`)),
    owner: index === 0 ? '00'.repeat(32) : toHex(someBytes(`${label} owner`)),
    detail: toHex(someBytes(`${label} detail`)),
  }
}

function hashOf({ index, amount, owner, detail }: LeafEntry): Uint8Array {
  return leafHash({
    index: Number(index),
    amount: BigInt(amount),
    owner: fromHex(owner),
    detail: fromHex(detail),
  })
}

function treeEntry(count: number): LedgerEntry {
  const leaves = Array.from({ length: count }, (_, index) => leafEntry(count, index))
  const tree = new Tree(concat(leaves.map(hashOf)))
  const proofs = tree.allProofs().map((proof) => proof.map(toHex))
  const name = count === 1 ? '1 leaf' : `${count} leaves`
  return { name, leaves, depth: tree.depth, root: toHex(tree.root), proofs }
}

/** The root is built from the leaves, and each proof followed from its leaf: two ways to the same root. */
function check({ leaves, depth, root, proofs }: LedgerEntry): void {
  const hashes = leaves.map(hashOf)
  deepStrictEqual(toHex(rootOf(concat(hashes))), root)
  deepStrictEqual(proofs.length, leaves.length)
  for (const [index, leaf] of hashes.entries()) {
    const proof = (proofs[index] ?? []).map(fromHex)
    deepStrictEqual(proof.length, depth)
    const claim = { root: fromHex(root), count: leaves.length, index, leaf, proof }
    deepStrictEqual(verifyProof(claim), true, `proof of leaf ${index}`)
  }
}

export const vectors: VectorFile<LedgerEntry> = {
  name: 'ledger',
  generate: () => COUNTS.map(treeEntry),
  check,
}
