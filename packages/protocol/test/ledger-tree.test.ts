import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ProtocolError } from '../src/errors.ts'
import { depthOf, rootOf, Tree, zeroHash } from '../src/ledger-tree.ts'
import { verifyProof } from '../src/proof.ts'

function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return new Uint8Array(hash.digest())
}

/** The definition, literally: pad with zero hashes to a power of two, then hash pairs until one is left. */
function paddedRoot(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return new Uint8Array(32)
  let level = [...leaves]
  while (Math.log2(level.length) % 1 !== 0) level.push(new Uint8Array(32))
  while (level.length > 1) {
    level = level
      .filter((_, i) => i % 2 === 0)
      .map((left, i) => sha256(left, level[2 * i + 1] ?? new Uint8Array(0)))
  }
  return level[0] ?? new Uint8Array(32)
}

function leavesOf(count: number, seed = 0): Uint8Array {
  const leaves = new Uint8Array(count * 32)
  for (let i = 0; i < count; i++) leaves.set(sha256(Uint8Array.of(seed, i, i >> 8, i >> 16)), i * 32)
  return leaves
}

function split(leaves: Uint8Array): Uint8Array[] {
  return Array.from({ length: leaves.length / 32 }, (_, i) => leaves.subarray(i * 32, i * 32 + 32))
}

const someLeaves = fc
  .array(fc.uint8Array({ minLength: 32, maxLength: 32 }), { minLength: 1, maxLength: 70 })
  .map((leaves) => new Uint8Array(Buffer.concat(leaves)))

describe('the tree', () => {
  test('has ceil(log2(count)) levels, exactly so around powers of two', () => {
    expect([0, 1, 2, 3, 4, 5, 8, 9, 1000, 1024, 1025].map(depthOf)).toEqual([
      0, 0, 1, 2, 2, 3, 3, 4, 10, 10, 11,
    ])
    for (let power = 1; power < 53; power++) {
      expect(depthOf(2 ** power)).toBe(power)
      expect(depthOf(2 ** power + 1)).toBe(power + 1)
    }
  })

  test('has a root of zeros without leaves, and its only leaf as root with one', () => {
    expect(rootOf(new Uint8Array(0))).toEqual(new Uint8Array(32))
    expect(new Tree(new Uint8Array(0)).depth).toBe(0)
    const one = leavesOf(1)
    expect(rootOf(one)).toEqual(one)
    expect(new Tree(one).proof(0)).toEqual([])
  })

  test('is the tree padded with zeros to a power of two, for every count to 130', () => {
    for (let count = 0; count <= 130; count++) {
      const leaves = leavesOf(count)
      expect(rootOf(leaves), `${count} leaves`).toEqual(paddedRoot(split(leaves)))
    }
  })

  test('stands over a padding whose hashes are those of subtrees of zeros', () => {
    for (let depth = 0; depth < 8; depth++) {
      expect(zeroHash(depth)).toEqual(paddedRoot(split(new Uint8Array(32 * 2 ** depth))))
    }
    expect(() => zeroHash(54)).toThrow(RangeError)
  })

  test('takes a million leaves', () => {
    const leaves = leavesOf(1).slice()
    const many = new Uint8Array(32_000_000)
    for (let at = 0; at < many.length; at += 32) many.set(leaves, at)
    const tree = new Tree(many)
    expect(tree.depth).toBe(20)
    for (const index of [0, 1, 524_287, 524_288, 999_999]) {
      const claim = { root: tree.root, count: tree.count, index, leaf: leaves, proof: tree.proof(index) }
      expect(verifyProof(claim), `leaf ${index}`).toBe(true)
    }
  })

  test('refuses bytes that are no whole leaves, and indices it does not have', () => {
    expect(() => rootOf(new Uint8Array(33))).toThrow(ProtocolError)
    const tree = new Tree(leavesOf(5))
    for (const index of [-1, 5, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => tree.proof(index)).toThrow(expect.objectContaining({ code: 'ledger/no-such-index' }))
    }
    expect(() => new Tree(new Uint8Array(0)).proof(0)).toThrow(ProtocolError)
  })
})

