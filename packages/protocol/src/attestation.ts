// What verifiers vote on: the hash of an epoch's result. The chain computes the same from the fields.
import { attestationCodec } from './codecs.ts'
import { h } from './hash.ts'
import type { Attestation } from './messages.ts'

export function attestationHash(attestation: Attestation): Uint8Array {
  return h('pw/attestation', attestationCodec.encode(attestation))
}
