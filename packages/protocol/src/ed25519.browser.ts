// The ed25519 rule where there is no node:crypto: S*B - k*A, written as bytes, must be the bytes of R.
import { etc, getPublicKey, hashes, Point, sign } from '@noble/ed25519'
import { sha512 } from '@noble/hashes/sha2.js'
import { concat, equalBytes } from './bytes.ts'
import { decodePoint, isWellFormed, requireSecret, type SigningKey } from './ed25519-rule.ts'

export type { SigningKey } from './ed25519-rule.ts'

// The library's place for a hash that doesn't make everything asynchronous.
hashes.sha512 = sha512

/** For a public key that `isAcceptableKey` accepted: whether this is its signature of these bytes. */
export function verifySignature(publicKey: Uint8Array, bytes: Uint8Array, signature: Uint8Array): boolean {
  const a = isWellFormed(publicKey, signature) ? decodePoint(publicKey) : undefined
  if (a === undefined) return false
  const r = signature.subarray(0, 32)
  const s = littleEndian(signature.subarray(32))
  const k = etc.mod(littleEndian(sha512(concat([r, publicKey, bytes]))), Point.CURVE().n)
  const expected = Point.BASE.multiplyUnsafe(s).subtract(a.multiplyUnsafe(k))
  return equalBytes(expected.toBytes(), r)
}

function littleEndian(bytes: Uint8Array): bigint {
  return BigInt(`0x${etc.bytesToHex(bytes.slice().reverse())}`)
}

export function keyFromSecret(secret: Uint8Array): SigningKey {
  requireSecret(secret)
  const own = secret.slice()
  return { publicKey: getPublicKey(own), sign: (bytes) => sign(bytes, own) }
}
