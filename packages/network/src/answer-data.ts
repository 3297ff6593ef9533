// The other end of fetching: as much of what is asked for as one answer holds, and pieces of what is longer.
import { toHex } from '@piecework/protocol'
import { DATA_FULL_BYTES, DATA_WHOLE_BYTES } from './limits.ts'
import type { DataAnswer, DataQuestion, PieceAnswer, PieceQuestion, Sort } from './questions.ts'

/** Long things whose pieces are asked for at once: as many as there are verifiers that fetch different ones. */
const KEPT = 16

type Find = (sort: Sort, hash: Uint8Array) => Promise<Uint8Array | undefined>

export class DataAnswers {
  readonly #find: Find
  /**
   * Pieces of one thing follow each other, and each would read all of it from disk. Memory may forget them at any time:
   * whoever asks for a piece decides what is read, not what is held.
   */
  readonly #recent = new Map<string, WeakRef<Uint8Array>>()

  constructor(find: Find) {
    this.#find = find
  }

  /** In the order of the question, until the answer is full. */
  async data({ sort, hashes }: DataQuestion): Promise<DataAnswer> {
    const found: DataAnswer['found'][number][] = []
    let bytes = 0
    for (const hash of hashes) {
      const one = await this.#find(sort, hash)
      const isLong = one !== undefined && one.length > DATA_WHOLE_BYTES
      if (isLong) this.#keep(nameOf(sort, hash), one)
      found.push(isLong ? { longBytes: one.length } : one)
      // What does not fit is asked for again.
      bytes += isLong ? 0 : (one?.length ?? 0)
      if (bytes >= DATA_FULL_BYTES) break
    }
    return { found }
  }

  async piece({ sort, hash, at, bytes }: PieceQuestion): Promise<PieceAnswer> {
    const name = nameOf(sort, hash)
    const whole = this.#recent.get(name)?.deref() ?? (await this.#find(sort, hash))
    if (whole === undefined) return { wholeBytes: undefined, bytes: new Uint8Array(0) }
    if (whole.length > DATA_WHOLE_BYTES) this.#keep(name, whole)
    return { wholeBytes: whole.length, bytes: whole.subarray(at, at + bytes) }
  }

  /** The longest unused goes first. */
  #keep(name: string, whole: Uint8Array): void {
    this.#recent.delete(name)
    this.#recent.set(name, new WeakRef(whole))
    for (const oldest of this.#recent.keys()) {
      if (this.#recent.size <= KEPT) return
      this.#recent.delete(oldest)
    }
  }
}

function nameOf(sort: Sort, hash: Uint8Array): string {
  return `${sort} ${toHex(hash)}`
}
