// Sealed records on a disk, changed by transactions one after the other. Those that wait while the disk syncs are
// written together: many acknowledgements cost one sync.
import type { Change, Disk, Entry, Range } from '../disk/disk.ts'
import type { Witness } from '../disk/witness.ts'
import { StoreError, type StoreErrorCode } from '../errors.ts'
import { Group, type Transaction } from './group.ts'
import { behind } from './keys.ts'
import { isDamage, SEAL_BYTES, unsealed, wholeOrNothing } from './seal.ts'
import { retallied, type Tally } from './tally.ts'
import { readTally, tallyChange } from './verify.ts'

/** A write is closed when it has so many bytes: the transactions behind it wait for the next one. */
const GROUP_BYTES = 4_194_304
/** Transactions that may wait; every one has a caller that waits for it too. */
const WAITING = 4096

export interface RecordCounters {
  readonly transactions: number
  readonly writes: number
  readonly failures: number
  /** Transactions that were refused, by the code of the reason. */
  readonly refused: Readonly<Record<string, number>>
  /** Damaged records that were passed over. */
  readonly skipped: number
}

export interface Found {
  readonly key: Uint8Array
  readonly body: Uint8Array
}

interface Waiting {
  /** Gives what to do once it is durable. */
  readonly join: (group: Group) => Promise<{ changes: readonly Change[]; settle: () => void }>
  readonly reject: (error: unknown) => void
}

export class Records {
  readonly #disk: Disk
  /** Given for records that must not be lost: they are counted in a tally, and the witness is told. */
  readonly #witness: Witness | undefined
  #queue: Waiting[] = []
  #draining: Promise<void> = Promise.resolve()
  #busy = false
  #closed = false
  /** Set when a write failed: the disk is looked at again before the next one. */
  #failed = false
  #tally: Tally | undefined
  #damaged = false
  /** Transactions and the writes they took. */
  readonly #counters = { transactions: 0, writes: 0, failures: 0, skipped: 0 }
  readonly #refused = new Map<StoreErrorCode, number>()

  constructor(disk: Disk, witness?: Witness) {
    this.#disk = disk
    this.#witness = witness
  }

  /** Whether somebody was told, since these were opened, that something is not as it was written. */
  get damaged(): boolean {
    return this.#damaged
  }

