// Adversary 19: proofs that are nearly true. Each begins as the true proof of a leaf and is changed in one way.
import { hash } from 'node:crypto'
import { hashLeaves, type ProofClaim, rootOf, Tree, verifyProof } from '@piecework/protocol'
import { atMost, type Measured } from '../bench/types.ts'
import type { Adversary, Size } from './types.ts'

const ATTEMPTS: Readonly<Record<Size, number>> = { short: 20_000, full: 1_000_000 }

/** Full and ragged trees, and the edges of depth. */
const COUNTS = [1, 2, 3, 5, 8, 33, 100, 1_000, 1_024, 4_097, 65_536]

/** The padding of each depth: a tree of nothing but zeros. */
const ZERO_HASHES = Array.from({ length: 18 }, (_, depth) => rootOf(new Uint8Array(32 * 2 ** depth)))

function zeroHash(depth: number): Uint8Array {
  return ZERO_HASHES[depth] ?? new Uint8Array(32)
}

/** Arbitrary numbers for one attempt, the same in every run. */
class Dice {
  readonly #words: Uint32Array
  #next = 0

  constructor(attempt: number) {
    const bytes = hash('sha256', `merkle fuzz ${attempt}`, 'buffer')
    this.#words = new Uint32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))
  }

  below(bound: number): number {
    const word = this.#words[this.#next] ?? 0
    this.#next = (this.#next + 1) % this.#words.length
    return word % bound
  }
}

interface Forest {
  readonly count: number
  readonly leaves: Uint8Array
  readonly tree: Tree
  /** The same accounts, each owed one more: what a liar would like to prove. */
  readonly richer: Uint8Array
  /** The same tree with its first place of padding counted in, if there is any: it has the same root. */
  readonly padded: Tree | undefined
}

function grow(count: number): Forest {
  const amounts = BigUint64Array.from({ length: count }, (_, i) => BigInt(i) * 7n)
  const owners = new Uint8Array(count * 32)
  for (let i = 0; i < count; i++) owners.set(hash('sha256', `owner ${i}`, 'buffer'), i * 32)
  const leaves = hashLeaves({ amounts, owners, details: owners })
  const richer = hashLeaves({ amounts: amounts.map((amount) => amount + 1n), owners, details: owners })
  const tree = new Tree(leaves)
  const padded = new Tree(new Uint8Array([...leaves, ...zeroHash(0)]))
  return { count, leaves, tree, richer, padded: padded.depth === tree.depth ? padded : undefined }
}

function leafAt(leaves: Uint8Array, index: number): Uint8Array {
  return leaves.subarray(index * 32, index * 32 + 32)
}

function trueClaim({ tree, leaves }: Forest, index: number): ProofClaim {
  return { root: tree.root, count: tree.count, index, leaf: leafAt(leaves, index), proof: tree.proof(index) }
}

function flipBit(bytes: Uint8Array, bit: number): Uint8Array {
  return bytes.with(bit >> 3, (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7)))
}

/** Undefined where there is nothing to change in this way. */
type Mutation = (claim: ProofClaim, dice: Dice, forest: Forest) => ProofClaim | undefined

