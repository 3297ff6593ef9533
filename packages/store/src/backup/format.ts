// A backup: a header, records one after the other, and a hash of all of it at the end.
//
//   "pw-store-backup" and a zero, 16 | form u64 | network id 32 | records | zero u32 | SHA-256 of all before
//   a record: length of its key u32 (never zero) | length of its body u32 | key | body           little-endian
import { createHash } from 'node:crypto'
import { concat, equalBytes, HASH_BYTES, readU64, u32le, u64le, viewOf } from '@piecework/protocol'
import { StoreError } from '../errors.ts'
import type { Found } from '../records/records.ts'

const MAGIC = new TextEncoder().encode('pw-store-backup\0')
const HEADER_BYTES = MAGIC.length + 8 + 32
/** Keys of ours are below a hundred bytes. */
const KEY_BYTES = 256
/** An opening with the largest output, and some. */
const BODY_BYTES = 2_097_152

export interface Header {
  readonly version: number
  readonly networkId: Uint8Array
}

export async function* encodeBackup(
  header: Header,
  records: AsyncIterable<Found>,
): AsyncGenerator<Uint8Array> {
  const hasher = createHash('sha256')
  const hashed = (bytes: Uint8Array): Uint8Array => {
    hasher.update(bytes)
    return bytes
  }
  yield hashed(concat([MAGIC, u64le(BigInt(header.version)), header.networkId]))
  for await (const { key, body } of records) {
    yield hashed(concat([u32le(key.length), u32le(body.length), key, body]))
  }
  yield hashed(u32le(0))
  yield hasher.digest()
}

/** Reads exact numbers of bytes from a stream of chunks, and hashes them. */
class Reader {
  readonly #chunks: AsyncIterator<Uint8Array>
  readonly #hasher = createHash('sha256')
  #held: Uint8Array = new Uint8Array()

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]()
  }

  async take(length: number): Promise<Uint8Array> {
    const bytes = await this.#read(length)
    this.#hasher.update(bytes)
    return bytes
  }

  /** The hash of all that was taken stands next, and then nothing. */
  async requireEnd(): Promise<void> {
    const wanted = this.#hasher.digest()
    if (!equalBytes(await this.#read(HASH_BYTES), wanted)) throw invalid('its hash is not that of its bytes')
    const { done } = await this.#chunks.next()
    if (this.#held.length > 0 || done !== true) throw invalid('something stands behind its end')
  }

  async #read(length: number): Promise<Uint8Array> {
    const parts: Uint8Array[] = []
    for (let missing = length; missing > 0; ) {
      if (this.#held.length === 0) {
        const { done, value } = await this.#chunks.next()
        if (done === true) throw invalid('it is cut short')
        this.#held = value
      }
      const part = this.#held.subarray(0, missing)
      this.#held = this.#held.subarray(part.length)
      parts.push(part)
      missing -= part.length
    }
    return concat(parts)
  }
}

/** Whatever is given, the header is checked first; the rest counts only when the last record was followed by the end. */
export async function* decodeBackup(
  chunks: AsyncIterable<Uint8Array>,
  begin: (header: Header) => Promise<void>,
): AsyncGenerator<Found> {
  const reader = new Reader(chunks)
  const header = await reader.take(HEADER_BYTES)
  if (!equalBytes(header.subarray(0, MAGIC.length), MAGIC)) throw invalid('it does not begin like one')
  await begin({
    version: Number(readU64(header, MAGIC.length)),
    networkId: header.subarray(MAGIC.length + 8),
  })
  for (;;) {
    const keyLength = viewOf(await reader.take(4)).getUint32(0, true)
    if (keyLength === 0) return reader.requireEnd()
    const bodyLength = viewOf(await reader.take(4)).getUint32(0, true)
    if (keyLength > KEY_BYTES || bodyLength > BODY_BYTES) throw invalid('a record is longer than any of ours')
    yield { key: await reader.take(keyLength), body: await reader.take(bodyLength) }
  }
}

export function invalid(why: string): StoreError {
  return new StoreError('backup/invalid', `This is no whole backup: ${why}. Take another one.`, { why })
}
