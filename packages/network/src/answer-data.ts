// The other end of fetching: as much of what is asked for as one answer holds, and pieces of what is longer.
import { toHex } from '@piecework/protocol'
import { DATA_FULL_BYTES, DATA_WHOLE_BYTES } from './limits.ts'
import type { DataAnswer, DataQuestion, PieceAnswer, PieceQuestion, Sort } from './questions.ts'

/** Long things whose pieces are asked for at once: as many as there are verifiers that fetch different ones. */
const KEPT = 16

/** What is read at once: each may be all of something long, of which one piece is given. */
const READS = 4

type Find = (sort: Sort, hash: Uint8Array) => Promise<Uint8Array | undefined>

export class DataAnswers {
  readonly #find: Find
  /**
   * Pieces of one thing follow each other, and each would read all of it from disk. Memory may forget them at any time:
   * whoever asks for a piece decides what is read, not what is held.
   */
  readonly #recent = new Map<string, WeakRef<Uint8Array>>()

  /** Whoever asks for the same meanwhile waits for the same. */
  readonly #reads = new Map<string, Promise<Uint8Array | undefined>>()
  readonly #waiting: (() => void)[] = []
  #free: number = READS

  constructor(find: Find) {
    this.#find = find
  }

  /** In the order of the question, until the answer is full. */
  async data({ sort, hashes }: DataQuestion): Promise<DataAnswer> {
    const found: DataAnswer['found'][number][] = []
    let bytes = 0
    for (const hash of hashes) {
      const one = await this.#whole(sort, hash)
      found.push(one !== undefined && one.length > DATA_WHOLE_BYTES ? { longBytes: one.length } : one)
      // What does not fit is asked for again. What is long counts too: it was read.
      bytes += one?.length ?? 0
      if (bytes >= DATA_FULL_BYTES) break
    }
    return { found }
  }

  async piece({ sort, hash, at, bytes }: PieceQuestion): Promise<PieceAnswer> {
    const whole = await this.#whole(sort, hash)
    if (whole === undefined) return { wholeBytes: undefined, bytes: new Uint8Array(0) }
    // A copy: while it is sent over a slow line, nothing else of the whole is held.
    return { wholeBytes: whole.length, bytes: whole.slice(at, at + bytes) }
  }

  async #whole(sort: Sort, hash: Uint8Array): Promise<Uint8Array | undefined> {
    const name = nameOf(sort, hash)
    const recent = this.#recent.get(name)?.deref()
    const whole = recent ?? (await (this.#reads.get(name) ?? this.#read(name, () => this.#find(sort, hash))))
    if (whole !== undefined && whole.length > DATA_WHOLE_BYTES) this.#keep(name, whole)
    return whole
  }

  #read(name: string, find: () => Promise<Uint8Array | undefined>): Promise<Uint8Array | undefined> {
    const read = this.#inTurn(find).finally(() => this.#reads.delete(name))
    this.#reads.set(name, read)
    return read
  }

  async #inTurn<T>(task: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--
    else await new Promise<void>((resolve) => this.#waiting.push(resolve))
    try {
      return await task()
    } finally {
      // A place goes from one to the next.
      const next = this.#waiting.shift()
      if (next === undefined) this.#free++
      else next()
    }
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
