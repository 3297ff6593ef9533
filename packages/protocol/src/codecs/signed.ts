// Signatures stand before the message they are for; the message's bytes stay as they arrived.
import { concat } from '../bytes.ts'
import { SALT_BYTES, SIGNATURE_BYTES } from '../limits.ts'
import { malformed } from './strict.ts'

/** 64 bytes of signature, then the message. Batches, reports and all others that one key signs. */
export interface Signed {
  readonly signature: Uint8Array
  readonly message: Uint8Array
}

export function joinSigned({ signature, message }: Signed): Uint8Array {
  return concat([sized('a signature', signature, SIGNATURE_BYTES), message])
}

export function splitSigned(bytes: Uint8Array): Signed {
  const [signature, message] = split('a signed message', bytes, SIGNATURE_BYTES)
  return { signature, message }
}

/** The node's signature, then the wallet's (zeros in a renewal by the node key alone), then the message. */
export interface SignedEnrolment {
  readonly nodeSignature: Uint8Array
  readonly walletSignature: Uint8Array | undefined
  readonly message: Uint8Array
}

const NO_SIGNATURE = new Uint8Array(SIGNATURE_BYTES)

export function joinEnrolment({ nodeSignature, walletSignature, message }: SignedEnrolment): Uint8Array {
  return concat([
    sized('a signature', nodeSignature, SIGNATURE_BYTES),
    sized('a signature', walletSignature ?? NO_SIGNATURE, SIGNATURE_BYTES),
    message,
  ])
}

export function splitEnrolment(bytes: Uint8Array): SignedEnrolment {
  const [nodeSignature, rest] = split('a signed enrolment', bytes, SIGNATURE_BYTES)
  const [wallet, message] = split('a signed enrolment', rest, SIGNATURE_BYTES)
  const walletSignature = wallet.some((byte) => byte !== 0) ? wallet : undefined
  return { nodeSignature, walletSignature, message }
}

/** The salt that opens a report commit, then the signed report. */
export interface Reveal {
  readonly salt: Uint8Array
  readonly signed: Uint8Array
}

export function joinReveal({ salt, signed }: Reveal): Uint8Array {
  return concat([sized('a salt', salt, SALT_BYTES), signed])
}

export function splitReveal(bytes: Uint8Array): Reveal {
  const [salt, signed] = split('a reveal', bytes, SALT_BYTES)
  return { salt, signed }
}

function split(name: string, bytes: Uint8Array, at: number): readonly [Uint8Array, Uint8Array] {
  if (bytes.length <= at) throw malformed(name, `it ends after ${bytes.length} bytes`)
  return [bytes.subarray(0, at), bytes.subarray(at)]
}

function sized(name: string, bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length !== length) throw malformed(name, `it has ${bytes.length} bytes, not ${length}`)
  return bytes
}
