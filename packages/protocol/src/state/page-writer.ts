// Writes the records of a section into its pages, each record with its length before it.
import type { ByteViews } from '@chainsafe/ssz'
import { viewOf, writeU32 } from '../bytes.ts'
import type { RecordCodec, RecordTarget } from './records.ts'

const RECORDS_PER_PAGE = 1024
/** A page is closed when it has so many bytes, because pages travel whole. */
const PAGE_BYTES = 262_144
export const LENGTH_BYTES = 4

export class PageWriter implements RecordTarget {
  readonly #pages: Uint8Array[] = []
  /** The page that is being written: records go straight to where they belong, because there are so many. */
  #page = viewsOf(2 * PAGE_BYTES)
  #length = 0
  #records = 0

  add<T>(codec: RecordCodec<T>, value: T): void {
    codec.write(value, this)
    this.#records += 1
    if (this.#records === RECORDS_PER_PAGE || this.#length >= PAGE_BYTES) this.#close()
  }

  addAll<T>(codec: RecordCodec<T>, values: readonly T[]): void {
    for (const value of values) this.add(codec, value)
  }

  /** The section's pages; nothing is added after this. */
  end(): readonly Uint8Array[] {
    if (this.#records > 0) this.#close()
    return this.#pages
  }

  get views(): ByteViews {
    return this.#page
  }

  /** Writes the length of the record that `add` is asked for. */
  reserve(length: number): number {
    const at = this.#length + LENGTH_BYTES
    this.#grow(at + length)
    writeU32(this.#page.uint8Array, this.#length, length)
    this.#length = at + length
    return at
  }

  #grow(needed: number): void {
    if (needed <= this.#page.uint8Array.length) return
    const larger = viewsOf(2 * needed)
    larger.uint8Array.set(this.#page.uint8Array.subarray(0, this.#length))
    this.#page = larger
  }

  #close(): void {
    this.#pages.push(this.#page.uint8Array.slice(0, this.#length))
    this.#length = 0
    this.#records = 0
  }
}

function viewsOf(bytes: number): ByteViews {
  const uint8Array = new Uint8Array(bytes)
  return { uint8Array, dataView: viewOf(uint8Array) }
}
