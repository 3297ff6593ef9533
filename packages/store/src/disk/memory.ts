// A disk in memory, for tests and simulations: it can be full, and it outlives those who close it.
import { compareBytes } from '@piecework/protocol'
import { StoreError } from '../errors.ts'
import { type Change, type Disk, type Entry, PAGE_BYTES, PAGE_ENTRIES, type Range } from './disk.ts'

export class MemoryDisk implements Disk {
  /** Bytes of keys and values that fit; a write beyond it fails as a whole. */
  capacity: number = Number.POSITIVE_INFINITY
  /** Ascending by key. */
  #entries: Entry[] = []
  #bytes = 0

  async get(key: Uint8Array): Promise<Uint8Array | undefined> {
    const at = this.#placeOf(key)
    const found = this.#entries[at]
    return found !== undefined && compareBytes(found.key, key) === 0 ? found.value.slice() : undefined
  }

  async page({ from, to, reverse = false, limit = PAGE_ENTRIES }: Range): Promise<Entry[]> {
    const found = this.#entries.slice(this.#placeOf(from), this.#placeOf(to))
    if (reverse) found.reverse()
    const page: Entry[] = []
    let bytes = 0
    for (const { key, value } of found) {
      if (page.length >= Math.min(limit, PAGE_ENTRIES) || bytes >= PAGE_BYTES) break
      page.push({ key: key.slice(), value: value.slice() })
      bytes += value.length
    }
    return page
  }

  async write(changes: readonly Change[]): Promise<void> {
    const next = this.#bytes + changes.reduce((sum, change) => sum + this.#growth(change), 0)
    if (next > Math.max(this.capacity, this.#bytes)) {
      throw new StoreError('disk/full', 'The disk is full: free some space, then try again.')
    }
    for (const change of changes) this.#apply(change)
  }

  async size(): Promise<number> {
    return this.#bytes
  }

  async recover(): Promise<void> {}

  async close(): Promise<void> {}

  /** Of two changes of one key in one write the first is counted twice: near enough for a limit. */
  #growth({ key, value }: Change): number {
    const at = this.#placeOf(key)
    const found = this.#entries[at]
    const held =
      found !== undefined && compareBytes(found.key, key) === 0 ? key.length + found.value.length : 0
    return (value === undefined ? 0 : key.length + value.length) - held
  }

  #apply({ key, value }: Change): void {
    const at = this.#placeOf(key)
    const found = this.#entries[at]
    const held = found !== undefined && compareBytes(found.key, key) === 0
    if (held) this.#bytes -= found.key.length + found.value.length
    if (value === undefined) {
      this.#entries.splice(at, held ? 1 : 0)
      return
    }
    this.#entries.splice(at, held ? 1 : 0, { key: key.slice(), value: value.slice() })
    this.#bytes += key.length + value.length
  }

  /** Of the first entry that is not before `key`. */
  #placeOf(key: Uint8Array): number {
    let low = 0
    let high = this.#entries.length
    while (low < high) {
      const middle = (low + high) >> 1
      const entry = this.#entries[middle]
      if (entry !== undefined && compareBytes(entry.key, key) < 0) low = middle + 1
      else high = middle
    }
    return low
  }
}
