// The leaf that the three ledgers share, and the details of accounts and jobs: one at a time, or whole columns at once.
// Either way a leaf is two hashes of 64 bytes, so that the bulk form can hash pairs in chunks.
import { hashPairsInto, sha256 } from '#sha256'
import { concat, u64le, viewOf } from './bytes.ts'
import { ProtocolError } from './errors.ts'
import { HASH_BYTES } from './hash.ts'
import { hashPair } from './ledger-tree.ts'
import { TAG_BYTES, tag } from './tags.ts'

const PAIR_BYTES = 2 * HASH_BYTES
const WORD_BYTES = 4
const HASH_WORDS = HASH_BYTES / WORD_BYTES
const PAIR_WORDS = 2 * HASH_WORDS
const TAG_WORDS = TAG_BYTES / WORD_BYTES

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
  const [ownerWords, detailWords] = [wordsOf(owners), wordsOf(details)]
  const bodies = hashEach(amounts.length, ({ words }, at, position) => {
    copyHash({ from: ownerWords, position, to: words, at })
    copyHash({ from: detailWords, position, to: words, at: at + HASH_WORDS })
  })
  const [bodyWords, tagWords] = [wordsOf(bodies), wordsOf(tag('pw/leaf'))]
  return hashEach(amounts.length, ({ words, view }, at, position) => {
    writeIndex(view, at * WORD_BYTES, first + position)
    view.setBigUint64(at * WORD_BYTES + 8, amounts[position] ?? 0n, true)
    for (let i = 0; i < TAG_WORDS; i++) words[at + 4 + i] = tagWords[i] ?? 0
    copyHash({ from: bodyWords, position, to: words, at: at + HASH_WORDS })
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
  const restWords = rests === undefined ? undefined : wordsOf(rests)
  return hashEach(count, ({ words, view }, at, position) => {
    view.setBigUint64(at * WORD_BYTES, minAmounts[position] ?? 0n, true)
    view.setBigUint64(at * WORD_BYTES + 8, maxFees[position] ?? 0n, true)
    if (restWords !== undefined) copyHash({ from: restWords, position, to: words, at: at + HASH_WORDS })
  })
}

/** A buffer of pairs, as words to copy hashes by and as a view to write integers to. */
interface Pairs {
  readonly words: Uint32Array
  readonly view: DataView
}

/** Writes the pair of a position at a word. What it never writes stays zero. */
type FillPair = (pairs: Pairs, at: number, position: number) => void

function hashEach(count: number, fill: FillPair): Uint8Array {
  const hashes = new Uint8Array(count * HASH_BYTES)
  const bytes = new Uint8Array(Math.min(CHUNK, count) * PAIR_BYTES)
  const pairs = { words: wordsOf(bytes), view: viewOf(bytes) }
  for (let start = 0; start < count; start += CHUNK) {
    const size = Math.min(CHUNK, count - start)
    for (let i = 0; i < size; i++) fill(pairs, i * PAIR_WORDS, start + i)
    const end = (start + size) * HASH_BYTES
    hashPairsInto(bytes.subarray(0, size * PAIR_BYTES), hashes.subarray(start * HASH_BYTES, end))
  }
  return hashes
}

/** The same bytes four at a time: copied as they are, whatever the machine's byte order. */
function wordsOf(bytes: Uint8Array): Uint32Array {
  const aligned = bytes.byteOffset % WORD_BYTES === 0 ? bytes : bytes.slice()
  return new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.length / WORD_BYTES)
}

interface HashCopy {
  readonly from: Uint32Array
  readonly position: number
  readonly to: Uint32Array
  /** A word. */
  readonly at: number
}

/** A loop over words, because a view of 32 bytes costs more than they do. */
function copyHash({ from, position, to, at }: HashCopy): void {
  const start = position * HASH_WORDS
  for (let i = 0; i < HASH_WORDS; i++) to[at + i] = from[start + i] ?? 0
}

/** As u64, without a bigint for each. */
function writeIndex(view: DataView, at: number, index: number): void {
  view.setUint32(at, index, true)
  view.setUint32(at + 4, Math.floor(index / 2 ** 32), true)
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
