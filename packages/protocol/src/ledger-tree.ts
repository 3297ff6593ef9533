// The tree of the three ledgers (and of an output's chunks): binary SHA-256 over 32-byte leaves, zero hashes on the right.
import { hashPairsInto, sha256 } from '#sha256'
import { ProtocolError } from './errors.ts'
import { HASH_BYTES, ZERO_HASH } from './hash.ts'

const PAIR_BYTES = 2 * HASH_BYTES

/** Levels a tree can have: counts are safe integers, and one of 2^53 has 53. */
const MAX_DEPTH = 53

/** zero_0 = 32 zero bytes, zero_{d+1} = H(zero_d || zero_d). */
const ZERO_HASHES: readonly Uint8Array[] = zeroHashes()

function zeroHashes(): Uint8Array[] {
  const hashes = [ZERO_HASH]
  for (let last = ZERO_HASH; hashes.length <= MAX_DEPTH; hashes.push(last)) last = hashPair(last, last)
  return hashes
}

/** The root of a subtree of that depth without any leaf. Shared: never write into it. */
export function zeroHash(depth: number): Uint8Array {
  const hash = ZERO_HASHES[depth]
  if (hash === undefined) throw new RangeError(`no tree has depth ${depth}`)
  return hash
}

export function hashPair(left: Uint8Array, right: Uint8Array): Uint8Array {
  const pair = new Uint8Array(PAIR_BYTES)
  pair.set(left, 0)
  pair.set(right, HASH_BYTES)
  return sha256(pair)
}

/** ceil(log2(count)): exact, where a logarithm of doubles would not be. */
export function depthOf(count: number): number {
  let depth = 0
  for (let width = 1; width < count; width *= 2) depth++
  return depth
}

export function rootOf(leaves: Uint8Array): Uint8Array {
  return new Tree(leaves).root
}

/** Keeps the leaves it was given, and hands out views of its own bytes: neither may be written to. */
export class Tree {
  readonly count: number
  readonly depth: number
  readonly root: Uint8Array
  /** The leaves, then what stands above them; level d has ceil(count / 2^d) nodes. */
  readonly #levels: readonly Uint8Array[]

  /** `leaves`: 32 bytes each, one after the other. */
  constructor(leaves: Uint8Array) {
    if (leaves.length % HASH_BYTES !== 0) {
      throw new ProtocolError(
        'bytes/malformed',
        `${leaves.length} bytes are not a whole number of 32-byte leaves`,
      )
    }
    this.count = leaves.length / HASH_BYTES
    this.depth = depthOf(this.count)
    this.#levels = levelsOver(leaves, this.depth)
    this.root = this.count === 0 ? ZERO_HASH : (this.#levels[this.depth] ?? leaves)
  }

  /** The siblings from the leaf up to below the root: exactly `depth` of them. */
  proof(index: number): Uint8Array[] {
    if (!Number.isInteger(index) || index < 0 || index >= this.count) {
      throw new ProtocolError(
        'ledger/no-such-index',
        `this tree has the leaves 0 to ${this.count - 1} only`,
        {
          index,
          count: this.count,
        },
      )
    }
    const siblings: Uint8Array[] = []
    for (let depth = 0, at = index; depth < this.depth; depth++, at = Math.floor(at / 2)) {
      siblings.push(this.#node(depth, at % 2 === 0 ? at + 1 : at - 1))
    }
    return siblings
  }

  /**
   * Of several leaves at once, ascending: the siblings that can't be computed from them, level by level from the leaves
   * up, each level from the left. Of neighbours that is little more than the proof of one.
   */
  proofOfMany(indices: readonly number[]): Uint8Array[] {
    const siblings: Uint8Array[] = []
    let known = indices
    for (let depth = 0; depth < this.depth; depth++) {
      const here = new Set(known)
      for (const at of known) if (!here.has(at ^ 1)) siblings.push(this.#node(depth, at ^ 1))
      known = [...new Set(known.map((at) => at >>> 1))]
    }
    return siblings
  }

  /** Every leaf's proof. They share the views of their siblings, so that all together cost about two views a leaf. */
  allProofs(): Uint8Array[][] {
    const views = this.#levels.slice(0, this.depth).map((level, depth) => viewsOf(level, depth))
    const proofs: Uint8Array[][] = []
    for (let index = 0; index < this.count; index++) {
      const siblings: Uint8Array[] = []
      for (let depth = 0, at = index; depth < this.depth; depth++, at >>>= 1) {
        siblings.push(views[depth]?.[at ^ 1] ?? zeroHash(depth))
      }
      proofs.push(siblings)
    }
    return proofs
  }

  #node(depth: number, at: number): Uint8Array {
    const level = this.#levels[depth] ?? ZERO_HASH
    const start = at * HASH_BYTES
    return start < level.length ? level.subarray(start, start + HASH_BYTES) : zeroHash(depth)
  }
}

function viewsOf(level: Uint8Array, depth: number): Uint8Array[] {
  const views: Uint8Array[] = []
  for (let at = 0; at < level.length; at += HASH_BYTES) views.push(level.subarray(at, at + HASH_BYTES))
  if (views.length % 2 === 1) views.push(zeroHash(depth))
  return views
}

function levelsOver(leaves: Uint8Array, depth: number): Uint8Array[] {
  const levels = [leaves]
  for (let level = leaves, d = 0; d < depth; d++, levels.push(level)) level = levelAbove(level, zeroHash(d))
  return levels
}

function levelAbove(level: Uint8Array, zero: Uint8Array): Uint8Array {
  const paired = level.length - (level.length % PAIR_BYTES)
  const above = new Uint8Array(Math.ceil(level.length / PAIR_BYTES) * HASH_BYTES)
  hashPairsInto(level.subarray(0, paired), above.subarray(0, paired / 2))
  if (paired < level.length) above.set(hashPair(level.subarray(paired), zero), paired / 2)
  return above
}
