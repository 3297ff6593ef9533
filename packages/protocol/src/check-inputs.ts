// What a proposer put together, from the bytes as they were fetched: everything is checked here, once, so that
// applyEpoch can rely on it. Whatever does not hold is a ProtocolError, and no reason to vote.
import { type HeldBatch, isSigned, readBatch } from './batch.ts'
import { compareBytes, equalBytes, toHex } from './bytes.ts'
import { inventoryCodec, knownCodec } from './codecs.ts'
import { readEnrolment } from './enrolment.ts'
import { ProtocolError } from './errors.ts'
import type { Facts, SnapshotEntry } from './facts.ts'
import { messageHash, ZERO_HASH } from './hash.ts'
import type { EnrolmentInput, Inputs, KnownInput, ReportInput, TwoReveals } from './inputs.ts'
import {
  type BucketOf,
  bucketIn,
  type InventoryData,
  type InventoryParts,
  readInventory,
} from './inventory.ts'
import { KeyIndex } from './key-index.ts'
import { CHAIN_BATCHES } from './limits.ts'
import { type Reporter, readReport, readReveal } from './report.ts'
import type { State } from './state/state.ts'
import type { Verify } from './verify.ts'

/** As fetched by hash, or kept from gossip. */
export interface RawInputs {
  readonly round: number
  readonly settler: Uint8Array
  readonly inventories: readonly InventoryParts[]
  /** Signed batches, in any order. */
  readonly batches: readonly Uint8Array[]
  /** Signed enrolments. */
  readonly enrolments: readonly Uint8Array[]
  /** Salt and signed report, as revealed. */
  readonly reveals: readonly FromVerifier[]
  /** Signed reports that differ from the one their verifier revealed. */
  readonly otherReports: readonly FromVerifier[]
  /** Opened known answers, checked by who knows the jobs' specs. */
  readonly known: readonly KnownInput[]
}

export interface FromVerifier {
  readonly verifierId: number
  readonly bytes: Uint8Array
}

export interface InputsContext {
  readonly state: State
  readonly facts: Facts
  readonly verify: Verify
  /** True for a batch hash whose signature was checked at intake. */
  readonly isIntact?: (batchHash: Uint8Array) => boolean
}

export function checkInputs(raw: RawInputs, context: InputsContext): Inputs {
  const { facts, state } = context
  const bucketOf = bucketIn(state.nodes)
  const inventories = raw.inventories.map((parts) => checkInventoryParts(parts, context, bucketOf))
  const verifiers = inventories.map(({ header }) => header.verifierId)
  requireOnce('inventory', verifiers)
  requireThird(facts, verifiers)
  const reports = raw.reveals.map((reveal) => checkReveal(reveal, context))
  requireOnce(
    'report',
    reports.map(({ report }) => report.verifierId),
  )
  const chainOf = collectBatches(raw.batches, context)
  const isGone = (node: number): boolean => bucketOf(node) === 'any'
  for (const data of inventories) requireWhole(data, chainOf, isGone)
  return {
    round: raw.round,
    settler: raw.settler,
    inventories: inventories.sort((a, b) => a.header.verifierId - b.header.verifierId),
    chainOf,
    enrolments: raw.enrolments.map((signed) => checkEnrolment(signed, context)),
    known: raw.known.map((input) => checkKnown(input, context)),
    reports: reports.sort((a, b) => a.report.verifierId - b.report.verifierId),
    twoReveals: findTwoReveals(raw.otherReports, reports, context),
  }
}

function entryOf({ snapshot }: Facts, id: number): SnapshotEntry {
  const entry = snapshot.find((one) => one.id === id)
  if (entry === undefined) throw refused(`verifier ${id} is not of this epoch's snapshot`, { verifierId: id })
  return entry
}

function checkInventoryParts(
  parts: InventoryParts,
  { facts }: InputsContext,
  bucketOf: BucketOf,
): InventoryData {
  const { networkId, epoch } = facts
  const { verifierId } = inventoryCodec.decode(parts.header)
  entryOf(facts, verifierId)
  const posted = facts.posted.find((one) => one.verifierId === verifierId)
  if (posted === undefined) throw refused(`verifier ${verifierId} posted no inventory`, { verifierId })
  return readInventory(parts, {
    networkId,
    epoch,
    verifierId,
    root: posted.inventory,
    bucketOf,
  })
}

function requireOnce(what: string, verifiers: readonly number[]): void {
  const seen = new Set<number>()
  for (const verifierId of verifiers) {
    if (seen.has(verifierId))
      throw refused(`they hold a second ${what} of verifier ${verifierId}`, { verifierId })
    seen.add(verifierId)
  }
}

/** Fewer could leave out what only honest verifiers hold. */
function requireThird({ snapshot }: Facts, verifiers: readonly number[]): void {
  const included = new Set(verifiers)
  let total = 0
  let weight = 0
  for (const entry of snapshot) {
    total += entry.weight
    if (included.has(entry.id)) weight += entry.weight
  }
  if (3 * weight <= total)
    throw refused('their inventories have no more than a third of stake', { weight, total })
}

