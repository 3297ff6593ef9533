// Which rows are checked: the more a row could gain its node, against what the node would lose, the likelier.
import { hashPairsInto } from '#sha256'
import { readU32, writeU32 } from '../bytes.ts'
import { HASH_BYTES, h } from '../hash.ts'
import { PPM_ONE } from '../value.ts'

const U64 = 1n << 64n
const PAIR_BYTES = 2 * HASH_BYTES
const NUMBER_BYTES = 8
/** Where the batch's seq and the block's number stand, behind the salt. */
const SEQ_OFFSET: number = HASH_BYTES
const BLOCK_OFFSET: number = HASH_BYTES + 4
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
export function rowNumbers({ salt, seq, rows }: BatchPlace): Uint8Array {
  return numbersOf(blocksOf(salt, Math.ceil(rows / NUMBERS_PER_HASH)), seq)
}

/** What is hashed for that many blocks of numbers, but for the batch's seq. */
function blocksOf(salt: Uint8Array, count: number): Uint8Array {
  const blocks = new Uint8Array(count * PAIR_BYTES)
  for (let block = 0; block < count; block++) {
    blocks.set(salt, block * PAIR_BYTES)
    writeU32(blocks, block * PAIR_BYTES + BLOCK_OFFSET, block)
  }
  return blocks
}

function numbersOf(blocks: Uint8Array, seq: number): Uint8Array {
  for (let at = SEQ_OFFSET; at < blocks.length; at += PAIR_BYTES) writeU32(blocks, at, seq)
  const numbers = new Uint8Array(blocks.length / 2)
  hashPairsInto(blocks, numbers)
  return numbers
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
export interface DrawLimit {
  readonly high: number
  readonly low: number
}

const NONE: DrawLimit = { high: 0, low: 0 }

/** The least x with x * divisor >= share * 2^64. */
function limitOf(share: bigint, divisor: bigint): DrawLimit {
  if (share === 0n) return NONE
  const first = (share * U64 + divisor - 1n) / divisor
  return { high: Number(first >> 32n), low: Number(first & 0xffff_ffffn) }
}

function isBelow(high: number, low: number, limit: DrawLimit): boolean {
  return high < limit.high || (high === limit.high && low < limit.low)
}

/** The draws of one stint. */
export class StintDraw {
  readonly #salt: Uint8Array
  readonly #bond: bigint
  /** Of its largest batch so far: batches differ in their seq alone. */
  #blocks: Uint8Array = new Uint8Array(0)

  constructor({
    seed,
    nodeKey,
    bond,
  }: { readonly seed: Uint8Array; readonly nodeKey: Uint8Array; readonly bond: bigint }) {
    this.#salt = stintSalt(seed, nodeKey)
    this.#bond = bond
  }

  batch(seq: number, rows: number): BatchDraw {
    const bytes = Math.ceil(rows / NUMBERS_PER_HASH) * PAIR_BYTES
    if (this.#blocks.length < bytes) this.#blocks = blocksOf(this.#salt, bytes / PAIR_BYTES)
    return new BatchDraw(numbersOf(this.#blocks.subarray(0, bytes), seq))
  }

  /** For rows of this value and of a kind with this rate: computed once for a run of equal rows. */
  limit(rate: number, value: bigint): DrawLimit {
    const byRate = limitOf(BigInt(rate), PPM_ONE)
    const byValue = limitOf(2n * value, 2n * value + this.#bond)
    return isBelow(byRate.high, byRate.low, byValue) ? byValue : byRate
  }
}

/** The rows of one batch. */
export class BatchDraw {
  readonly #numbers: Uint8Array

  constructor(numbers: Uint8Array) {
    this.#numbers = numbers
  }

  drawn(row: number, limit: DrawLimit): boolean {
    const low = readU32(this.#numbers, row * NUMBER_BYTES)
    return isBelow(readU32(this.#numbers, row * NUMBER_BYTES + 4), low, limit)
  }
}
