// Ed25519 keys and signatures as no honest software makes them, by someone who knows the secret and does the algebra:
// parts of small order in the key or in R, R of small order alone, an s that isn't reduced.
import { Point } from '@noble/ed25519'
import { sha512 } from '@noble/hashes/sha2.js'

const L = Point.CURVE().n

/** A point of order 8; its multiples are all points of small order. */
const T8: Point = Point.fromHex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a')

export interface ForgeryPlan {
  readonly secret: Uint8Array
  /** Made by the caller for the key, because a transaction's message contains its signer. */
  readonly message: (publicKey: Uint8Array) => Uint8Array
  /** 0 .. 7: this multiple of a point of order 8 is added to the key, or to R. */
  readonly keyTorsion?: number
  readonly nonceTorsion?: number
  /** How often L is added to s, 0 .. 14. */
  readonly addL?: number
  /** The key has no part but that of small order: no secret is needed. */
  readonly smallKey?: boolean
  /** R has no part but that of small order. */
  readonly smallR?: boolean
  /** Another way to write R, which stands in the signature and is hashed. */
  readonly writtenR?: Uint8Array
  /** Tries nonces until the parts of small order cancel out, and the equation without cofactor holds. */
  readonly balanced?: boolean
}

export interface Forgery {
  readonly publicKey: Uint8Array
  readonly message: Uint8Array
  readonly signature: Uint8Array
  /** Whether S*B - k*A = R as points, without regard to how anything is written. */
  readonly holds: boolean
}

/** Of random nonces every eighth balances what can be balanced. */
const MOST_NONCES = 1_000

export function forgeSignature(plan: ForgeryPlan): Forgery {
  const a = plan.smallKey === true ? 0n : littleEndian(sha512(plan.secret).subarray(0, 32)) % L
  const publicKey = Point.BASE.multiplyUnsafe(a).add(torsion(plan.keyTorsion)).toBytes()
  const message = plan.message(publicKey)
  for (let attempt = 0; attempt < MOST_NONCES; attempt++) {
    const forgery = signWith(plan, { a, publicKey, message, attempt })
    if (forgery.holds || plan.balanced !== true) return forgery
  }
  throw new RangeError('these parts of small order cannot cancel out')
}

interface Attempt {
  readonly a: bigint
  readonly publicKey: Uint8Array
  readonly message: Uint8Array
  readonly attempt: number
}

function signWith(plan: ForgeryPlan, { a, publicKey, message, attempt }: Attempt): Forgery {
  const { keyTorsion = 0, nonceTorsion = 0, addL = 0 } = plan
  const nonce = littleEndian(sha512(joined(plan.secret, message, Uint8Array.of(attempt, attempt >> 8)))) % L
  const r = plan.smallR === true ? 0n : nonce
  const rBytes = plan.writtenR ?? Point.BASE.multiplyUnsafe(r).add(torsion(nonceTorsion)).toBytes()
  const k = littleEndian(sha512(joined(rBytes, publicKey, message))) % L
  const s = ((r + k * a) % L) + BigInt(addL) * L
  const remainder = (BigInt(keyTorsion) * k + BigInt(nonceTorsion)) % 8n
  return { publicKey, message, signature: joined(rBytes, bytes32(s)), holds: remainder === 0n }
}

/** A multiple of the point of order 8. */
export function torsion(times = 0): Point {
  return T8.multiplyUnsafe(BigInt(times % 8))
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]))
}

function littleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((number, byte) => number * 256n + BigInt(byte), 0n)
}

function bytes32(number: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, i) => Number((number >> BigInt(8 * i)) & 255n))
}
