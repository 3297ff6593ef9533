// The order of a turn: Fisher-Yates with a stream of hashes.
import { sha256Into } from '#sha256'
import { concat, readU32, u16le, u32le, writeU32 } from '../bytes.ts'
import { HASH_BYTES } from '../hash.ts'
import { tag } from '../tags.ts'

const NUMBERS_PER_HASH = 8
const U32 = 2 ** 32

export interface ShuffleSeed {
  readonly seed: Uint8Array
  readonly kind: number
  readonly turn: number
}

/** Puts the list into the order that the seed gives for this turn of dealing. */
export function shuffle(list: Uint32Array, from: ShuffleSeed): void {
  const stream = new NumberStream(from)
  for (let i = list.length - 1; i > 0; i--) {
    const j = stream.below(i + 1)
    const swapped = list[i] ?? 0
    list[i] = list[j] ?? 0
    list[j] = swapped
  }
}

class NumberStream {
  readonly #hashed: Uint8Array
  readonly #hash = new Uint8Array(HASH_BYTES)
  #counter = 0
  #next = NUMBERS_PER_HASH

  constructor({ seed, kind, turn }: ShuffleSeed) {
    this.#hashed = concat([tag('pw/shuffle'), seed, u16le(kind), u32le(turn), u32le(0)])
  }

  /** The next number modulo `bound`; numbers that would favour some results are left out. */
  below(bound: number): number {
    let number = this.#take()
    // 2^32 mod bound is less than bound: most numbers need no exact look.
    while (number >= U32 - bound && number >= U32 - (U32 % bound)) number = this.#take()
    return number % bound
  }

  #take(): number {
    if (this.#next === NUMBERS_PER_HASH) this.#refill()
    return readU32(this.#hash, 4 * this.#next++)
  }

  #refill(): void {
    writeU32(this.#hashed, this.#hashed.length - 4, this.#counter++)
    sha256Into(this.#hashed, this.#hash)
    this.#next = 0
  }
}
