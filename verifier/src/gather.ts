// Gather: fetches the inventories that others posted, and all that they list and is not here: from the one that posted
// it first, then from anybody. An inventory counts once it is whole.
import type { Address, Chain } from '@piecework/chain'
import {
  CHAIN_BATCHES,
  equalBytes,
  HASH_BYTES,
  type Inventory as Header,
  type HeldBatch,
  type InventoryData,
  type InventoryParts,
  inventoryCodec,
  isSigned,
  readBatch,
  readInventory,
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
import { gatherKnown } from './gather-known.ts'

export interface GatherPorts {
  readonly chain: Chain
  readonly networkId: Uint8Array
  readonly epochs: Epochs
  readonly nodes: Nodes
  readonly others: Others
  readonly store: Store
}

export class Gather {
  readonly #ports: GatherPorts
  /** By epoch and root. */
  readonly #running = new Map<string, Promise<void>>()
  #failed: { readonly error: unknown } | undefined

  constructor(ports: GatherPorts) {
    this.#ports = ports
  }

  /** Begun again in every slot until the epoch is settled; who answers slowly holds up nobody else's. */
  async see(moment: Moment): Promise<undefined> {
    for (const epoch of [...openEpochs(moment), ...sealedEpochs(moment)]) {
      const work = this.#ports.epochs.get(epoch.number)
      if (work === undefined) continue
      for (const one of postedInventories(epoch)) {
        const name = `${epoch.number} ${toHex(one.value)}`
        if (work.inventories.has(one.verifierId) || this.#running.has(name)) continue
        const run = this.#gather(work, one)
          .catch((error: unknown) => {
            // Before the seal it is no wonder that not all is here.
            if (epoch.state === 'sealed') this.#failed = { error }
          })
          .finally(() => this.#running.delete(name))
        this.#running.set(name, run)
      }
    }
    const failed = this.#failed
    this.#failed = undefined
    if (failed !== undefined) throw failed.error
  }

  /** Ends when all that was begun has. */
  async idle(): Promise<void> {
    await Promise.all(this.#running.values())
  }

  async #gather(work: EpochWork, { verifierId, value: root }: OnBoard): Promise<void> {
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
    const { bucketOf } = this.#ports.nodes
    const data = readInventory(parts, { networkId, epoch: work.number, verifierId, root, bucketOf })
    await this.#batches(work, data, first)
    await this.#enrolments(work, data, first)
    const hasKnown = await gatherKnown(this.#ports, work, { hashes: data.known, first })
    if (!hasKnown || !this.#isWhole(work, data)) throw incomplete(work.number, verifierId)
    // From now on, not from when it was asked for: who leaves it out is judged by this.
    work.inventories.set(verifierId, { parts, data, since: this.#ports.chain.clock.slot() })
  }

  /** Only those that no whole inventory has here, the own one or another's: most verifiers list the same. */
  async #parts(
    work: EpochWork,
    bytes: Uint8Array,
    first: readonly Address[],
  ): Promise<InventoryParts | undefined> {
    const header = inventoryCodec.decode(bytes)
    const known = heldParts(work, header)
    const missing = new Map(hashesIn(header).map((hash) => [toHex(hash), hash]))
    for (const name of known.keys()) missing.delete(name)
    const hashes = [...missing.values()]
    const found = await this.#ports.others.fetch({ sort: 'part', hashes, first, isRight: isPart })
    const partOf = (hash: Uint8Array): Uint8Array | undefined =>
      known.get(toHex(hash)) ?? found.get(toHex(hash))
    return whole(bytes, header, partOf)
  }

  async #batches(work: EpochWork, data: InventoryData, first: readonly Address[]): Promise<void> {
    const { others, store } = this.#ports
    const unknown = headsOf(data).filter((listed) => !this.#reaches(work, listed))
    if (unknown.length === 0) return
    const hashes = unknown.map(({ head }) => head)
    const chains = await others.fetch({ sort: 'heads', hashes, first, isRight: isHeads })
    const listed = unknown.flatMap(({ seq, head }) => {
      const chain = split(chains.get(toHex(head)) ?? head)
      // Whoever answered can have made up all but the last: of another length it is not asked for.
      return chain.length === seq + 1 ? chain : [head]
    })
    const missing = listed.filter((hash) => !work.batches.has(toHex(hash)))
    const found = await others.fetch({ sort: 'batch', hashes: missing, first, isRight: isBatch })
    const batches = [...found.values()].map(readBatch).filter((batch) => this.#isSound(work, batch))
    await store.batches.put(batches.filter((batch) => !isRival(work, batch)))
    for (const batch of batches) work.batches.set(toHex(batch.hash), batch)
  }

  #isSound({ number }: EpochWork, batch: HeldBatch): boolean {
    const { networkId, nodes } = this.#ports
    const isOfEpoch = batch.epoch === number && equalBytes(batch.networkId, networkId)
    const fits = isOfEpoch && batch.seq < CHAIN_BATCHES
    return fits && nodes.indexOf(batch.nodeKey) !== undefined && isSigned(batch, verifySignature)
  }

  async #enrolments(work: EpochWork, data: InventoryData, first: readonly Address[]): Promise<void> {
    const { others, networkId } = this.#ports
    const hashes = data.enrolments.filter((hash) => !work.enrolments.has(toHex(hash)))
    if (hashes.length === 0) return
    const found = await others.fetch({ sort: 'enrolment', hashes, first, isRight: isEnrolmentOf(networkId) })
    for (const [name, bytes] of found) work.enrolments.set(name, bytes)
  }

  /** By the rules of `checkInputs`, which refuses all of an epoch where one that was chosen breaks them. */
  #isWhole(work: EpochWork, data: InventoryData): boolean {
    const hasHeads = headsOf(data).every((listed) => this.#reaches(work, listed))
    return hasHeads && data.enrolments.every((hash) => work.enrolments.has(toHex(hash)))
  }

  /** Whether a head's chain is here, down to its first batch, and all of it its node's. */
  #reaches({ batches }: EpochWork, { node, seq, head }: ListedHead): boolean {
    const key = this.#ports.nodes.keyOf(node)
    // Pruned, which its verifier couldn't know yet.
    if (key === undefined || key.length === 0) return key !== undefined
    let wanted = head
    for (let at = seq; at >= 0; at--) {
      const batch = batches.get(toHex(wanted))
      if (batch === undefined || batch.seq !== at || !equalBytes(batch.nodeKey, key)) return false
      wanted = batch.prev
    }
    return equalBytes(wanted, ZERO_HASH)
  }
}

interface ListedHead {
  readonly node: number
  readonly seq: number
  readonly head: Uint8Array
}

function headsOf({ nodes, seqs, heads }: InventoryData): readonly ListedHead[] {
  return Array.from(nodes, (node, i) => ({
    node,
    seq: seqs[i] ?? 0,
    head: heads.subarray(HASH_BYTES * i, HASH_BYTES * (i + 1)),
  }))
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

/** What such a header names and is here, by hash: each was checked against it when its inventory became whole. */
function heldParts({ inventories }: EpochWork, header: Header): ReadonlyMap<string, Uint8Array> {
  const held = [...inventories.values()].map(({ data, parts }) => ({
    hashes: hashesIn(data.header),
    parts: [...parts.buckets, parts.enrolments, parts.known, parts.appeals],
  }))
  const known = new Map<string, Uint8Array>()
  for (const [i, wanted] of hashesIn(header).entries()) {
    const same = held.find(({ hashes }) => equalBytes(hashes[i] ?? ZERO_HASH, wanted))
    const part = same?.parts[i]
    if (part !== undefined) known.set(toHex(wanted), part)
  }
  return known
}

function hashesIn({ buckets, enrolments, known, appeals }: Header): readonly Uint8Array[] {
  return [...buckets, enrolments, known, appeals]
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
