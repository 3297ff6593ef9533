// Which rows are checked: the more a row could gain its node, against what the node would lose, the likelier.
import { hashPairsInto } from '#sha256'
import { viewOf } from '../bytes.ts'
import { HASH_BYTES, h } from '../hash.ts'
import { PPM_ONE } from '../value.ts'

const U64 = 1n << 64n
const PAIR_BYTES = 2 * HASH_BYTES
const NUMBER_BYTES = 8
const NUMBERS_PER_HASH: number = HASH_BYTES / NUMBER_BYTES

/** s, from which the numbers of all rows of a stint come. */
export function stintSalt(seed: Uint8Array, nodeKey: Uint8Array): Uint8Array {
  return h('pw/draw', seed, nodeKey)
}

export interface BatchPlace {
  readonly salt: Uint8Array
  readonly seq: number
  readonly rows: number
}

/** The numbers of a batch's rows: the u64 at 8 i is that of row i. */
export function rowNumbers({ salt, seq, rows }: BatchPlace): DataView {
  const blocks = Math.ceil(rows / NUMBERS_PER_HASH)
  const input = new Uint8Array(blocks * PAIR_BYTES)
  const view = viewOf(input)
  for (let block = 0; block < blocks; block++) {
    const start = block * PAIR_BYTES
    input.set(salt, start)
    view.setUint32(start + HASH_BYTES, seq, true)
    view.setUint32(start + HASH_BYTES + 4, block, true)
  }
  const output = new Uint8Array(blocks * HASH_BYTES)
  hashPairsInto(input, output)
  return viewOf(output)
}

export interface RowStakes {
  readonly value: bigint
  /** The node's bond, with what was vouched. */
  readonly bond: bigint
  /** Of its kind, in parts per million. */
  readonly rate: number
}

/** The rule in plain numbers: drawn with probability max(rate, 2v / (2v + B)). */
export function isDrawn(x: bigint, { value, bond, rate }: RowStakes): boolean {
  if (x * PPM_ONE < BigInt(rate) * U64) return true
  return value > 0n && x * (2n * value + bond) < 2n * value * U64
}

/** The same rule prepared for many rows: drawn iff the number is below high * 2^32 + low; high reaches 2^32. */
interface Threshold {
  readonly high: number
  readonly low: number
}

/** The least x with x * divisor >= share * 2^64. */
function threshold(share: bigint, divisor: bigint): Threshold {
  const first = (share * U64 + divisor - 1n) / divisor
  return { high: Number(first >> 32n), low: Number(first & 0xffff_ffffn) }
}

/** The draws of rows of one epoch. */
export class RowDraw {
  readonly #seed: Uint8Array
  readonly #rates = new Map<number, Threshold>()

  constructor(seed: Uint8Array) {
    this.#seed = seed
  }

  forStint(nodeKey: Uint8Array, bond: bigint): StintDraw {
    return new StintDraw(stintSalt(this.#seed, nodeKey), bond, this.#rates)
  }
}

/** Thresholds are kept: a stint has few values, an epoch few rates. */
export class StintDraw {
  readonly #salt: Uint8Array
  readonly #bond: bigint
  readonly #rates: Map<number, Threshold>
  readonly #values = new Map<bigint, Threshold>()

  constructor(salt: Uint8Array, bond: bigint, rates: Map<number, Threshold>) {
    this.#salt = salt
    this.#bond = bond
    this.#rates = rates
  }

  batch(seq: number, rows: number): BatchDraw {
    return new BatchDraw(this, rowNumbers({ salt: this.#salt, seq, rows }))
  }

  byRate(rate: number): Threshold {
    let found = this.#rates.get(rate)
    if (found === undefined) {
      found = threshold(BigInt(rate), PPM_ONE)
      this.#rates.set(rate, found)
    }
    return found
  }

  byValue(value: bigint): Threshold {
    let found = this.#values.get(value)
    if (found === undefined) {
      found = value === 0n ? { high: 0, low: 0 } : threshold(2n * value, 2n * value + this.#bond)
      this.#values.set(value, found)
    }
    return found
  }
}

/** The rows of one batch. */
export class BatchDraw {
  readonly #stint: StintDraw
  readonly #numbers: DataView

  constructor(stint: StintDraw, numbers: DataView) {
    this.#stint = stint
    this.#numbers = numbers
  }

  /** Of a row of a kind with this rate, and of this value. */
  drawn(row: number, rate: number, value: bigint): boolean {
    const low = this.#numbers.getUint32(row * NUMBER_BYTES, true)
    const high = this.#numbers.getUint32(row * NUMBER_BYTES + 4, true)
    return below(high, low, this.#stint.byRate(rate)) || below(high, low, this.#stint.byValue(value))
  }
}

function below(high: number, low: number, limit: Threshold): boolean {
  return high < limit.high || (high === limit.high && low < limit.low)
}
