// Keeps content within its quota: the oldest goes first, pinned content never, and what is being put has its place.
import { equalBytes } from '@piecework/protocol'
import { StoreError } from '../../errors.ts'
import { BULK, keyOf, under } from '../../records/keys.ts'
import type { Records } from '../../records/records.ts'
import { Turns } from '../../turns.ts'
import { itemIn, orderKey, removeItem, usedIn } from './items.ts'

export class Room {
  readonly #records: Records
  readonly #quota: number
  readonly #turns = new Turns()
  /** Bytes of puts that are under way. */
  #reserved = 0
  evicted = 0
  evictedBytes = 0
  refused = 0

  constructor(records: Records, quota: number) {
    this.#records = records
    this.#quota = quota
  }

  reserve(bytes: number): Promise<void> {
    return this.#turns.take(async () => {
      for (;;) {
        const used = (await usedIn(this.#records)).bytes + this.#reserved
        if (used + bytes <= this.#quota) break
        if (bytes > this.#quota || !(await this.#evictOldest())) throw this.#noRoom(used, bytes)
      }
      this.#reserved += bytes
    })
  }

  release(bytes: number): void {
    this.#reserved -= bytes
  }

  async #evictOldest(): Promise<boolean> {
    for await (const { key, body } of this.#records.scan({ ...under(keyOf(BULK.contentOrder)), limit: 1 })) {
      const freed = await this.#records.transact(async (transaction) => {
        const item = await itemIn(transaction, body)
        if (item?.pinned === false && equalBytes(orderKey(item.id), key)) return removeItem(transaction, body)
        // Pinned, or let go, since it was found; or LevelDB dropped the end of its log, and what took this place away
        // with it. There is another oldest then, and nobody has this place.
        transaction.delete(key)
        return undefined
      })
      if (freed === undefined) return true
      this.evicted++
      this.evictedBytes += freed
      return true
    }
    return false
  }

  #noRoom(used: number, bytes: number): StoreError {
    this.refused++
    return new StoreError(
      'content/no-room',
      `There is no room for ${bytes} bytes more: ${used} of ${this.#quota} are pinned or being written. Raise the quota, or let something go.`,
      { used, bytes, quota: this.#quota },
    )
  }
}
