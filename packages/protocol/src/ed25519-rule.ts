// The one ed25519 rule, as far as it is the same everywhere; ed25519.node.ts and ed25519.browser.ts add the equation.
// Known implementations disagree on keys and signatures that honest software never makes ("Taming the many EdDSAs",
// eprint.iacr.org/2020/1244). All of those are refused here, so that no verifier accepts what another refuses.
import { Point } from '@noble/ed25519'
import { fromHex } from './bytes.ts'
import { ProtocolError } from './errors.ts'

export const SECRET_BYTES = 32
export const PUBLIC_KEY_BYTES = 32
export const SIGNATURE_BYTES = 64

/** What signs: a secret that never leaves the closure. */
export interface SigningKey {
  readonly publicKey: Uint8Array
  readonly sign: (bytes: Uint8Array) => Uint8Array
}

/** The order of the base point, 2^252 + 27742317777372353535851937790883648493, as RFC 8032 gives it; little-endian. */
const L_BYTES: Uint8Array = fromHex('edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010')

/**
 * The y of every point whose order divides 8, and of every way to write one. The sign bit is not looked at: with both
 * signs these are all 14 encodings (the signs of x = 0 are two writings of one point). R written thus proves nothing:
 * with it one signature can be made to fit many messages.
 */
const SMALL_ORDER_Y: readonly Uint8Array[] = [
  // 1: the identity; (0, 1)
  '0100000000000000000000000000000000000000000000000000000000000000',
  // p + 1: the identity again, not reduced
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  // p - 1: (0, -1), of order 2
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  // 0: (+-sqrt(-1), 0), of order 4
  '0000000000000000000000000000000000000000000000000000000000000000',
  // p: the same two points, not reduced
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  // The four points of order 8 are (+-x, +-y): this is y,
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  // and this is -y
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
].map(fromHex)

const SIGN_BIT = 0x80

/** Looks at the first 32 bytes. */
function hasSmallOrder(point: Uint8Array): boolean {
  return SMALL_ORDER_Y.some((y) => isPointOfY(point, y))
}

function isPointOfY(point: Uint8Array, y: Uint8Array): boolean {
  for (let i = 0; i < 31; i++) if (point[i] !== y[i]) return false
  return ((point[31] ?? 0) & ~SIGN_BIT) === y[31]
}

/** s < L: s and s + L would otherwise be two signatures where there should be one. */
function isReduced(signature: Uint8Array): boolean {
  for (let i = 31; i >= 0; i--) {
    const difference = (signature[32 + i] ?? 0) - (L_BYTES[i] ?? 0)
    if (difference !== 0) return difference < 0
  }
  return false
}

/** y < p: written otherwise, a point has two encodings, and hashes of the key disagree. */
function isCanonical(point: Uint8Array): boolean {
  const lowest = 0xed // of p = 2^255 - 19, whose other bytes are all ones
  if ((point[0] ?? 0) < lowest || ((point[31] ?? 0) | SIGN_BIT) !== 0xff) return true
  return point.subarray(1, 31).some((byte) => byte !== 0xff)
}

/**
 * What key and signature must look like before the equation is worth computing. It doesn't look for small parts of
 * larger keys: that takes a multiplication, and `isAcceptableKey` has done it when the key was registered.
 */
export function isWellFormed(publicKey: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== PUBLIC_KEY_BYTES || signature.length !== SIGNATURE_BYTES) return false
  if (hasSmallOrder(publicKey) || !isCanonical(publicKey)) return false
  return !hasSmallOrder(signature) && isReduced(signature)
}

/**
 * Whether a public key may be registered: written in the canonical way, on the curve, neither of small order nor with
 * a part of small order (two such keys can share a signature, and implementations disagree on whose it is).
 * Takes a millisecond: ask once, when a key is first seen.
 */
export function isAcceptableKey(publicKey: Uint8Array): boolean {
  if (publicKey.length !== PUBLIC_KEY_BYTES || hasSmallOrder(publicKey)) return false
  return decodePoint(publicKey)?.isTorsionFree() ?? false
}

/** The point that is written here in the canonical way, or undefined. */
export function decodePoint(bytes: Uint8Array): Point | undefined {
  try {
    return Point.fromBytes(bytes)
  } catch {
    // The library has no other way to say that these bytes are no point.
    return undefined
  }
}

export function requireSecret(secret: Uint8Array): void {
  if (secret.length === SECRET_BYTES) return
  throw new ProtocolError(
    'signature/bad-key',
    `a secret is ${SECRET_BYTES} bytes, but there are ${secret.length}`,
  )
}