  get counters(): RecordCounters {
    return { ...this.#counters, refused: Object.fromEntries(this.#refused) }
  }

  size(): Promise<number> {
    return this.#watched(async () => {
      this.#requireOpen()
      return this.#disk.size()
    })
  }

  get(key: Uint8Array): Promise<Uint8Array | undefined> {
    return this.#watched(() => this.#get(key))
  }

  /** Undefined for a damaged record too: for readers that let go of it, or write it again, by themselves. */
  wholeOf(key: Uint8Array): Promise<Uint8Array | undefined> {
    return this.#watched(() => wholeOrNothing(() => this.#get(key)))
  }

  /** Entries of a range as of now or later; what changes meanwhile is seen or not. */
  async *scan(range: Range): AsyncGenerator<Found> {
    for await (const page of this.#pages(range)) {
      for (const { key, value } of page) yield { key, body: this.#unsealed(key, value) }
    }
  }

  /** The same without those that are damaged, where others hold them too; they are counted. */
  async *whole(range: Range): AsyncGenerator<Found> {
    for await (const page of this.#pages(range)) {
      for (const { key, value } of page) {
        const body = await wholeOrNothing(async () => unsealed(key, value))
        if (body === undefined) this.#counters.skipped++
        else yield { key, body }
      }
    }
  }

  async *#pages(range: Range): AsyncGenerator<readonly Entry[]> {
    let rest = range
    for (let left = range.limit ?? Number.POSITIVE_INFINITY; left > 0; ) {
      const asked = left === Number.POSITIVE_INFINITY ? rest : { ...rest, limit: left }
      const page = await this.#watched(() => this.#page(asked))
      yield page
      const last = page.at(-1)
      if (last === undefined) return
      left -= page.length
      rest = range.reverse ? { ...rest, to: last.key } : { ...rest, from: behind(last.key) }
    }
  }

  /** Keys alone, whatever became of their values: to take them away. */
  async keys(range: Range): Promise<Uint8Array[]> {
    return (await this.#watched(() => this.#page(range))).map(({ key }) => key)
  }

  /** Keys of a page with the bytes of their bodies, whatever became of these: to take them away, and count that. */
  async sizes(range: Range): Promise<{ readonly key: Uint8Array; readonly bytes: number }[]> {
    const page = await this.#watched(() => this.#page(range))
    return page.map(({ key, value }) => ({ key, bytes: value.length - SEAL_BYTES }))
  }

  /** Resolves when it is durable. */
  transact<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#requireOpen()
      if (this.#queue.length >= WAITING) {
        const message = `${WAITING} writes wait for the disk: it is too slow, or too much is asked of it. Try again later.`
        const busy = new StoreError('store/busy', message, { waiting: WAITING })
        this.#refuse(busy)
        throw busy
      }
      const join: Waiting['join'] = async (group) => {
        const { result, changes } = await group.run(work)
        return { changes, settle: () => resolve(result) }
      }
      this.#queue.push({ join, reject })
      if (!this.#busy) this.#draining = this.#drain()
    })
  }

  /** Takes a range away, page by page. */
  async clear(range: Range): Promise<number> {
    let cleared = 0
    for (;;) {
      const keys = await this.keys(range)
      if (keys.length === 0) return cleared
      await this.transact(async (transaction) => {
        for (const key of keys) transaction.delete(key)
      })
      cleared += keys.length
    }
  }

  /** What is waiting is still written. */
  async close(): Promise<void> {
    if (this.#closed) return this.#draining
    this.#closed = true
    this.#draining = this.#draining.then(async () => {
      await this.#disk.close()
      await this.#witness?.close()
    })
    return this.#draining
  }

  async #drain(): Promise<void> {
    this.#busy = true
    while (this.#queue.length > 0) await this.#writeGroup()
    this.#busy = false
  }

  async #writeGroup(): Promise<void> {
    const settled: (() => void)[] = []
    const joined: Waiting[] = []
    try {
      if (this.#failed) await this.#recover()
      const group = new Group(this.#disk)
      let tally = await this.#currentTally()
      for (let next = this.#next(group); next !== undefined; next = this.#next(group)) {
        try {
          const { changes, settle } = await next.join(group)
          if (tally !== undefined) tally = await tallied(tally, group, changes)
          group.add(changes)
          joined.push(next)
          settled.push(settle)
        } catch (error) {
          this.#note(error)
          this.#refuse(error)
          next.reject(error)
        }
      }
      await this.#write(group, tally)
      this.#counters.transactions += settled.length
      for (const settle of settled) settle()
    } catch (error) {
      this.#note(error)
      this.#failed = true
      this.#counters.failures++
      // The disk could not even be looked at: nobody who waits can be served.
      const refused = joined.length > 0 ? joined : this.#queue.splice(0)
      for (const { reject } of refused) reject(error)
    }
  }

  async #currentTally(): Promise<Tally | undefined> {
    if (this.#witness !== undefined) this.#tally ??= await readTally(this.#disk)
    return this.#tally
  }

  #next(group: Group): Waiting | undefined {
    return group.bytes < GROUP_BYTES ? this.#queue.shift() : undefined
  }

  async #write(group: Group, tally: Tally | undefined): Promise<void> {
    const { changes } = group
    if (changes.length === 0) return
    if (tally === undefined) {
      await this.#disk.write(changes)
    } else {
      const next = { ...tally, writes: tally.writes + 1n }
      await this.#disk.write([...changes, tallyChange(next)])
      await this.#witness?.write(next.writes)
      this.#tally = next
    }
    this.#counters.writes++
  }

  async #recover(): Promise<void> {
    this.#tally = undefined
    await this.#disk.recover()
    this.#failed = false
  }

  async #get(key: Uint8Array): Promise<Uint8Array | undefined> {
    this.#requireOpen()
    const value = await this.#disk.get(key)
    return value === undefined ? undefined : unsealed(key, value)
  }

  #unsealed(key: Uint8Array, value: Uint8Array): Uint8Array {
    try {
      return unsealed(key, value)
    } catch (error) {
      this.#note(error)
      throw error
    }
  }

  async #page(range: Range): Promise<Entry[]> {
    this.#requireOpen()
    return this.#disk.page(range)
  }

  async #watched<T>(read: () => Promise<T>): Promise<T> {
    try {
      return await read()
    } catch (error) {
      this.#note(error)
      throw error
    }
  }

  #refuse(error: unknown): void {
    if (error instanceof StoreError) this.#refused.set(error.code, (this.#refused.get(error.code) ?? 0) + 1)
  }

  #note(error: unknown): void {
    if (isDamage(error)) this.#damaged = true
  }

  #requireOpen(): void {
    if (this.#closed) throw new StoreError('store/closed', 'The store is closed: open it again first.')
  }
}

async function tallied(tally: Tally, group: Group, changes: readonly Change[]): Promise<Tally> {
  let sum = tally
  for (const { key, value } of changes) sum = retallied(sum, await group.valueOf(key), value)
  return sum
}
