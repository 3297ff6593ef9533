// Gather: fetches the inventories that others posted, and all that they list and is not here: from the one that posted
// it first, then from anybody. An inventory counts once it is whole.
import type { Address } from '@piecework/chain'
import {
  compareBytes,
  differingBuckets,
  enrolmentHash,
  equalBytes,
  HASH_BYTES,
  type Inventory as Header,
  type HeldBatch,
  type InventoryData,
  type InventoryParts,
  inventoryCodec,
  isSigned,
  nodeBucket,
  readBatch,
  readInventory,
  splitEnrolment,
  toHex,
  verifySignature,
  ZERO_HASH,
} from '@piecework/protocol'
import type { Store } from '@piecework/store'
import type { EpochWork } from './common/epoch-work.ts'
import type { Epochs } from './common/epochs.ts'
import { isBatch, isEnrolmentOf, isHeads, isInventoryOf, isPart } from './common/hashes.ts'
import { type Moment, type OnBoard, openEpochs, postedInventories, sealedEpochs } from './common/moment.ts'
import type { Nodes } from './common/nodes.ts'
import type { Others } from './common/others.ts'
import { VerifierError } from './errors.ts'

export interface GatherPorts {
  readonly networkId: Uint8Array
  readonly epochs: Epochs
  readonly nodes: Nodes
  readonly others: Others
  readonly store: Store
}

export class Gather {
  readonly #ports: GatherPorts

  constructor(ports: GatherPorts) {
    this.#ports = ports
  }

  /** Tried again in every slot until the epoch is settled. */
  async see(moment: Moment): Promise<undefined> {
    const failed: unknown[] = []
    for (const epoch of [...openEpochs(moment), ...sealedEpochs(moment)]) {
      const work = this.#ports.epochs.get(epoch.number)
      if (work === undefined) continue
      const missing = postedInventories(epoch).filter(({ verifierId }) => !work.inventories.has(verifierId))
      const tried = await Promise.allSettled(missing.map((one) => this.#gather(work, one, moment)))
      failed.push(...tried.flatMap((one) => (one.status === 'rejected' ? [one.reason] : [])))
    }
    if (failed.length > 0) throw failed[0]
  }

  async #gather(work: EpochWork, { verifierId, value: root }: OnBoard, { slot }: Moment): Promise<void> {
    const { networkId, others } = this.#ports
    const first = others.keysOf([verifierId])
    const found = await others.fetch({
      sort: 'inventory',
      hashes: [root],
      first,
      isRight: isInventoryOf(networkId),
    })
    const header = found.get(toHex(root))
    if (header === undefined) throw incomplete(work.number, verifierId)
    const parts = await this.#parts(work, header, first)
    if (parts === undefined) throw incomplete(work.number, verifierId)
    const bucketOf = (node: number): number | undefined => {
      const key = this.#ports.nodes.keyOf(node)
      return key === undefined ? undefined : nodeBucket(key)
    }
    const data = readInventory(parts, { networkId, epoch: work.number, verifierId, root, bucketOf })
    await this.#batches(work, data, first)
    await this.#enrolments(work, data, first)
    if (!isWhole(work, data)) throw incomplete(work.number, verifierId)
    work.inventories.set(verifierId, { parts, data, since: slot })
  }

  /** Only those that differ from the own ones. */
  async #parts(
    work: EpochWork,
    bytes: Uint8Array,
    first: readonly Address[],
  ): Promise<InventoryParts | undefined> {
    const header = inventoryCodec.decode(bytes)
    const known = new Map(ownParts(work).map(({ hash, part }) => [toHex(hash), part]))
    const own = work.inventory === undefined ? undefined : inventoryCodec.decode(work.inventory.parts.header)
    const buckets = (own === undefined ? header.buckets.map((_, i) => i) : differingBuckets(own, header)).map(
      (i) => header.buckets[i] ?? ZERO_HASH,
    )
    const lists = [header.enrolments, header.known, header.appeals]
    const hashes = [...new Map([...buckets, ...lists].map((hash) => [toHex(hash), hash])).values()].filter(
      (hash) => !known.has(toHex(hash)),
    )
    const found = await this.#ports.others.fetch({ sort: 'part', hashes, first, isRight: isPart })
    const partOf = (hash: Uint8Array): Uint8Array | undefined =>
      known.get(toHex(hash)) ?? found.get(toHex(hash))
    return whole(bytes, header, partOf)
  }

