// How content lies in the records: an item by its hash, its chunks by the item's number, which is also its age.
import { concat } from '@piecework/protocol'
import type { Transaction } from '../../records/group.ts'
import { BULK, keyOf, metaKey, readU64be, u64be, under } from '../../records/keys.ts'
import type { Records } from '../../records/records.ts'

/** Bytes of a chunk: most outputs are one, and it is what a reader or a writer holds at once. */
export const CHUNK_BYTES = 1_048_576

export interface Item {
  /** Smaller is older. */
  readonly id: number
  readonly size: number
  readonly pinned: boolean
}

export interface Used {
  readonly items: number
  readonly bytes: number
}

type Source = Pick<Transaction, 'get'>

export const orderKey = (id: number): Uint8Array => keyOf(BULK.contentOrder, u64be(id))
export const chunkKey = (id: number, chunk: number): Uint8Array => keyOf(BULK.chunks, u64be(id), u64be(chunk))
/** Of a put that has written chunks, and has not ended. */
export const unfinishedKey = (id: number): Uint8Array => keyOf(BULK.unfinished, u64be(id))
const itemKey = (hash: Uint8Array): Uint8Array => keyOf(BULK.content, hash)
const USED_KEY = metaKey('contentUsed')
const NEXT_ID_KEY = metaKey('contentNextId')

export async function itemIn(source: Source, hash: Uint8Array): Promise<Item | undefined> {
  const bytes = await source.get(itemKey(hash))
  if (bytes === undefined) return undefined
  return { id: readU64be(bytes), size: readU64be(bytes, 8), pinned: bytes[16] === 1 }
}

export async function* hashesIn(records: Records): AsyncGenerator<Uint8Array> {
  for await (const { key } of records.scan(under(keyOf(BULK.content)))) yield key.subarray(1)
}

export async function usedIn(source: Source): Promise<Used> {
  const bytes = await source.get(USED_KEY)
  return bytes === undefined
    ? { items: 0, bytes: 0 }
    : { items: readU64be(bytes), bytes: readU64be(bytes, 8) }
}

export async function takeId(transaction: Transaction): Promise<number> {
  const bytes = await transaction.get(NEXT_ID_KEY)
  const id = bytes === undefined ? 0 : readU64be(bytes)
  transaction.put(NEXT_ID_KEY, u64be(id + 1))
  return id
}

export async function addItem(transaction: Transaction, hash: Uint8Array, item: Item): Promise<void> {
  writeItem(transaction, hash, item)
  const { items, bytes } = await usedIn(transaction)
  putUsed(transaction, { items: items + 1, bytes: bytes + item.size })
}

export async function pinItem(transaction: Transaction, hash: Uint8Array, pinned: boolean): Promise<boolean> {
  const item = await itemIn(transaction, hash)
  if (item === undefined) return false
  writeItem(transaction, hash, { ...item, pinned })
  return true
}

export async function removeItem(transaction: Transaction, hash: Uint8Array): Promise<number> {
  const item = await itemIn(transaction, hash)
  if (item === undefined) return 0
  const { id, size } = item
  transaction.delete(itemKey(hash))
  transaction.delete(orderKey(id))
  for (let chunk = 0; chunk * CHUNK_BYTES < size; chunk++) transaction.delete(chunkKey(id, chunk))
  const { items, bytes } = await usedIn(transaction)
  putUsed(transaction, { items: items - 1, bytes: bytes - size })
  return size
}

/** What is pinned has no place in the order in which content goes. */
function writeItem(transaction: Transaction, hash: Uint8Array, { id, size, pinned }: Item): void {
  transaction.put(itemKey(hash), concat([u64be(id), u64be(size), Uint8Array.of(pinned ? 1 : 0)]))
  if (pinned) transaction.delete(orderKey(id))
  else transaction.put(orderKey(id), hash)
}

function putUsed(transaction: Transaction, { items, bytes }: Used): void {
  transaction.put(USED_KEY, concat([u64be(items), u64be(bytes)]))
}
