// `bench merkle`: from raw leaves to the root, and all proofs, beside the two libraries that people use for this and
// beside the bare hashing that no tree can do without.
import { createHash, hash } from 'node:crypto'
import { hashInto } from '@chainsafe/hashtree'
import { StandardMerkleTree } from '@openzeppelin/merkle-tree'
import { hashLeaves, rootOf, Tree } from '@piecework/protocol'
import { MerkleTree } from 'merkletreejs'
import { atLeast, type Bench, type Measured } from './types.ts'

const LEAVES = 65_536

/** A leaf takes two hashes of 64 bytes, and the tree above n leaves n - 1. */
const HASHES = 2 * LEAVES + LEAVES - 1

/** Both sides of a ratio take turns, and each counts with its best: what else the machine does slows either. */
const ROUNDS = 15

/** Its rounds take tens of seconds, which evens out by itself. */
const OPENZEPPELIN_ROUNDS = 2

interface RawLeaves {
  readonly amounts: BigUint64Array
  readonly owners: Uint8Array
  readonly details: Uint8Array
}

function rawLeaves(): RawLeaves {
  const amounts = BigUint64Array.from({ length: LEAVES }, (_, i) => BigInt(i) * 1_000_003n)
  const column = (salt: number): Uint8Array => {
    const bytes = new Uint8Array(LEAVES * 32)
    for (let i = 0; i < LEAVES; i++) bytes.set(hash('sha256', `${salt} ${i}`, 'buffer'), i * 32)
    return bytes
  }
  return { amounts, owners: column(1), details: column(2) }
}

/** Keeps the least milliseconds that each thing took. */
class Stopwatch {
  readonly #best = new Map<string, number>()

  time<T>(what: string, run: () => T): T {
    const start = performance.now()
    const result = run()
    const took = performance.now() - start
    this.#best.set(what, Math.min(took, this.best(what)))
    return result
  }

  best(what: string): number {
    return this.#best.get(what) ?? Number.POSITIVE_INFINITY
  }
}

function timeOurs(watch: Stopwatch, raw: RawLeaves): void {
  const tree = watch.time('ours', () => new Tree(hashLeaves(raw)))
  const proofs = watch.time('ours, proofs', () => tree.allProofs())
  if (proofs.length !== LEAVES) throw new Error('a leaf has no proof')
}

function timeHashing(watch: Stopwatch): () => void {
  const input = new Uint8Array(HASHES * 64).fill(7)
  const output = new Uint8Array(HASHES * 32)
  return () => watch.time('hashtree', () => hashInto(input, output))
}

/**
 * It is given hashed leaves, where ours has to hash them. The bar is against `createHash`, which is how it is used;
 * the one-shot function of newer Nodes is faster, and both are printed beside our tree of hashed leaves.
 */
function timeHashedLeaves(watch: Stopwatch, raw: RawLeaves): () => void {
  const hashed = hashLeaves(raw)
  const leaves = Array.from({ length: LEAVES }, (_, i) => Buffer.from(hashed.subarray(i * 32, i * 32 + 32)))
  const twoCalls = (data: Uint8Array): Buffer => createHash('sha256').update(data).digest()
  const oneShot = (data: Uint8Array): Buffer => hash('sha256', data, 'buffer')
  return () => {
    watch.time('ours, hashed leaves', () => rootOf(hashed))
    watch.time('merkletreejs', () => new MerkleTree(leaves, twoCalls).getRoot())
    watch.time('merkletreejs, one-shot', () => new MerkleTree(leaves, oneShot).getRoot())
  }
}

function timeOpenZeppelin(watch: Stopwatch, { amounts, owners, details }: RawLeaves): () => void {
  const hex = (column: Uint8Array, i: number): string =>
    `0x${Buffer.from(column.subarray(i * 32, i * 32 + 32)).toString('hex')}`
  const values = Array.from(amounts, (amount, i) => [
    String(i),
    String(amount),
    hex(owners, i),
    hex(details, i),
  ])
  const types = ['uint64', 'uint64', 'bytes32', 'bytes32']
  return () => {
    const tree = watch.time('openzeppelin', () => StandardMerkleTree.of(values, types))
    watch.time('openzeppelin, proofs', () => {
      for (let i = 0; i < LEAVES; i++) tree.getProof(i)
    })
  }
}

function measure(): Measured {
  const watch = new Stopwatch()
  const raw = rawLeaves()
  const hashing = timeHashing(watch)
  const hashedLeaves = timeHashedLeaves(watch, raw)
  for (let round = 0; round < ROUNDS; round++) {
    timeOurs(watch, raw)
    hashing()
    hashedLeaves()
  }
  const openZeppelin = timeOpenZeppelin(watch, raw)
  for (let round = 0; round < OPENZEPPELIN_ROUNDS; round++) {
    openZeppelin()
    timeOurs(watch, raw)
  }
  return result(watch)
}

function result(watch: Stopwatch): Measured {
  const ours = watch.best('ours')
  const proofs = watch.best('ours, proofs')
  return {
    figures: {
      leaves: LEAVES,
      'root of raw leaves, ms': ours,
      'all proofs, ms': proofs,
      'hashtree, same number of hashes, ms': watch.best('hashtree'),
      'root of hashed leaves, ms': watch.best('ours, hashed leaves'),
      'merkletreejs, root of hashed leaves, createHash, ms': watch.best('merkletreejs'),
      'merkletreejs, root of hashed leaves, one-shot hash, ms': watch.best('merkletreejs, one-shot'),
      'OpenZeppelin, tree, ms': watch.best('openzeppelin'),
      'OpenZeppelin, all proofs, ms': watch.best('openzeppelin, proofs'),
    },
    bars: [
      atLeast('times OpenZeppelin, root', watch.best('openzeppelin') / ours, 300),
      atLeast('times merkletreejs, root', watch.best('merkletreejs') / ours, 5),
      atLeast('of bare hashtree', watch.best('hashtree') / ours, 0.5),
      atLeast('times OpenZeppelin, all proofs', watch.best('openzeppelin, proofs') / proofs, 100),
    ],
  }
}

export const bench: Bench = {
  name: 'merkle',
  about: 'The root of 65,536 raw leaves and all proofs, beside OpenZeppelin, merkletreejs and bare hashtree.',
  run: async () => measure(),
}
