// How what is fetched is checked, by its sort: total, because the bytes come from anybody.
import { createHash } from 'node:crypto'
import { GOSSIP_BYTES } from '@piecework/network'
import {
  attestationHash,
  equalBytes,
  factsCodec,
  factsHash,
  HASH_BYTES,
  inventoryRoot,
  partHash,
  readBatch,
  readEnrolment,
  rootOf,
  verifySignature,
} from '@piecework/protocol'
import { isByKeeper, readKnown } from '@piecework/work'
import { readProposal } from '../proposal.ts'
import { readOrNothing } from './read-or-nothing.ts'

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

/** Signed too: the hash is of the message alone, and all have to hold what the keeper signed. */
export const isKnown: IsRight = (hash, bytes) => {
  // None is longer that came by gossip.
  const signed = bytes.length <= GOSSIP_BYTES ? readOrNothing(() => readKnown(bytes)) : undefined
  return signed !== undefined && equalBytes(signed.hash, hash) && isByKeeper(signed)
}

export function isEnrolmentOf(networkId: Uint8Array): IsRight {
  // The hash is of the message alone: the same one with false signatures would be refused when the epoch is computed.
  return by((bytes) => readEnrolment(bytes, { networkId, stampBits: 0, verify: verifySignature }).hash)
}
