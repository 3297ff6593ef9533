// Of a stream that carries one message, a length and so many bytes: whether what comes still is that message. Libraries that
// read such a stream take 4 MB, and then the next one.
import type { Stream } from '@libp2p/interface'
import { NetworkError } from '../errors.ts'

/** Of a length, seven bits in each: what needs more of them is too long for anybody. */
const LENGTH_BYTES = 4

class OneMessage {
  readonly #most: number
  #lengthBytes = 0
  #length = 0
  #isLengthRead = false
  #bytes = 0

  constructor(most: number) {
    this.#most = most
  }

  /** Whether these bytes may come, after all that came. */
  take(bytes: Uint8Array): boolean {
    let at = 0
    while (!this.#isLengthRead && at < bytes.length && this.#lengthBytes < LENGTH_BYTES) {
      const byte = bytes[at++] ?? 0
      this.#length += (byte & 127) * 2 ** (7 * this.#lengthBytes++)
      this.#isLengthRead = byte < 128
    }
    this.#bytes += bytes.length - at
    if (!this.#isLengthRead) return this.#lengthBytes < LENGTH_BYTES
    return this.#length <= this.#most && this.#bytes <= this.#length
  }
}

/** Before anybody else listens. The stream is broken off by what is longer, or comes after it. */
export function takeOneMessage(stream: Stream, most: number, onMore: () => void): void {
  const message = new OneMessage(most)
  stream.addEventListener('message', (event) => {
    if (message.take(event.data.subarray())) return
    // Who reads it is not shown it.
    event.stopImmediatePropagation()
    if (stream.status !== 'open') return
    onMore()
    stream.abort(
      new NetworkError('network/too-long', `One message of at most ${most} bytes is taken here.`, { most }),
    )
  })
}
