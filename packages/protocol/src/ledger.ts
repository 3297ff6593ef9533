// The leaf that the three ledgers share, and the details of accounts and jobs: one at a time, or whole columns at once.
// Either way a leaf is two hashes of 64 bytes, so that the bulk form can hash pairs in chunks.
import { hashPairsInto, sha256 } from '#sha256'
import { concat, u64le, viewOf } from './bytes.ts'
import { ProtocolError } from './errors.ts'
import { HASH_BYTES, ZERO_HASH } from './hash.ts'
import { hashPair } from './ledger-tree.ts'
import { tag } from './tags.ts'

const PAIR_BYTES = 2 * HASH_BYTES

/** Pairs hashed at a time: 64 KiB, which stays in a core's own cache. */
const CHUNK = 1_024

const U64_LIMIT = 1n << 64n

export interface Leaf {
  readonly index: number
  readonly amount: bigint
  readonly owner: Uint8Array
  readonly detail: Uint8Array
}

/** H(index u64 || amount u64 || "pw/leaf" || H(owner32 || detail32)) */
export function leafHash({ index, amount, owner, detail }: Leaf): Uint8Array {
  requireIndex(index)
  requireLength('owner', owner, HASH_BYTES)
  requireLength('detail', detail, HASH_BYTES)
  return sha256(
    concat([u64le(BigInt(index)), u64Bytes('amount', amount), tag('pw/leaf'), hashPair(owner, detail)]),
  )
}

export interface AccountDetail {
  readonly minAmount: bigint
  readonly maxFee: bigint
  readonly rest: Uint8Array
}

/** H(minAmount u64 || maxFee u64 || 16 zeros || rest32) */
export function accountDetail({ minAmount, maxFee, rest }: AccountDetail): Uint8Array {
  requireLength('rest', rest, HASH_BYTES)
  const terms = concat([u64Bytes('minAmount', minAmount), u64Bytes('maxFee', maxFee), new Uint8Array(16)])
  return hashPair(terms, rest)
}

/** H(done u8 || 31 zeros || rest32) */
export function jobDetail(done: boolean, rest: Uint8Array): Uint8Array {
  requireLength('rest', rest, HASH_BYTES)
  const flag = new Uint8Array(HASH_BYTES)
  flag[0] = done ? 1 : 0
  return hashPair(flag, rest)
}

export interface LeafColumns {
  /** Index of the first leaf: 0 when it is not said. */
  readonly first?: number
  readonly amounts: BigUint64Array
  /** 32 bytes a leaf, as are the details. */
  readonly owners: Uint8Array
  readonly details: Uint8Array
}

/** `leafHash` of every position: 32 bytes each, as a tree takes them. */
export function hashLeaves({ first = 0, amounts, owners, details }: LeafColumns): Uint8Array {
  requireIndex(first)
  requireLength('owners', owners, amounts.length * HASH_BYTES)
  requireLength('details', details, amounts.length * HASH_BYTES)
  const bodies = hashEach(amounts.length, (pair, at, position) => {
    copyHash(owners, position, pair, at)
    copyHash(details, position, pair, at + HASH_BYTES)
  })
  const leafTag = tag('pw/leaf')
  return hashEach(amounts.length, (pair, at, position, view) => {
    view.setBigUint64(at, BigInt(first + position), true)
    view.setBigUint64(at + 8, amounts[position] ?? 0n, true)
    pair.set(leafTag, at + 16)
    copyHash(bodies, position, pair, at + HASH_BYTES)
  })
}

export interface AccountDetailColumns {
  readonly minAmounts: BigUint64Array
  readonly maxFees: BigUint64Array
  /** 32 bytes each; zeros when there are none. */
  readonly rests?: Uint8Array
}

/** `accountDetail` of every position, 32 bytes each. */
export function accountDetails({ minAmounts, maxFees, rests }: AccountDetailColumns): Uint8Array {
  const count = minAmounts.length
  if (maxFees.length !== count) {
    throw new ProtocolError('bytes/malformed', `${count} least amounts, but ${maxFees.length} fees`)
  }
  if (rests !== undefined) requireLength('rests', rests, count * HASH_BYTES)
  return hashEach(count, (pair, at, position, view) => {
    view.setBigUint64(at, minAmounts[position] ?? 0n, true)
    view.setBigUint64(at + 8, maxFees[position] ?? 0n, true)
    if (rests === undefined) pair.set(ZERO_HASH, at + HASH_BYTES)
    else copyHash(rests, position, pair, at + HASH_BYTES)
  })
}

type FillPair = (pairs: Uint8Array, at: number, position: number, view: DataView) => void

/** The hash of each of `count` pairs, which `fill` writes into a buffer whose other bytes are zero. */
function hashEach(count: number, fill: FillPair): Uint8Array {
  const hashes = new Uint8Array(count * HASH_BYTES)
  const pairs = new Uint8Array(Math.min(CHUNK, count) * PAIR_BYTES)
  const view = viewOf(pairs)
  for (let start = 0; start < count; start += CHUNK) {
    const size = Math.min(CHUNK, count - start)
    for (let i = 0; i < size; i++) fill(pairs, i * PAIR_BYTES, start + i, view)
    const end = (start + size) * HASH_BYTES
    hashPairsInto(pairs.subarray(0, size * PAIR_BYTES), hashes.subarray(start * HASH_BYTES, end))
  }
  return hashes
}

/** A loop, because a view for 32 bytes costs more than the bytes. */
function copyHash(from: Uint8Array, position: number, to: Uint8Array, at: number): void {
  const start = position * HASH_BYTES
  for (let i = 0; i < HASH_BYTES; i++) to[at + i] = from[start + i] ?? 0
}

function requireIndex(index: number): void {
  if (Number.isSafeInteger(index) && index >= 0) return
  throw new ProtocolError('ledger/no-such-index', `${index} is not an index: 0 or a positive integer is`, {
    index,
  })
}

function requireLength(what: string, bytes: Uint8Array, length: number): void {
  if (bytes.length === length) return
  throw new ProtocolError('bytes/malformed', `${what} must be ${length} bytes, but there are ${bytes.length}`)
}

function u64Bytes(what: string, value: bigint): Uint8Array {
  if (value >= 0n && value < U64_LIMIT) return u64le(value)
  throw new ProtocolError('ledger/bad-amount', `${what} is ${value}, which is no u64`, { value })
}
