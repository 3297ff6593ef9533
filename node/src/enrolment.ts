// Makes enrolments: the terms, the stamp, what the wallet's owner reads and signs, and the signatures.
import { setImmediate as nextTurn } from 'node:timers/promises'
import {
  type Attribute,
  type Enrolment,
  enrolmentCodec,
  enrolmentHash,
  joinEnrolment,
  type KindCapacity,
  mintStamp,
  type SigningKey,
  splitEnrolment,
  verifySignature,
  walletText,
  walletTextBytes,
  ZERO_HASH,
} from '@piecework/protocol'
import { NodeError } from './errors.ts'

/** Thirty days of the public preset, as long as a node may be idle. */
export const ENROLMENT_EPOCHS = 8_640
/** A quarter of that is left when it is renewed: a node may be away for a week, and still be in time. */
export const RENEW_EPOCHS = 2_160
/** Tries of a stamp before other things have their turn: some milliseconds. */
const STAMP_STEPS = 4_096

export interface EnrolmentTerms {
  readonly networkId: Uint8Array
  readonly nodeKey: Uint8Array
  /** Zero in a renewal, which the node key signs alone. */
  readonly wallet: Uint8Array
  readonly kinds: readonly KindCapacity[]
  readonly attributes: readonly Attribute[]
  readonly minAmount: bigint
  readonly maxFee: bigint
  readonly expiresAtEpoch: number
  readonly nonce: bigint
}

export interface PreparedEnrolment {
  readonly enrolment: Enrolment
  readonly message: Uint8Array
  readonly hash: Uint8Array
  /** For the wallet to sign: UTF-8, readable. */
  readonly text: string
}

/** With its stamp, which takes about a second on a small machine. */
export async function prepareEnrolment(terms: EnrolmentTerms, stampBits: number): Promise<PreparedEnrolment> {
  const kinds = [...terms.kinds].sort((a, b) => a.kind - b.kind)
  const attributes = [...terms.attributes].sort((a, b) => Buffer.compare(utf8(a.name), utf8(b.name)))
  const enrolment = await stamped({ ...terms, kinds, attributes, stamp: 0n }, stampBits)
  const message = enrolmentCodec.encode(enrolment)
  const hash = enrolmentHash(terms.networkId, message)
  return { enrolment, message, hash, text: walletText(enrolment, hash) }
}

async function stamped(enrolment: Enrolment, stampBits: number): Promise<Enrolment> {
  for (let from = 0n; ; ) {
    const minted = mintStamp(enrolment, { stampBits, from, steps: STAMP_STEPS })
    if ('enrolment' in minted) return minted.enrolment
    from = minted.next
    await nextTurn()
  }
}

/** Ready to be published. The wallet's signature is of the text's bytes; a renewal has none. */
export function signEnrolment(
  { enrolment, message, hash }: PreparedEnrolment,
  key: SigningKey,
  walletSignature: Uint8Array | undefined,
): Uint8Array {
  const text = walletTextBytes(enrolment, hash)
  if (walletSignature !== undefined && !verifySignature(enrolment.wallet, text, walletSignature)) {
    throw new NodeError(
      'enrolment/invalid',
      "This is not the wallet's signature of exactly the text that was shown: sign the text again, byte for byte.",
    )
  }
  return joinEnrolment({ nodeSignature: key.sign(hash), walletSignature, message })
}

export function readOwnEnrolment(signed: Uint8Array): Enrolment {
  return enrolmentCodec.decode(splitEnrolment(signed).message)
}

/** In place of the wallet: the wallet stays the one that it was. */
export const RENEWAL_WALLET: Uint8Array = ZERO_HASH

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
