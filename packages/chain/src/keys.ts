// A signer whose key is here.
import { keyFromSecret } from '@piecework/protocol'
import { addressOf } from './address.ts'
import type { Signer } from './port.ts'

/** From an ed25519 secret of 32 bytes: the first half of a Solana key file. */
export function signerFromSecret(secret: Uint8Array): Signer {
  const key = keyFromSecret(secret)
  return { address: addressOf(key.publicKey), sign: (message) => Promise.resolve(key.sign(message)) }
}