const MUTATIONS: readonly Mutation[] = [
  // A bit of a sibling, of the leaf, of the root.
  (claim, dice) => {
    const depth = dice.below(Math.max(1, claim.proof.length))
    const sibling = claim.proof[depth]
    return sibling && { ...claim, proof: claim.proof.with(depth, flipBit(sibling, dice.below(256))) }
  },
  (claim, dice) => ({ ...claim, leaf: flipBit(claim.leaf, dice.below(256)) }),
  (claim, dice) => ({ ...claim, root: flipBit(claim.root, dice.below(256)) }),
  // The same account with a larger amount.
  (claim, _, { richer }) => ({ ...claim, leaf: leafAt(richer, claim.index) }),
  // Another account's leaf, or another account's proof.
  (claim, dice, { count, leaves }) => {
    const other = dice.below(count)
    return other === claim.index ? undefined : { ...claim, leaf: leafAt(leaves, other) }
  },
  (claim, dice, { tree }) => {
    const other = dice.below(tree.count)
    return other === claim.index ? undefined : { ...claim, proof: tree.proof(other) }
  },
  // The same leaf at another index: within the tree, beyond it, or no index at all.
  (claim, dice, { count }) => {
    const other = dice.below(count)
    return other === claim.index ? undefined : { ...claim, index: other }
  },
  (claim, dice) => ({ ...claim, index: claim.index + 2 ** (claim.proof.length + dice.below(30)) }),
  (claim, dice) => ({ ...claim, index: claim.index - claim.count - dice.below(99) }),
  (claim) => ({ ...claim, index: claim.index + 0.5 }),
  // Siblings in another order, one more, one less.
  (claim, dice) => {
    const first = dice.below(Math.max(1, claim.proof.length - 1))
    const [one, other] = [claim.proof[first], claim.proof[first + 1]]
    return one && other && { ...claim, proof: claim.proof.with(first, other).with(first + 1, one) }
  },
  (claim) => ({ ...claim, proof: [...claim.proof, zeroHash(claim.proof.length)] }),
  (claim) => (claim.proof.length === 0 ? undefined : { ...claim, proof: claim.proof.slice(0, -1) }),
  // A sibling cut short, or with bytes behind it.
  (claim, dice) => {
    const depth = dice.below(Math.max(1, claim.proof.length))
    const sibling = claim.proof[depth]
    const other = new Uint8Array(dice.below(65))
    if (sibling === undefined || other.length === 32) return undefined
    other.set(sibling.subarray(0, other.length))
    return { ...claim, proof: claim.proof.with(depth, other) }
  },
  // An inner node as a leaf, with the proof that it does have, and with that made as long as a leaf's.
  (claim) => innerNode(claim),
  (claim) => {
    const inner = innerNode(claim)
    return inner && { ...inner, proof: [...inner.proof, zeroHash(inner.proof.length)] }
  },
  // Padding as a leaf, with the proof that it does have.
  (claim, _, { padded }) => {
    const { index, leaf } = { index: claim.count, leaf: zeroHash(0) }
    return padded && { ...claim, index, leaf, proof: padded.proof(index) }
  },
  // A count of another depth, or one that excludes the leaf.
  (claim, dice) => ({ ...claim, count: 2 ** claim.proof.length + 1 + dice.below(1_000_000) }),
  (claim) => ({ ...claim, count: claim.index }),
]

function innerNode(claim: ProofClaim): ProofClaim | undefined {
  const [sibling, ...rest] = claim.proof
  if (sibling === undefined) return undefined
  const pair = claim.index % 2 === 0 ? [claim.leaf, sibling] : [sibling, claim.leaf]
  return {
    ...claim,
    index: claim.index >> 1,
    leaf: hash('sha256', Buffer.concat(pair), 'buffer'),
    proof: rest,
  }
}

function run(size: Size): Measured {
  const forests = COUNTS.map(grow)
  let tried = 0
  let accepted = 0
  let refused = 0
  for (let attempt = 0; tried < ATTEMPTS[size]; attempt++) {
    const dice = new Dice(attempt)
    const forest = forests[dice.below(forests.length)]
    const mutate = MUTATIONS[attempt % MUTATIONS.length]
    if (forest === undefined || mutate === undefined) continue
    const claim = trueClaim(forest, dice.below(forest.count))
    const mutated = mutate(claim, dice, forest)
    if (mutated === undefined) continue
    tried++
    if (verifyProof(mutated)) accepted++
    if (!verifyProof(claim)) refused++
  }
  return {
    figures: { 'mutated proofs': tried, 'ways to mutate': MUTATIONS.length, trees: COUNTS.length },
    bars: [atMost('mutated proofs accepted', accepted, 0), atMost('true proofs refused', refused, 0)],
  }
}

export const adversary: Adversary = {
  number: 19,
  name: 'merkle fuzz',
  about: 'Someone claims with proofs that are nearly true, changed in one way each; none may be accepted.',
  run: async (size) => run(size),
}
