// One proof of several leaves: it holds for exactly these, and for no others.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concat, u32le } from '../src/bytes.ts'
import { h } from '../src/hash.ts'
import { depthOf, Tree } from '../src/ledger-tree.ts'
import { type ManyClaim, verifyMany } from '../src/proof.ts'

const leafOf = (index: number): Uint8Array => h('pw/leaf', u32le(index))
const treeOf = (count: number): Tree => new Tree(concat(Array.from({ length: count }, (_, i) => leafOf(i))))

function claimOf(count: number, indices: readonly number[]): ManyClaim {
  const tree = treeOf(count)
  const leaves = indices.map((index) => ({ index, leaf: leafOf(index) }))
  return { root: tree.root, count, leaves, proof: tree.proofOfMany(indices) }
}

const some = fc.integer({ min: 1, max: 200 }).chain((count) =>
  fc.uniqueArray(fc.nat(count - 1), { minLength: 1, maxLength: count }).map((indices) =>
    claimOf(
      count,
      indices.sort((a, b) => a - b),
    ),
  ),
)

describe('a proof of several leaves', () => {
  it('holds, and of one leaf it is the proof of that', () => {
    fc.assert(fc.property(some, (claim) => verifyMany(claim)))
    const tree = treeOf(77)
    for (let index = 0; index < 77; index++) expect(tree.proofOfMany([index])).toEqual(tree.proof(index))
  })

  it('is short for leaves that follow each other', () => {
    for (const from of [0, 1, 500, 63_000]) {
      const indices = Array.from({ length: 1_000 }, (_, i) => from + i)
      const claim = claimOf(65_536, indices)
      expect(verifyMany(claim)).toBe(true)
      expect(claim.proof.length).toBeLessThanOrEqual(2 * depthOf(65_536))
    }
    expect(
      claimOf(
        64,
        Array.from({ length: 64 }, (_, i) => i),
      ).proof,
    ).toEqual([])
  })

  it('does not hold with a changed, moved, left out or added leaf, or another proof', () => {
    const spoilt = fc.tuple(some, fc.nat(), fc.integer({ min: 1, max: 255 })).map(([claim, at, change]) => {
      const { leaves, proof, count } = claim
      const k = at % leaves.length
      const spoil = (bytes: Uint8Array): Uint8Array =>
        bytes.map((byte, i) => (i === at % 32 ? byte ^ change : byte))
      const changed = leaves.map((one, i) => (i === k ? { ...one, leaf: spoil(one.leaf) } : one))
      return [
        { ...claim, leaves: changed },
        { ...claim, leaves: leaves.toReversed().concat(leaves) },
        { ...claim, leaves: leaves.map((one, i) => (i === k ? { ...one, index: count + at } : one)) },
        { ...claim, leaves: leaves.map((one, i) => (i === k ? { ...one, index: -1 } : one)) },
        {
          ...claim,
          leaves: leaves.map((one, i) => (i === k ? { ...one, leaf: one.leaf.subarray(1) } : one)),
        },
        { ...claim, leaves: [] },
        { ...claim, proof: [...proof, leafOf(0)] },
        { ...claim, count: 4 * count },
        { ...claim, root: leafOf(1) },
        ...(proof.length === 0
          ? []
          : [
              { ...claim, proof: proof.slice(1) },
              { ...claim, proof: proof.map((one, i) => (i === at % proof.length ? spoil(one) : one)) },
              { ...claim, proof: proof.map((one) => one.subarray(1)) },
            ]),
      ]
    })
    fc.assert(
      fc.property(spoilt, (claims) => {
        for (const claim of claims) expect(verifyMany(claim)).toBe(false)
      }),
    )
  })
})