  async #batches(work: EpochWork, data: InventoryData, first: readonly Address[]): Promise<void> {
    const { others, store } = this.#ports
    const unknown = headsOf(data).filter(({ seq, head }) => !reaches(work, seq, head))
    if (unknown.length === 0) return
    const hashes = unknown.map(({ head }) => head)
    const chains = await others.fetch({ sort: 'heads', hashes, first, isRight: isHeads })
    const listed = unknown.flatMap(({ head }) => split(chains.get(toHex(head)) ?? head))
    const missing = listed.filter((hash) => !work.batches.has(toHex(hash)))
    const found = await others.fetch({ sort: 'batch', hashes: missing, first, isRight: isBatch })
    const batches = [...found.values()].map(readBatch).filter((batch) => this.#isSound(work, batch))
    await store.batches.put(batches.filter((batch) => !isRival(work, batch)))
    for (const batch of batches) work.batches.set(toHex(batch.hash), batch)
  }

  #isSound({ number }: EpochWork, batch: HeldBatch): boolean {
    const { networkId, nodes } = this.#ports
    const fits = batch.epoch === number && equalBytes(batch.networkId, networkId)
    return fits && nodes.indexOf(batch.nodeKey) !== undefined && isSigned(batch, verifySignature)
  }

  async #enrolments(work: EpochWork, data: InventoryData, first: readonly Address[]): Promise<void> {
    const { others, networkId } = this.#ports
    const hashes = data.enrolments.filter((hash) => !work.enrolments.has(toHex(hash)))
    if (hashes.length === 0) return
    const found = await others.fetch({ sort: 'enrolment', hashes, first, isRight: isEnrolmentOf(networkId) })
    for (const bytes of found.values()) {
      work.enrolments.set(toHex(enrolmentHash(networkId, splitEnrolment(bytes).message)), bytes)
    }
  }
}

interface ListedHead {
  readonly seq: number
  readonly head: Uint8Array
}

function headsOf({ seqs, heads }: InventoryData): readonly ListedHead[] {
  return Array.from(seqs, (seq, i) => ({ seq, head: heads.subarray(HASH_BYTES * i, HASH_BYTES * (i + 1)) }))
}

/** Whether a head's chain is here, down to its first batch. */
function reaches({ batches }: EpochWork, seq: number, head: Uint8Array): boolean {
  let wanted = head
  for (let at = seq; at >= 0; at--) {
    const batch = batches.get(toHex(wanted))
    if (batch === undefined || batch.seq !== at) return false
    wanted = batch.prev
  }
  return compareBytes(wanted, ZERO_HASH) === 0
}

function isWhole(work: EpochWork, data: InventoryData): boolean {
  const hasHeads = headsOf(data).every(({ seq, head }) => reaches(work, seq, head))
  return hasHeads && data.enrolments.every((hash) => work.enrolments.has(toHex(hash)))
}

/** The store has one batch for a place: the one that came here first. */
function isRival(work: EpochWork, { nodeKey, seq, hash }: HeldBatch): boolean {
  const own = work.chains.chainOf(nodeKey)?.batches[seq]
  return own !== undefined && !equalBytes(own.hash, hash)
}

function split(hashes: Uint8Array): readonly Uint8Array[] {
  const count = Math.floor(hashes.length / HASH_BYTES)
  return Array.from({ length: count }, (_, i) => hashes.subarray(HASH_BYTES * i, HASH_BYTES * (i + 1)))
}

interface OwnPart {
  readonly hash: Uint8Array
  readonly part: Uint8Array
}

function ownParts({ inventory }: EpochWork): readonly OwnPart[] {
  if (inventory === undefined) return []
  const { buckets, enrolments, known, appeals } = inventory.parts
  const header = inventoryCodec.decode(inventory.parts.header)
  const lists = [
    { hash: header.enrolments, part: enrolments },
    { hash: header.known, part: known },
    { hash: header.appeals, part: appeals },
  ]
  return [...buckets.map((part, i) => ({ hash: header.buckets[i] ?? ZERO_HASH, part })), ...lists]
}

function whole(
  header: Uint8Array,
  { buckets, enrolments, known, appeals }: Header,
  partOf: (hash: Uint8Array) => Uint8Array | undefined,
): InventoryParts | undefined {
  const found = buckets.flatMap((hash) => partOf(hash) ?? [])
  const lists = [enrolments, known, appeals].map(partOf)
  const [listed, answers, complaints] = lists
  if (
    found.length < buckets.length ||
    listed === undefined ||
    answers === undefined ||
    complaints === undefined
  )
    return undefined
  return { header, buckets: found, enrolments: listed, known: answers, appeals: complaints }
}

function incomplete(epoch: number, verifierId: number): VerifierError {
  const message = `What verifier ${verifierId} posted for epoch ${epoch} is not all to be had: it is asked for again.`
  return new VerifierError('inventory/incomplete', message, { epoch, verifierId })
}
