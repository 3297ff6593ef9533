// The ed25519 rule on servers: OpenSSL checks the equation, without cofactor and by comparing the bytes of R.
import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { concat, fromHex } from './bytes.ts'
import { isWellFormed, requireSecret, type SigningKey } from './ed25519-rule.ts'

export type { SigningKey } from './ed25519-rule.ts'

/** What stands before the 32 bytes of a public key in SubjectPublicKeyInfo, and of a secret in PKCS #8 (RFC 8410). */
const SPKI_PREFIX: Uint8Array = fromHex('302a300506032b6570032100')
const PKCS8_PREFIX: Uint8Array = fromHex('302e020100300506032b657004220420')

/** About 2 kB each: 32 MB at most. A miss costs half as much as a signature, so that more would gain little. */
const CACHED_KEYS = 16_384

/** The key that was unused for longest is dropped first. */
const cache = new Map<string, KeyObject>()

function keyObject(publicKey: Uint8Array): KeyObject {
  const name = Buffer.from(publicKey.buffer, publicKey.byteOffset, publicKey.length).toString('latin1')
  const known = cache.get(name)
  const key = known ?? spkiKey(publicKey)
  if (known !== undefined) cache.delete(name)
  else if (cache.size >= CACHED_KEYS) dropOldest()
  cache.set(name, key)
  return key
}

function dropOldest(): void {
  for (const name of cache.keys()) {
    cache.delete(name)
    return
  }
}

function spkiKey(publicKey: Uint8Array): KeyObject {
  const der = Buffer.from(concat([SPKI_PREFIX, publicKey]))
  return createPublicKey({ key: der, format: 'der', type: 'spki' })
}

/** For a public key that `isAcceptableKey` accepted: whether this is its signature of these bytes. */
export function verifySignature(publicKey: Uint8Array, bytes: Uint8Array, signature: Uint8Array): boolean {
  return isWellFormed(publicKey, signature) && verify(null, bytes, keyObject(publicKey), signature)
}

export function keyFromSecret(secret: Uint8Array): SigningKey {
  requireSecret(secret)
  const der = Buffer.from(concat([PKCS8_PREFIX, secret]))
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' })
  const publicKey = new Uint8Array(spki.subarray(SPKI_PREFIX.length))
  return { publicKey, sign: (bytes) => new Uint8Array(sign(null, bytes, key)) }
}
