// Takes content in as it streams: chunk by chunk, and an item only once its hash is the one that was asked for.
import { createHash } from 'node:crypto'
import { equalBytes, toHex } from '@piecework/protocol'
import { StoreError } from '../../errors.ts'
import type { Transaction } from '../../records/group.ts'
import { BULK, keyOf, u64be, under } from '../../records/keys.ts'
import type { Records } from '../../records/records.ts'
import { addItem, CHUNK_BYTES, chunkKey, itemIn, takeId, unfinishedKey } from './items.ts'
import type { Room } from './room.ts'

export class Put {
  readonly #records: Records
  readonly #room: Room
  readonly #hash: Uint8Array
  readonly #hasher = createHash('sha256')
  /** Bytes that are not written yet: the first `#filled` of these. */
  readonly #chunk = new Uint8Array(CHUNK_BYTES)
  #filled = 0
  #size = 0
  #reserved = 0
  /** Given with the first chunk that is written before the end. */
  #id: number | undefined
  #chunks = 0

  constructor(hash: Uint8Array, { records, room }: { readonly records: Records; readonly room: Room }) {
    this.#hash = hash
    this.#records = records
    this.#room = room
  }

  /** False when somebody else put the same meanwhile. */
  async run(stream: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<boolean> {
    try {
      for await (const bytes of stream) await this.#take(bytes)
      this.#requireHash()
      await this.#reserve(this.#filled)
      const added = await this.#records.transact((transaction) => this.#finish(transaction))
      if (!added) await this.#discard()
      return added
    } catch (error) {
      // Where not even that can be written (a full disk), the next start drops the chunks.
      await this.#discard().catch(() => undefined)
      throw error
    } finally {
      this.#room.release(this.#reserved)
    }
  }

  async #take(bytes: Uint8Array): Promise<void> {
    this.#hasher.update(bytes)
    this.#size += bytes.length
    for (let at = 0; at < bytes.length; ) {
      if (this.#filled === CHUNK_BYTES) await this.#spill()
      const part = bytes.subarray(at, at + CHUNK_BYTES - this.#filled)
      this.#chunk.set(part, this.#filled)
      this.#filled += part.length
      at += part.length
    }
  }

  async #spill(): Promise<void> {
    await this.#reserve(CHUNK_BYTES)
    this.#id = await this.#records.transact(async (transaction) => {
      const id = this.#id ?? (await takeId(transaction))
      if (this.#id === undefined) transaction.put(unfinishedKey(id), this.#hash)
      transaction.put(chunkKey(id, this.#chunks), this.#chunk)
      return id
    })
    this.#chunks++
    this.#filled = 0
  }

  async #reserve(bytes: number): Promise<void> {
    await this.#room.reserve(bytes)
    this.#reserved += bytes
  }

  async #finish(transaction: Transaction): Promise<boolean> {
    if ((await itemIn(transaction, this.#hash)) !== undefined) return false
    const id = this.#id ?? (await takeId(transaction))
    if (this.#filled > 0) transaction.put(chunkKey(id, this.#chunks), this.#chunk.subarray(0, this.#filled))
    await addItem(transaction, this.#hash, { id, size: this.#size, pinned: false })
    transaction.delete(unfinishedKey(id))
    return true
  }

  #requireHash(): void {
    const found = this.#hasher.digest()
    if (equalBytes(found, this.#hash)) return
    const context = { wanted: toHex(this.#hash), found: toHex(found) }
    const message = `These bytes have the hash ${context.found}, not ${context.wanted}: fetch them from somebody else.`
    throw new StoreError('content/wrong-hash', message, context)
  }

  async #discard(): Promise<void> {
    if (this.#id === undefined) return
    await dropChunks(this.#records, this.#id)
    this.#id = undefined
  }
}

async function dropChunks(records: Records, id: number): Promise<void> {
  await records.clear(under(keyOf(BULK.chunks, u64be(id))))
  await records.transact(async (transaction) => transaction.delete(unfinishedKey(id)))
}

/** Puts that were under way when the process ended leave chunks that no item names. */
export async function dropUnfinishedPuts(records: Records): Promise<void> {
  for await (const { key } of records.scan(under(keyOf(BULK.unfinished)))) {
    await records.clear(under(keyOf(BULK.chunks, key.subarray(1))))
    await records.transact(async (transaction) => transaction.delete(key))
  }
}
