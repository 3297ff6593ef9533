// Which rows are checked: the more a row could gain its node, against what the node would lose, the likelier.
import { hashPairsInto } from '#sha256'
import { readU32, writeU32 } from '../bytes.ts'
import { HASH_BYTES, h } from '../hash.ts'
import { BATCH_ROWS } from '../limits.ts'
import { PPM_ONE } from '../value.ts'

const U64 = 1n << 64n
const PAIR_BYTES = 2 * HASH_BYTES
const NUMBER_BYTES = 8
/** Where the batch's seq and the block's number stand, behind the salt. */
const SEQ_OFFSET: number = HASH_BYTES
const BLOCK_OFFSET: number = HASH_BYTES + 4
const NUMBERS_PER_HASH: number = HASH_BYTES / NUMBER_BYTES
/** Of the longest batch: whole hashes. */
export const NUMBERS_BYTES: number = HASH_BYTES * Math.ceil(BATCH_ROWS / NUMBERS_PER_HASH)

/** s, from which the numbers of all rows of a stint come. */
export function stintSalt(seed: Uint8Array, nodeKey: Uint8Array): Uint8Array {
  return h('pw/draw', seed, nodeKey)
}

export interface BatchPlace {
  readonly salt: Uint8Array
  readonly seq: number
  readonly rows: number
}

/** What is hashed for a batch, put together here: an epoch has fifty thousand. Its blocks are numbered for good. */
const scratch = new Uint8Array(2 * NUMBERS_BYTES)
for (let block = 0; block * PAIR_BYTES < scratch.length; block++) {
  writeU32(scratch, block * PAIR_BYTES + BLOCK_OFFSET, block)
}

/** The numbers of a batch's rows: the u64 at 8 i is that of row i. */
export function rowNumbers({ salt, seq, rows }: BatchPlace, into?: Uint8Array): Uint8Array {
  const blocks = scratch.subarray(0, Math.ceil(rows / NUMBERS_PER_HASH) * PAIR_BYTES)
  for (let at = 0; at < blocks.length; at += PAIR_BYTES) {
    blocks.set(salt, at)
    writeU32(blocks, at + SEQ_OFFSET, seq)
  }
  const length = blocks.length / 2
  const numbers = into === undefined ? new Uint8Array(length) : into.subarray(0, length)
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

/** Of rows that gain nothing: the same for all nodes. */
export function rateLimit(rate: number): DrawLimit {
  return limitOf(BigInt(rate), PPM_ONE)
}

function isBelow(high: number, low: number, limit: DrawLimit): boolean {
  return high < limit.high || (high === limit.high && low < limit.low)
}

/** The draws of one stint. */
export class StintDraw {
  readonly #salt: Uint8Array
  readonly #bond: bigint

  constructor({
    seed,
    nodeKey,
    bond,
  }: { readonly seed: Uint8Array; readonly nodeKey: Uint8Array; readonly bond: bigint }) {
    this.#salt = stintSalt(seed, nodeKey)
    this.#bond = bond
  }

  /** `into` is room for the numbers of the longest batch, for who reads one batch after another. */
  batch(seq: number, rows: number, into?: Uint8Array): BatchDraw {
    return new BatchDraw(rowNumbers({ salt: this.#salt, seq, rows }, into))
  }

  /** For rows of this value and of a kind with this rate: computed once for a run of equal rows. */
  limit(rate: number, value: bigint): DrawLimit {
    return this.limitOver(rateLimit(rate), value)
  }

  /** The same, for who has the limit of the rate at hand. */
  limitOver(byRate: DrawLimit, value: bigint): DrawLimit {
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
