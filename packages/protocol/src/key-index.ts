// Finds a record by its 32-byte key, without a string per key.
import { equalBytes, readU32 } from './bytes.ts'

/** Where the key at a position is: a list of records says it. */
type KeyAt = (position: number) => Uint8Array

export class KeyIndex {
  readonly #keyAt: KeyAt
  /** By the first six bytes: a number. Keys that share them are rare, and grinding one costs 2^48 keys. */
  readonly #positions = new Map<number, number>()
  /** Further positions of keys that share them: a list for every key would be fifty thousand lists. */
  readonly #others = new Map<number, number[]>()

  constructor(length: number, keyAt: KeyAt) {
    this.#keyAt = keyAt
    for (let position = 0; position < length; position++) this.add(position)
  }

  /** Adds the record at this position; one without a key can't be found. */
  add(position: number): void {
    const key = this.#keyAt(position)
    if (key.length === 0) return
    const prefix = prefixOf(key)
    if (!this.#positions.has(prefix)) {
      this.#positions.set(prefix, position)
      return
    }
    const others = this.#others.get(prefix)
    if (others === undefined) this.#others.set(prefix, [position])
    else others.push(position)
  }

  find(key: Uint8Array): number | undefined {
    const prefix = prefixOf(key)
    const position = this.#positions.get(prefix)
    if (position === undefined) return undefined
    const isIt = (one: number): boolean => equalBytes(this.#keyAt(one), key)
    return isIt(position) ? position : this.#others.get(prefix)?.find(isIt)
  }
}

function prefixOf(key: Uint8Array): number {
  return readU32(key, 0) * 0x10000 + (key[4] ?? 0) + (key[5] ?? 0) * 0x100
}
