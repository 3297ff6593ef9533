// Signed messages: a signature is of H(tag, networkId, bytes), so that it holds for one type and one network alone.
import { verifySignature } from '#ed25519'
import { toHex } from './bytes.ts'
import { isAcceptableKey, type SigningKey } from './ed25519-rule.ts'
import { ProtocolError } from './errors.ts'
import { messageHash } from './hash.ts'
import type { Tag } from './tags.ts'

export { isAcceptableKey } from './ed25519-rule.ts'

/** `verifySignature` as whoever checks messages is given it: these bytes are a message's hash, or a text to sign. */
export type Verify = (publicKey: Uint8Array, bytes: Uint8Array, signature: Uint8Array) => boolean

/** The bytes as they were made or as they arrived: never a re-encoding. */
export interface SignedPart {
  readonly tag: Tag
  readonly networkId: Uint8Array
  readonly bytes: Uint8Array
}

export function signMessage(key: SigningKey, { tag, networkId, bytes }: SignedPart): Uint8Array {
  return key.sign(messageHash(tag, networkId, bytes))
}

/** For a public key that was accepted when it was registered. */
export function verifyMessage(publicKey: Uint8Array, message: SignedPart, signature: Uint8Array): boolean {
  const { tag, networkId, bytes } = message
  return verifySignature(publicKey, messageHash(tag, networkId, bytes), signature)
}

/** Asked once, when a key is first registered. */
export function requireAcceptableKey(publicKey: Uint8Array): void {
  if (isAcceptableKey(publicKey)) return
  const key = toHex(publicKey.subarray(0, 32))
  throw new ProtocolError(
    'signature/bad-key',
    `${key} is no public key that ed25519 software agrees on: make a new key, and register that`,
    { publicKey: key, length: publicKey.length },
  )
}
