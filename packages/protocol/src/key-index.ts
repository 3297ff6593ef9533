// Finds a record by its 32-byte key, without a string per key.
import { equalBytes, viewOf } from './bytes.ts'

/** Where the key at a position is: a list of records says it. */
type KeyAt = (position: number) => Uint8Array

export class KeyIndex {
  readonly #keyAt: KeyAt
  /** By the first six bytes: a number. Keys that share them are rare, and grinding one costs 2^48 keys. */
  readonly #positions = new Map<number, number[]>()

  constructor(length: number, keyAt: KeyAt) {
    this.#keyAt = keyAt
    for (let position = 0; position < length; position++) this.add(position)
  }

  /** Adds the record at this position; one without a key can't be found. */
  add(position: number): void {
    const key = this.#keyAt(position)
    if (key.length === 0) return
    const prefix = prefixOf(key)
    const same = this.#positions.get(prefix)
    if (same === undefined) this.#positions.set(prefix, [position])
    else same.push(position)
  }

  find(key: Uint8Array): number | undefined {
    return this.#positions.get(prefixOf(key))?.find((position) => equalBytes(this.#keyAt(position), key))
  }
}

function prefixOf(key: Uint8Array): number {
  const view = viewOf(key)
  return view.getUint32(0, true) * 0x10000 + view.getUint16(4, true)
}
