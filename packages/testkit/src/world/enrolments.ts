// Enrolments of simulated contributors: the real message and its hashes, without the stamp's work or the wallet's key.
import {
  type Enrolment,
  type EnrolmentInput,
  enrolmentCodec,
  enrolmentHash,
  type KindCapacity,
  stampHash,
} from '@piecework/protocol'
import type { Contributor } from './contributor.ts'

export interface Enroller {
  readonly contributor: Contributor
  readonly kinds: readonly KindCapacity[]
  readonly nonce: bigint
}

export function enrolmentInput(
  { networkId }: { readonly networkId: Uint8Array },
  { contributor, kinds, nonce }: Enroller,
): EnrolmentInput {
  const enrolment: Enrolment = {
    networkId,
    nodeKey: contributor.key.publicKey,
    wallet: contributor.wallet,
    kinds,
    attributes: [],
    minAmount: 0n,
    maxFee: 0n,
    expiresAtEpoch: 1_000_000,
    nonce,
    stamp: 0n,
  }
  const message = enrolmentCodec.encode(enrolment)
  return {
    enrolment,
    hash: enrolmentHash(networkId, message),
    stampHash: stampHash(networkId, message),
    byWallet: true,
  }
}
