// Draws of verifiers, by stake.
import { sha256Into } from '#sha256'
import { u64le, writeU32 } from '../bytes.ts'
import { HASH_BYTES } from '../hash.ts'
import { type Tag, tag } from '../tags.ts'

/** A sum of weights stays below this, so that every draw is arithmetic on 32 bits. */
const WEIGHT_LIMIT = 1n << 32n

export interface StakeWeights {
  readonly shift: number
  readonly weights: readonly number[]
}

/** stake >> shift, with the smallest shift that makes their sum less than 2^32. */
export function stakeWeights(stakes: readonly bigint[]): StakeWeights {
  let shift = 0n
  while (stakes.reduce((sum, stake) => sum + (stake >> shift), 0n) >= WEIGHT_LIMIT) shift++
  return { shift: Number(shift), weights: stakes.map((stake) => Number(stake >> shift)) }
}

export interface Weighted {
  readonly id: number
  readonly weight: number
}

export interface WeightedDraw {
  readonly tag: Tag
  readonly seed: Uint8Array
  readonly context: Uint8Array
  /** Ascending by id. */
  readonly candidates: readonly Weighted[]
  readonly count: number
  /** More than 0 continues an earlier draw, whose winners are no candidates any more. */
  readonly firstK?: number
}

/** Hashes are put together and come out here, so that fifty thousand draws are not as many allocations. */
const scratch = new Uint8Array(256)
const digest = new Uint8Array(HASH_BYTES)
const K_BYTES = 4

/** Ids in the order drawn: `count` distinct ones, or all that weigh anything, if there are no more. */
export function drawWeighted(draw: WeightedDraw): number[] {
  const { candidates, count, firstK = 0 } = draw
  const hashed = putTogether([tag(draw.tag), draw.seed, draw.context])
  const weights = candidates.map(({ weight }) => weight)
  let sum = weights.reduce((total, weight) => total + weight, 0)
  const drawn: number[] = []
  for (let k = firstK; drawn.length < count && sum > 0; k++) {
    writeU32(hashed, hashed.length - K_BYTES, k)
    sha256Into(hashed, digest)
    const position = positionAt(weights, remainder(digest, sum))
    drawn.push(candidates[position]?.id ?? 0)
    sum -= weights[position] ?? 0
    // What weighs nothing is never drawn again.
    weights[position] = 0
  }
  return drawn
}

/** The parts, and room for k. */
function putTogether(parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, K_BYTES)
  const hashed = length <= scratch.length ? scratch.subarray(0, length) : new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    hashed.set(part, at)
    at += part.length
  }
  return hashed
}

/** The first whose running sum exceeds x, which is less than the sum of all. */
function positionAt(weights: readonly number[], x: number): number {
  let position = 0
  let sum = weights[0] ?? 0
  while (sum <= x) sum += weights[++position] ?? 0
  return position
}

/** The first eight bytes as a u64, modulo a number below 2^32: by 16 bits at a time, so that doubles stay exact. */
function remainder(hash: Uint8Array, modulus: number): number {
  let rest = 0
  for (let i = 6; i >= 0; i -= 2) {
    rest = (rest * 0x10000 + (hash[i + 1] ?? 0) * 0x100 + (hash[i] ?? 0)) % modulus
  }
  return rest
}

export interface CheckersDraw {
  /** Of the epoch that draws: the stint's own, and a later one for those that join while it is carried. */
  readonly seed: Uint8Array
  readonly nodeKey: Uint8Array
  /** The stint's. */
  readonly epoch: number
  /** Ascending by id. */
  readonly candidates: readonly Weighted[]
  readonly count: number
  /** Checkers that were drawn for this stint before. */
  readonly before?: readonly number[]
}

/** The verifiers that check a stint, or `count` more of them. */
export function drawCheckers(draw: CheckersDraw): number[] {
  const before = draw.before ?? []
  return drawWeighted({
    tag: 'pw/checkers',
    seed: draw.seed,
    context: contextOf(draw),
    candidates:
      before.length === 0 ? draw.candidates : draw.candidates.filter(({ id }) => !before.includes(id)),
    count: draw.count,
    firstK: before.length,
  })
}

const checkersContext = new Uint8Array(HASH_BYTES + 8)

function contextOf({ nodeKey, epoch }: CheckersDraw): Uint8Array {
  checkersContext.set(nodeKey)
  writeU32(checkersContext, HASH_BYTES, epoch)
  writeU32(checkersContext, HASH_BYTES + 4, Math.floor(epoch / 2 ** 32))
  return checkersContext
}

export interface ProposerDraw {
  readonly seed: Uint8Array
  readonly round: number
  /** Ascending by id. */
  readonly candidates: readonly Weighted[]
}

/** Who proposes in this round, undefined where nobody weighs anything. */
export function drawProposer(draw: ProposerDraw): number | undefined {
  const [proposer] = drawWeighted({
    tag: 'pw/proposer',
    seed: draw.seed,
    context: u64le(BigInt(draw.round)),
    candidates: draw.candidates,
    count: 1,
  })
  return proposer
}
