// How what is fetched is checked, by its sort: total, because the bytes come from anybody.
import { createHash } from 'node:crypto'
import {
  attestationHash,
  equalBytes,
  factsCodec,
  factsHash,
  HASH_BYTES,
  inventoryRoot,
  knownCodec,
  messageHash,
  partHash,
  readBatch,
  readEnrolment,
  rootOf,
  verifySignature,
} from '@piecework/protocol'
import { readProposal } from '../proposal.ts'

export type IsRight = (hash: Uint8Array, bytes: Uint8Array) => boolean

export function sha256(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(bytes).digest())
}

/** Bytes of which a function gives the hash, or throws when they are nothing of the kind. */
function by(hashOf: (bytes: Uint8Array) => Uint8Array): IsRight {
  return (hash, bytes) => {
    try {
      return equalBytes(hashOf(bytes), hash)
    } catch {
      return false
    }
  }
}

export const isContent: IsRight = by(sha256)
/** Wallets of 32 bytes each, by the root over them. */
export const isAllowList: IsRight = by((bytes) => rootOf(bytes))
export const isPart: IsRight = by(partHash)
export const isBatch: IsRight = by((bytes) => readBatch(bytes).hash)
export const isFacts: IsRight = by((bytes) => factsHash(factsCodec.decode(bytes)))
export const isProposal: IsRight = by((bytes) => attestationHash(readProposal(bytes).attestation))
/** The last of a chain's hashes is the one that was asked for; what they name is checked one by one. */
export const isHeads: IsRight = by((bytes) => bytes.subarray(-HASH_BYTES))

export function isInventoryOf(networkId: Uint8Array): IsRight {
  return by((bytes) => inventoryRoot(networkId, bytes))
}

export function isKnownOf(networkId: Uint8Array): IsRight {
  return by((bytes) => messageHash('pw/known', networkId, knownCodec.encode(knownCodec.decode(bytes))))
}

export function isEnrolmentOf(networkId: Uint8Array): IsRight {
  // The hash is of the message alone: the same one with false signatures would be refused when the epoch is computed.
  return by((bytes) => readEnrolment(bytes, { networkId, stampBits: 0, verify: verifySignature }).hash)
}
