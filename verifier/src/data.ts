// Data: gives what is here by its hash, to anybody.
import {
  type DataAnswer,
  DataAnswers,
  type DataQuestion,
  type PieceAnswer,
  type PieceQuestion,
  type Sort,
} from '@piecework/network'
import {
  concat,
  equalBytes,
  type InventoryParts,
  inventoryCodec,
  inventoryRoot,
  reportCommit,
  splitReveal,
  toHex,
  ZERO_HASH,
} from '@piecework/protocol'
import type { EpochFiles, Store } from '@piecework/store'
import { FACTS_NAME, proposalName } from './common/compute.ts'
import type { VerifierContent } from './common/content.ts'
import type { EpochWork, HeldInventory } from './common/epoch-work.ts'
import type { Epochs } from './common/epochs.ts'
import { isFacts } from './common/hashes.ts'
import type { Secrets } from './common/secrets.ts'
import type { States } from './common/states.ts'

/** Epochs after they are settled in which their proposals and facts are still looked for on disk. */
const LOOKED_BACK = 8

export interface DataPorts {
  readonly networkId: Uint8Array
  readonly epochs: Epochs
  readonly states: States
  readonly content: VerifierContent
  readonly duties: EpochFiles
  readonly secrets: Secrets
  readonly store: Store
  /** Enrolments that wait to enter. */
  readonly waiting: () => ReadonlyMap<string, Uint8Array>
}

export class Data {
  readonly #ports: DataPorts
  readonly #answers: DataAnswers
  /** Header and parts of a held inventory by their hashes: made once, when they are asked for first. */
  readonly #parts = new WeakMap<HeldInventory, ReadonlyMap<string, Uint8Array>>()

  constructor(ports: DataPorts) {
    this.#ports = ports
    this.#answers = new DataAnswers((sort, hash) => this.#find(sort, hash))
  }

  answer(question: DataQuestion): Promise<DataAnswer> {
    return this.#answers.data(question)
  }

  piece(question: PieceQuestion): Promise<PieceAnswer> {
    return this.#answers.piece(question)
  }

  async #find(sort: Sort, hash: Uint8Array): Promise<Uint8Array | undefined> {
    const { content, store } = this.#ports
    if (sort === 'content') return (await content.stored(hash)) ?? this.#secret(hash)
    if (sort === 'page') return store.states.page(hash)
    if (sort === 'manifest') return this.#manifest(hash)
    if (sort === 'proposal') return this.#kept(proposalName(hash), () => true)
    if (sort === 'facts') return this.#kept(FACTS_NAME, (bytes) => isFacts(hash, bytes))
    for (const work of this.#ports.epochs.all()) {
      const found = this.#findIn(work, sort, toHex(hash))
      if (found !== undefined) return found
    }
    return sort === 'enrolment' ? this.#ports.waiting().get(toHex(hash)) : undefined
  }

  /** With which was measured, once it can help nobody any more: its hash stands in an inventory of before. */
  #secret(hash: Uint8Array): Promise<Uint8Array | undefined> {
    const { secrets, states } = this.#ports
    return secrets.opened(hash, states.newest?.epoch ?? -1)
  }

  async #manifest(hash: Uint8Array): Promise<Uint8Array | undefined> {
    const all = await this.#ports.store.states.all()
    return all.find(({ stateHash }) => equalBytes(stateHash, hash))?.manifest
  }

  async #kept(name: string, isIt: (bytes: Uint8Array) => boolean): Promise<Uint8Array | undefined> {
    const newest = (this.#ports.states.newest?.epoch ?? -1) + 1
    for (let epoch = newest; epoch >= Math.max(0, newest - LOOKED_BACK); epoch--) {
      const bytes = await this.#ports.duties.find(epoch, name)
      if (bytes !== undefined && isIt(bytes)) return bytes
    }
    return undefined
  }

  #findIn(work: EpochWork, sort: Sort, name: string): Uint8Array | undefined {
    if (sort === 'batch') return work.batches.get(name)?.signed
    if (sort === 'heads') return headsTo(work, name)
    if (sort === 'enrolment') return work.enrolments.get(name)
    if (sort === 'known') return work.known.get(name)?.bytes
    if (sort === 'reveal') return this.#reveal(work, name)
    if (sort !== 'inventory' && sort !== 'part') return undefined
    for (const held of work.inventories.values()) {
      const found = this.#partsOf(held).get(name)
      if (found !== undefined) return found
    }
    return undefined
  }

  /** The own one too is among them only when nobody can commit any more: commits are public, and would be copied. */
  #reveal(work: EpochWork, name: string): Uint8Array | undefined {
    const second = work.others.get(name)
    if (second !== undefined) return second.bytes
    for (const [verifierId, { bytes, input }] of work.reveals) {
      const { salt } = splitReveal(bytes)
      const { networkId } = this.#ports
      const commit = reportCommit({ networkId, epoch: work.number, verifierId, salt, reportHash: input.hash })
      if (toHex(commit) === name) return bytes
    }
    return undefined
  }

  #partsOf(held: HeldInventory): ReadonlyMap<string, Uint8Array> {
    const known = this.#parts.get(held)
    if (known !== undefined) return known
    const parts = partsByHash(this.#ports.networkId, held.parts)
    this.#parts.set(held, parts)
    return parts
  }
}

function partsByHash(networkId: Uint8Array, parts: InventoryParts): ReadonlyMap<string, Uint8Array> {
  const header = inventoryCodec.decode(parts.header)
  return new Map([
    [toHex(inventoryRoot(networkId, parts.header)), parts.header],
    ...parts.buckets.map((part, i) => [toHex(header.buckets[i] ?? ZERO_HASH), part] as const),
    [toHex(header.enrolments), parts.enrolments],
    [toHex(header.known), parts.known],
    [toHex(header.appeals), parts.appeals],
  ])
}

/** Of the chain that ends with this batch, from its first on; undefined where it is not whole here. */
function headsTo({ batches }: EpochWork, name: string): Uint8Array | undefined {
  const chain: Uint8Array[] = []
  for (let batch = batches.get(name); batch !== undefined; batch = batches.get(toHex(batch.prev))) {
    chain.unshift(batch.hash)
    if (batch.seq === 0) return concat(chain)
  }
  return undefined
}
