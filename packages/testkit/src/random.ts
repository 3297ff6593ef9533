// Randomness that is the same in every run: hashes of a name and a counter.

import { createHash } from 'node:crypto'
import { concat, readU64, u64le } from '@piecework/protocol'

export class SeededRandom {
  readonly #seed: Uint8Array
  #counter = 0n

  constructor(name: string) {
    this.#seed = createHash('sha256').update(name).digest()
  }

  bytes(length: number): Uint8Array {
    const parts: Uint8Array[] = []
    for (let made = 0; made < length; made += 32) parts.push(this.#block())
    return concat(parts).subarray(0, length)
  }

  /** At least 0, less than 1. */
  float(): number {
    return Number(readU64(this.#block()) >> 11n) / 2 ** 53
  }

  /** At least 0, less than the limit. */
  below(limit: number): number {
    return Math.floor(this.float() * limit)
  }

  chance(probability: number): boolean {
    return this.float() < probability
  }

  shuffled<T>(list: readonly T[]): T[] {
    const keyed = list.map((value) => ({ value, key: this.float() }))
    return keyed.sort((a, b) => a.key - b.key).map(({ value }) => value)
  }

  #block(): Uint8Array {
    return createHash('sha256')
      .update(concat([this.#seed, u64le(this.#counter++)]))
      .digest()
  }
}
