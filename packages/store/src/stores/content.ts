// Content by hash, in chunks, within a quota. When it is full the oldest goes first: in the order in which it was put,
// and pinned content never.
import { StoreError } from '../errors.ts'
import type { Records } from '../records/records.ts'
import {
  CHUNK_BYTES,
  chunkKey,
  hashesIn,
  type Item,
  itemIn,
  pinItem,
  removeItem,
  type Used,
  usedIn,
} from './content/items.ts'
import { Put } from './content/put.ts'
import { Room } from './content/room.ts'

export interface ContentCounters {
  /** Items and bytes let go for newer ones. */
  readonly evicted: number
  readonly evictedBytes: number
  /** Puts for which there was no room. */
  readonly refused: number
  /** Items found damaged, and let go. */
  readonly damaged: number
}

export interface ContentStore {
  /** Keeps bytes whose SHA-256 is this, checked while they come; false if they are there already. */
  put(hash: Uint8Array, bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<boolean>
  /** Undefined when it isn't there. While it is read, a `record/damaged` says to fetch it again. */
  get(hash: Uint8Array): Promise<AsyncIterable<Uint8Array> | undefined>
  has(hash: Uint8Array): Promise<boolean>
  size(hash: Uint8Array): Promise<number | undefined>
  delete(hash: Uint8Array): Promise<void>
  /** False when it isn't there. What is no longer pinned is as old as it ever was. */
  pin(hash: Uint8Array, pinned: boolean): Promise<boolean>
  /** Of all that is here, in their order. */
  hashes(): AsyncIterable<Uint8Array>
  used(): Promise<Used>
  counters(): ContentCounters
}

export interface ContentStoreOptions {
  /** Bytes of content to keep, pinned and not. */
  readonly quotaBytes: number
}

export function contentStore(records: Records, { quotaBytes }: ContentStoreOptions): ContentStore {
  const room = new Room(records, quotaBytes)
  let damaged = 0

  const remove = async (hash: Uint8Array): Promise<void> => {
    await records.transact((transaction) => removeItem(transaction, hash))
  }

  async function* read(hash: Uint8Array, { id, size }: Item): AsyncGenerator<Uint8Array> {
    for (let chunk = 0; chunk * CHUNK_BYTES < size; chunk++) {
      const bytes = await records.wholeOf(chunkKey(id, chunk))
      if (bytes === undefined) {
        // Let go by the quota or a delete meanwhile, it is not damaged.
        if ((await itemIn(records, hash))?.id === id) {
          damaged++
          await remove(hash)
        }
        throw new StoreError(
          'record/damaged',
          'This content is damaged or was let go here: fetch it again.',
          { id },
        )
      }
      yield bytes
    }
  }

  return {
    put: async (hash, bytes) =>
      (await itemIn(records, hash)) === undefined && new Put(hash, { records, room }).run(bytes),
    async get(hash) {
      const item = await itemIn(records, hash)
      return item === undefined ? undefined : read(hash, item)
    },
    has: async (hash) => (await itemIn(records, hash)) !== undefined,
    size: async (hash) => (await itemIn(records, hash))?.size,
    delete: remove,
    pin: (hash, pinned) => records.transact((transaction) => pinItem(transaction, hash, pinned)),
    hashes: () => hashesIn(records),
    used: () => usedIn(records),
    counters: () => ({
      evicted: room.evicted,
      evictedBytes: room.evictedBytes,
      refused: room.refused,
      damaged,
    }),
  }
}
