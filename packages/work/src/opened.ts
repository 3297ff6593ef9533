// Opened known answers as they travel: signed by the keeper whom the job's spec names. Without that, whoever saw some
// could cut parts of them, write another epoch on them, and send those before the keeper does.
import {
  isAcceptableKey,
  joinSigned,
  type Known,
  type KnownInput,
  knownCodec,
  messageHash,
  type SigningKey,
  splitSigned,
  verifySignature,
} from '@piecework/protocol'

export interface SignedKnown extends KnownInput {
  readonly signature: Uint8Array
}

/** The keeper's bytes to publish: its signature, then the message. */
export function signKnown(known: Known, { sign }: Pick<SigningKey, 'sign'>): Uint8Array {
  const message = knownCodec.encode(known)
  return joinSigned({ signature: sign(hashOf(known, message)), message })
}

/** What such bytes say; whether they are signed, `isByKeeper` asks. */
export function readKnown(bytes: Uint8Array): SignedKnown {
  const { signature, message } = splitSigned(bytes)
  const known = knownCodec.decode(message)
  return { known, hash: hashOf(known, message), signature }
}

/** Its keeper signed it. That its job's spec names this keeper, `knownHolds` asks. */
export function isByKeeper({ known: { keeper }, hash, signature }: SignedKnown): boolean {
  // The cheap signature first: whether a key is acceptable takes milliseconds.
  return verifySignature(keeper, hash, signature) && isAcceptableKey(keeper)
}

function hashOf({ networkId }: Known, message: Uint8Array): Uint8Array {
  return messageHash('pw/known', networkId, message)
}