describe('a proof', () => {
  test('holds for every leaf, one at a time and all at once', () => {
    fc.assert(
      fc.property(someLeaves, (leaves) => {
        const tree = new Tree(leaves)
        const all = tree.allProofs()
        expect(all.length).toBe(tree.count)
        for (const [index, leaf] of split(leaves).entries()) {
          const proof = tree.proof(index)
          expect(all[index]).toEqual(proof)
          expect(proof.length).toBe(tree.depth)
          expect(verifyProof({ root: tree.root, count: tree.count, index, leaf, proof })).toBe(true)
        }
      }),
    )
  })

  test('holds for no other leaf, index, root or siblings', () => {
    fc.assert(
      fc.property(someLeaves, fc.nat(), fc.nat(), (leaves, pick, bit) => {
        const tree = new Tree(leaves)
        const index = pick % tree.count
        const leaf = leaves.subarray(index * 32, index * 32 + 32)
        const claim = { root: tree.root, count: tree.count, index, leaf, proof: tree.proof(index) }
        expect(verifyProof({ ...claim, leaf: flipped(leaf, bit) })).toBe(false)
        expect(verifyProof({ ...claim, root: flipped(tree.root, bit) })).toBe(false)
        for (const [depth, sibling] of claim.proof.entries()) {
          expect(verifyProof({ ...claim, proof: claim.proof.with(depth, flipped(sibling, bit)) })).toBe(false)
        }
      }),
    )
  })

  test('has exactly as many siblings as the tree is deep', () => {
    const leaves = leavesOf(6)
    const tree = new Tree(leaves)
    const leaf = leaves.subarray(64, 96)
    const claim = { root: tree.root, count: 6, index: 2, leaf, proof: tree.proof(2) }
    expect(verifyProof(claim)).toBe(true)
    expect(verifyProof({ ...claim, proof: claim.proof.slice(0, -1) })).toBe(false)
    expect(verifyProof({ ...claim, proof: [...claim.proof, zeroHash(3)] })).toBe(false)
    // An inner node is no leaf: neither of this tree, nor of the tree one level lower that it would fit.
    const inner = sha256(leaf, claim.proof[0] ?? leaf)
    expect(verifyProof({ ...claim, index: 1, leaf: inner, proof: claim.proof.slice(1) })).toBe(false)
    expect(verifyProof({ ...claim, index: 1, leaf: inner })).toBe(false)
    // Padding is no leaf: it does lead to the root, but its index is not below the count.
    const pair = sha256(leaves.subarray(128, 160), leaves.subarray(160, 192))
    const padding = {
      ...claim,
      index: 6,
      leaf: zeroHash(0),
      proof: [zeroHash(0), pair, tree.proof(4)[2] ?? pair],
    }
    expect(verifyProof({ ...padding, count: 7 })).toBe(true)
    expect(verifyProof(padding)).toBe(false)
  })

  test('is refused, not thrown at, when its parts have wrong sizes', () => {
    const leaves = leavesOf(4)
    const tree = new Tree(leaves)
    const claim = { root: tree.root, count: 4, index: 0, leaf: leaves.subarray(0, 32), proof: tree.proof(0) }
    const odd = [0, 1, 31, 33, 64, 1_000_000].map((length) => new Uint8Array(length))
    for (const bytes of odd) {
      expect(verifyProof({ ...claim, leaf: bytes })).toBe(false)
      expect(verifyProof({ ...claim, root: bytes })).toBe(false)
      expect(verifyProof({ ...claim, proof: claim.proof.with(1, bytes) })).toBe(false)
    }
    for (const index of [-1, 4, 0.5, Number.NaN, 2 ** 60])
      expect(verifyProof({ ...claim, index })).toBe(false)
    for (const count of [-4, 0, 3.5, Number.NaN, 2 ** 60])
      expect(verifyProof({ ...claim, count })).toBe(false)
    const endless = Array.from({ length: 100_000 }, () => zeroHash(0))
    expect(verifyProof({ ...claim, proof: endless })).toBe(false)
  })
})

function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  const changed = bytes.slice()
  const at = bit % (changed.length * 8)
  changed[at >> 3] = (changed[at >> 3] ?? 0) ^ (1 << (at & 7))
  return changed
}
