// The disk over level. After a failed write LevelDB's log may end in half a record, and what is appended behind that is
// lost at the next start; so a failed database writes nothing more until it has been closed and opened again. It is
// closed only when there is space to open it: until then it is read.
import { Level } from 'level'
import { StoreError } from '../errors.ts'
import { requireCurrent } from './current.ts'
import { type Change, type Disk, type Entry, PAGE_BYTES, PAGE_ENTRIES, type Range } from './disk.ts'
import { diskError } from './level-errors.ts'
import { bytesOf, type FreeBytes, freeBytes, requireSpace } from './space.ts'
import { type Depth, setDamagedTablesAside } from './tables.ts'

/** Bytes of LevelDB's block cache. */
const CACHE_BYTES = 2_097_152
/** Bytes of each of its two write buffers: a home node is small. */
export const SMALL_BUFFER_BYTES = 2_097_152
/** Where everybody's batches come: tables are merged a quarter as often, which was a third of what writing costs. */
export const LARGE_BUFFER_BYTES = 8_388_608

/** Level gives Buffers, whose `slice` shares its bytes where a Uint8Array's copies them. */
function plain({ buffer, byteOffset, byteLength }: Uint8Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}

type Database = Level<Uint8Array, Uint8Array>

class LevelDisk implements Disk {
  readonly #folder: string
  readonly #database: Database
  readonly #underWay = new Set<Promise<unknown>>()
  readonly #freeBytes: FreeBytes
  #failed = false
  /** Set when it was closed and could not be opened: whoever reads or writes next tries again. */
  #shut = false
  /** Set while the database is closed and opened again: everything else waits for it. */
  #recovering: Promise<void> | undefined

  constructor(folder: string, database: Database, freeBytes: FreeBytes) {
    this.#folder = folder
    this.#database = database
    this.#freeBytes = freeBytes
  }

  get(key: Uint8Array): Promise<Uint8Array | undefined> {
    return this.#do(async () => {
      const value = await this.#database.get(key)
      return value === undefined ? undefined : plain(value)
    })
  }

  page({ from, to, reverse = false, limit = PAGE_ENTRIES }: Range): Promise<Entry[]> {
    return this.#do(async () => {
      const range = { gte: from, lt: to, reverse, limit: Math.min(limit, PAGE_ENTRIES) }
      const page: Entry[] = []
      let bytes = 0
      for await (const [key, value] of this.#database.iterator(range)) {
        page.push({ key: plain(key), value: plain(value) })
        bytes += value.length
        if (bytes >= PAGE_BYTES) break
      }
      return page
    })
  }

  async write(changes: readonly Change[]): Promise<void> {
    if (this.#failed) {
      throw new StoreError(
        'disk/failed',
        'An earlier write failed: the database has to be opened again first.',
      )
    }
    const operations = changes.map(({ key, value }) =>
      value === undefined ? ({ type: 'del', key } as const) : ({ type: 'put', key, value } as const),
    )
    try {
      await this.#do(() => this.#database.batch(operations, { sync: true }))
    } catch (error) {
      this.#failed = true
      throw error
    }
  }

  size(): Promise<number> {
    return this.#do(() => bytesOf(this.#folder))
  }

  recover(): Promise<void> {
    this.#recovering ??= this.#reopen().finally(() => {
      this.#recovering = undefined
    })
    return this.#recovering
  }

  async close(): Promise<void> {
    await this.#recovering?.catch(() => undefined)
    await Promise.allSettled(this.#underWay)
    this.#shut = false
    await this.#database.close()
  }

  async #reopen(): Promise<void> {
    await Promise.allSettled(this.#underWay)
    try {
      await requireSpace(this.#folder, this.#freeBytes)
      await this.#database.close()
      this.#shut = true
      // It was there a moment ago: what is gone must not be made anew, where nothing has been signed yet.
      await this.#database.open({ createIfMissing: false })
      this.#shut = false
    } catch (error) {
      throw diskError(error, this.#folder)
    }
    this.#failed = false
  }

  async #do<T>(work: () => Promise<T>): Promise<T> {
    // Whoever asked for it is told how it ended.
    await this.#recovering?.catch(() => undefined)
    if (this.#shut) await this.recover()
    const doing = work()
    this.#underWay.add(doing)
    try {
      return await doing
    } catch (error) {
      throw diskError(error, this.#folder)
    } finally {
      this.#underWay.delete(doing)
    }
  }
}

export interface LevelOptions {
  readonly writeBufferSize?: number
  readonly freeBytes?: FreeBytes
}

/** Checks first that LevelDB will know its records, and its tables to the given depth. */
export async function openLevelDisk(folder: string, depth: Depth, options: LevelOptions = {}): Promise<Disk> {
  await requireCurrent(folder)
  await setDamagedTablesAside(folder, depth)
  const database: Database = new Level(folder, {
    keyEncoding: 'view',
    valueEncoding: 'view',
    cacheSize: CACHE_BYTES,
    writeBufferSize: options.writeBufferSize ?? SMALL_BUFFER_BYTES,
    // Hashes and signatures don't get smaller; and tables can be checked as they lie.
    compression: false,
  })
  try {
    await database.open()
  } catch (error) {
    throw diskError(error, folder)
  }
  return new LevelDisk(folder, database, options.freeBytes ?? freeBytes)
}