function collectBatches(
  batches: readonly Uint8Array[],
  { facts, state, verify, isIntact }: InputsContext,
): Inputs['chainOf'] {
  const nodeOfKey = new KeyIndex(state.nodes.length, (i) => state.nodes[i]?.nodeKey ?? new Uint8Array())
  const byNode = new Map<number, HeldBatch[]>()
  const seen = new Set<string>()
  for (const signed of batches) {
    const batch = readBatch(signed)
    const { epoch, networkId } = batch
    if (epoch !== facts.epoch || !equalBytes(networkId, facts.networkId)) {
      throw refused('a batch is of another network or epoch', { epoch })
    }
    const node = nodeOfKey.find(batch.nodeKey)
    // It was listed by who couldn't know yet that its node would be pruned.
    if (node === undefined) continue
    if (isIntact?.(batch.hash) !== true && !isSigned(batch, verify)) {
      throw refused(`node ${node} did not sign a batch`, { node, seq: batch.seq })
    }
    if (batch.seq >= CHAIN_BATCHES)
      throw refused(`node ${node} sent more batches than an epoch has`, { node })
    const hash = toHex(batch.hash)
    if (seen.has(hash)) continue
    seen.add(hash)
    const held = byNode.get(node)
    if (held === undefined) byNode.set(node, [batch])
    else held.push(batch)
  }
  for (const held of byNode.values()) held.sort((a, b) => a.seq - b.seq || compareBytes(a.hash, b.hash))
  return (node) => byNode.get(node) ?? []
}

/**
 * Every head that an included inventory lists is there, down to the first batch. So what is admitted follows from which
 * inventories are included, and from nothing that one voter could fetch and another could not.
 */
function requireWhole(
  { header, nodes, seqs, heads }: InventoryData,
  chainOf: Inputs['chainOf'],
  isGone: (node: number) => boolean,
): void {
  for (const [i, node] of nodes.entries()) {
    // Its verifier couldn't know yet that the node would be pruned.
    if (isGone(node)) continue
    const head = heads.subarray(32 * i, 32 * i + 32)
    if (isWhole(chainOf(node), seqs[i] ?? 0, head)) continue
    const { verifierId } = header
    throw refused(
      `what verifier ${verifierId} lists of node ${node} is not all there: fetch it, or leave it out`,
      {
        verifierId,
        node,
      },
    )
  }
}

/** `held` is by (seq, hash), each once. */
function isWhole(held: readonly HeldBatch[], seq: number, head: Uint8Array): boolean {
  let wanted = head
  for (let at = seq; at >= 0; at--) {
    const batch = find(held, at, wanted)
    if (batch === undefined) return false
    wanted = batch.prev
  }
  return equalBytes(wanted, ZERO_HASH)
}

/** In a list by (seq, hash): a node can fork its chain at every batch, for every verifier. */
function find(held: readonly HeldBatch[], seq: number, hash: Uint8Array): HeldBatch | undefined {
  let low = 0
  let high = held.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const batch = held[middle]
    if (batch === undefined) return undefined
    const order = batch.seq - seq || compareBytes(batch.hash, hash)
    if (order === 0) return batch
    if (order < 0) low = middle + 1
    else high = middle
  }
  return undefined
}

function checkKnown(input: KnownInput, { facts }: InputsContext): KnownInput {
  const { networkId, epoch } = facts
  const hash = messageHash('pw/known', networkId, knownCodec.encode(input.known))
  const fits = input.known.epoch === epoch && equalBytes(input.known.networkId, networkId)
  if (!fits || !equalBytes(hash, input.hash))
    throw refused('known answers are of another epoch, or not what is listed', {})
  return input
}

/** Whether its stamp is good enough is a matter of the epoch: applyEpoch passes over those that are not. */
function checkEnrolment(signed: Uint8Array, { facts, verify }: InputsContext): EnrolmentInput {
  return readEnrolment(signed, { networkId: facts.networkId, stampBits: 0, verify })
}

function checkReveal({ verifierId, bytes }: FromVerifier, context: InputsContext): ReportInput {
  const posted = context.facts.posted.find((one) => one.verifierId === verifierId)
  if (posted === undefined) throw refused(`verifier ${verifierId} committed no report`, { verifierId })
  return readReveal(bytes, { ...reporterOf(verifierId, context), commit: posted.reportCommit })
}

/** Verifiers whose signature is under two different reports of this epoch. */
function findTwoReveals(
  others: readonly FromVerifier[],
  reports: readonly ReportInput[],
  context: InputsContext,
): TwoReveals[] {
  const found = new Map<number, Uint8Array>()
  for (const { verifierId, bytes } of others) {
    const { hash } = readReport(bytes, reporterOf(verifierId, context))
    const revealed = reports.find(({ report }) => report.verifierId === verifierId)
    if (revealed === undefined || equalBytes(revealed.hash, hash)) continue
    const least = found.get(verifierId)
    if (least === undefined || compareBytes(hash, least) < 0) found.set(verifierId, hash)
  }
  return [...found].map(([verifierId, other]) => ({ verifierId, other })).sort(byVerifier)
}

function byVerifier(a: TwoReveals, b: TwoReveals): number {
  return a.verifierId - b.verifierId
}

function reporterOf(verifierId: number, { facts, verify }: InputsContext): Reporter {
  const { networkId, epoch } = facts
  return { networkId, epoch, verifierId, voteKey: entryOf(facts, verifierId).voteKey, verify }
}

function refused(why: string, context: Readonly<Record<string, unknown>>): ProtocolError {
  return new ProtocolError('inputs/invalid', `No attestation can stand on these inputs: ${why}.`, context)
}
