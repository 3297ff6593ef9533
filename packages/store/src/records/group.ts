// The changes of one write, put together from transactions in their order; each sees those before it.
import type { Change, Disk } from '../disk/disk.ts'
import { StoreError } from '../errors.ts'
import { sealed, unsealed } from './seal.ts'

/** A batch with all its outputs (64 MB) and its openings, and not more: a transaction is held in memory. */
const TRANSACTION_BYTES = 83_886_080

/** What a transaction sees and changes. It happens as a whole when its function ends, or not at all when it throws. */
export interface Transaction {
  get(key: Uint8Array): Promise<Uint8Array | undefined>
  put(key: Uint8Array, body: Uint8Array): void
  delete(key: Uint8Array): void
}

const nameOf = (key: Uint8Array): string => Buffer.from(key).toString('latin1')

export class Group {
  readonly #disk: Disk
  readonly #changes = new Map<string, Change>()
  /** What the disk held when it was first asked: nobody else writes meanwhile. */
  readonly #held = new Map<string, Promise<Uint8Array | undefined>>()
  /** Read and written: what the group holds in memory. */
  bytes = 0

  constructor(disk: Disk) {
    this.#disk = disk
  }

  get changes(): readonly Change[] {
    return [...this.#changes.values()]
  }

  /** The sealed value that a key will have. */
  async valueOf(key: Uint8Array): Promise<Uint8Array | undefined> {
    const name = nameOf(key)
    const change = this.#changes.get(name)
    if (change !== undefined) return change.value
    const held = this.#held.get(name)
    if (held !== undefined) return held
    const reading = this.#disk.get(key)
    this.#held.set(name, reading)
    this.bytes += (await reading)?.length ?? 0
    return reading
  }

  async run<T>(
    work: (transaction: Transaction) => Promise<T>,
  ): Promise<{ result: T; changes: readonly Change[] }> {
    const own = new Map<string, Change>()
    let bytes = 0
    const stage = (change: Change): void => {
      own.set(nameOf(change.key), change)
      bytes += change.key.length + (change.value?.length ?? 0)
      if (bytes > TRANSACTION_BYTES) {
        const message = `A record of the store would have more than ${TRANSACTION_BYTES} bytes: write less at once.`
        throw new StoreError('record/too-large', message, { limit: TRANSACTION_BYTES })
      }
    }
    const result = await work({
      get: async (key) => {
        const change = own.get(nameOf(key))
        const value = change === undefined ? await this.valueOf(key) : change.value
        return value === undefined ? undefined : unsealed(key, value)
      },
      put: (key, body) => stage({ key, value: sealed(key, body) }),
      delete: (key) => stage({ key, value: undefined }),
    })
    return { result, changes: [...own.values()] }
  }

  add(changes: readonly Change[]): void {
    for (const change of changes) {
      this.#changes.set(nameOf(change.key), change)
      this.bytes += change.key.length + (change.value?.length ?? 0)
    }
  }
}
