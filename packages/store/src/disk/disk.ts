// The port below all storage: an ordered map of byte strings whose writes are whole and durable, or fail.

export interface Entry {
  readonly key: Uint8Array
  readonly value: Uint8Array
}

/** Without a value: take the key away. */
export interface Change {
  readonly key: Uint8Array
  readonly value: Uint8Array | undefined
}

export interface Range {
  /** The first key, included. */
  readonly from: Uint8Array
  /** Where it ends, excluded. */
  readonly to: Uint8Array
  readonly reverse?: boolean
  /** At most so many entries. */
  readonly limit?: number
}

export interface Disk {
  get(key: Uint8Array): Promise<Uint8Array | undefined>
  /** The next entries of a range, in order: all of them, or at least one and about `PAGE_BYTES`. */
  page(range: Range): Promise<Entry[]>
  /** All changes or none, synced when it resolves. After a failure nothing is sure until `recover`. */
  write(changes: readonly Change[]): Promise<void>
  /** Looks again at what is on disk; what a failed write left is there as a whole, or not at all. */
  recover(): Promise<void>
  /** Bytes that it takes. */
  size(): Promise<number>
  close(): Promise<void>
}

/** Values of one page: what a reader of a range holds at once. */
export const PAGE_BYTES = 1_048_576
/** Entries of one page. */
export const PAGE_ENTRIES = 512
