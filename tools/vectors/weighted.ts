// weighted.json: draws by stake, with the tags and contexts of checkers and proposers.
import { deepEqual } from 'node:assert/strict'
import { concat, fromHex, toHex, u64le } from '../../packages/protocol/src/bytes.ts'
import { drawWeighted, stakeWeights, type Weighted } from '../../packages/protocol/src/draws/weighted.ts'
import { TAG_NAMES } from '../../packages/protocol/src/tags.ts'
import type { VectorFile } from './lib/file.ts'
import { someBelow, someBytes, someU64 } from './lib/random.ts'

interface WeightedEntry {
  readonly name: string
  readonly tag: string
  readonly seed: string
  readonly context: string
  readonly candidates: readonly Weighted[]
  readonly count: number
  readonly drawn: readonly number[]
}

function drawnOf({ tag, seed, context, candidates, count }: Omit<WeightedEntry, 'drawn'>): number[] {
  const known = TAG_NAMES.find((name) => name === tag)
  if (known === undefined) throw new RangeError(`no such tag: ${tag}`)
  return drawWeighted({ tag: known, seed: fromHex(seed), context: fromHex(context), candidates, count })
}

/** Ids with gaps, so that an id can't be taken for a position. */
function candidatesOf(weights: readonly number[]): Weighted[] {
  return weights.map((weight, i) => ({ id: 3 * i + 1, weight }))
}

function checkers(name: string, weights: readonly number[], count: number): WeightedEntry {
  const context = toHex(concat([someBytes(`weighted ${name} node`), u64le(BigInt(someBelow(name, 5000)))]))
  const seed = toHex(someBytes(`weighted ${name} seed`))
  const draw = { name, tag: 'pw/checkers', seed, context, candidates: candidatesOf(weights), count }
  return { ...draw, drawn: drawnOf(draw) }
}

function proposer(round: number): WeightedEntry {
  const weights = [700, 300, 500, 100]
  const draw = {
    name: `proposer of round ${round}`,
    tag: 'pw/proposer',
    seed: toHex(someBytes('weighted proposer seed')),
    context: toHex(u64le(BigInt(round))),
    candidates: candidatesOf(weights),
    count: 1,
  }
  return { ...draw, drawn: drawnOf(draw) }
}

const stakes = Array.from({ length: 64 }, (_, i) => someU64(`weighted stake ${i}`))

export const vectors: VectorFile<WeightedEntry> = {
  name: 'weighted',
  generate: () => [
    checkers('one verifier', [1], 1),
    checkers('fewer verifiers than checkers', [5, 9], 3),
    checkers('three of three', [5, 9, 2], 3),
    checkers('three of ten alike', new Array<number>(10).fill(1000), 3),
    checkers('one has nearly everything', [1, 4_000_000_000, 1, 1], 3),
    checkers('one weighs nothing', [10, 0, 10, 10], 3),
    checkers('weights that sum to 2^32 - 1', [2 ** 31, 2 ** 30, 2 ** 30 - 1], 3),
    checkers('three of 64, stakes of 64 bits shifted', stakeWeights(stakes).weights, 3),
    checkers('all of 64', stakeWeights(stakes).weights, 64),
    ...[0, 1, 2, 2 ** 32].map(proposer),
  ],
  check: ({ drawn, ...draw }) => deepEqual(drawnOf(draw), drawn),
}
