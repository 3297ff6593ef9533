// Each sort of data against the hash that it was asked by.
import { createHash } from 'node:crypto'
import {
  CHAIN_BATCHES,
  equalBytes,
  HASH_BYTES,
  h,
  inventoryRoot,
  messageHash,
  partHash,
  splitEnrolment,
  splitSigned,
  type Tag,
} from '@piecework/protocol'
import type { Sort } from './questions.ts'

/** What these are checked by is known to who asks alone: what commit a reveal opens, what attestation a proposal makes. */
export type OwnSort = 'reveal' | 'proposal'

export type Check = (hash: Uint8Array, bytes: Uint8Array) => boolean

/** Of a state: nodes and workforces have tags of their own. */
const PAGE_TAGS: readonly Tag[] = ['pw/state', 'pw/nodes', 'pw/workforce']

export function checkOf(sort: Exclude<Sort, OwnSort>, networkId: Uint8Array): Check {
  const signedAs =
    (tag: Tag): Check =>
    (hash, bytes) =>
      equalBytes(messageHash(tag, networkId, splitSigned(bytes).message), hash)
  const checks: Readonly<Record<typeof sort, Check>> = {
    content: (hash, bytes) => equalBytes(createHash('sha256').update(bytes).digest(), hash),
    page: (hash, bytes) => PAGE_TAGS.some((tag) => equalBytes(h(tag, bytes), hash)),
    manifest: (hash, bytes) => equalBytes(h('pw/state', bytes), hash),
    inventory: (hash, bytes) => equalBytes(inventoryRoot(networkId, bytes), hash),
    part: (hash, bytes) => equalBytes(partHash(bytes), hash),
    heads: isChainTo,
    batch: signedAs('pw/batch'),
    enrolment: (hash, bytes) =>
      equalBytes(messageHash('pw/enrol', networkId, splitEnrolment(bytes).message), hash),
    known: signedAs('pw/known'),
    appeal: signedAs('pw/appeal'),
    facts: (hash, bytes) => equalBytes(messageHash('pw/facts', networkId, bytes), hash),
  }
  return checks[sort]
}

/** It ends with the head. What stands before is seen to be true when the batches come: each names the one before it. */
function isChainTo(head: Uint8Array, bytes: Uint8Array): boolean {
  const whole = bytes.length % HASH_BYTES === 0 && bytes.length <= CHAIN_BATCHES * HASH_BYTES
  return whole && equalBytes(bytes.subarray(-HASH_BYTES), head)
}
