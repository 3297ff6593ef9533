// Something long while it comes: what of it is here, what is missing, and the hash of all from its beginning on.
import { createHash, type Hash } from 'node:crypto'
import { PIECE_BYTES } from './limits.ts'

export class Pieces {
  #bytes: Uint8Array
  readonly #missing: number[]
  readonly #here = new Set<number>()
  readonly #hash: Hash | undefined
  #hashed = 0

  constructor(bytes: number, isHashed: boolean) {
    this.#bytes = new Uint8Array(bytes)
    this.#missing = Array.from({ length: Math.ceil(bytes / PIECE_BYTES) }, (_, i) => i * PIECE_BYTES)
    this.#hash = isHashed ? createHash('sha256') : undefined
  }

  /** As much as was announced and accepted, and never more. */
  get bytes(): Uint8Array {
    return this.#bytes
  }

  /** Lets go of the memory, although somebody may still wait for a piece. Nothing more is asked of it then. */
  letGo(): void {
    this.#bytes = new Uint8Array(0)
    this.#here.clear()
  }

  get isWhole(): boolean {
    return this.#here.size * PIECE_BYTES >= this.bytes.length
  }

  /** Of all of it, once it is whole. */
  get sha256(): Uint8Array | undefined {
    return this.isWhole ? this.#hash?.copy().digest() : undefined
  }

  sizeAt(at: number): number {
    return Math.min(PIECE_BYTES, this.bytes.length - at)
  }

  has(at: number): boolean {
    return this.#here.has(at)
  }

  /** Where the first piece begins that is neither here nor under way. */
  take(): number | undefined {
    return this.#missing.shift()
  }

  /** It did not come. */
  giveBack(at: number): void {
    this.#missing.unshift(at)
  }

  /** False, and nothing is kept, when it has not the length that it must have. */
  put(at: number, bytes: Uint8Array): boolean {
    if (bytes.length !== this.sizeAt(at)) return false
    this.bytes.set(bytes, at)
    this.#here.add(at)
    this.#hashOn()
    return true
  }

  /** What comes is hashed as soon as all before it is here, so that little is left to do at the end. */
  #hashOn(): void {
    for (; this.#here.has(this.#hashed); this.#hashed += PIECE_BYTES)
      this.#hash?.update(this.bytes.subarray(this.#hashed, this.#hashed + PIECE_BYTES))
  }
}
