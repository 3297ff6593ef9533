// A stream of libp2p as a link: what comes is held back while nobody reads it.
import type { Stream } from '@libp2p/interface'
import { NetworkError } from '../errors.ts'
import type { Link } from '../link.ts'

/** Bytes that wait to be read: a stream's first window. Beyond it the other end has to wait. */
const WAITING_BYTES = 262_144

/** To be called in the same turn in which the stream is given: what it brings before has no listener. */
export function linkOver(stream: Stream, address: string, signal: AbortSignal): Link {
  const received = new Received(stream)
  const close = (): void => stream.abort(new Error('the link is closed'))
  signal.addEventListener('abort', close, { once: true })
  stream.addEventListener('close', () => signal.removeEventListener('abort', close), { once: true })
  return {
    address,
    received,
    close,
    async send(bytes) {
      try {
        if (!stream.send(bytes)) await stream.onDrain({ signal })
      } catch (error) {
        throw broken(error)
      }
    },
  }
}

class Received implements AsyncIterable<Uint8Array> {
  readonly #stream: Stream
  readonly #chunks: Uint8Array[] = []
  #bytes = 0
  #isOver = false
  #error: Error | undefined
  #wake: () => void = () => {}

  constructor(stream: Stream) {
    this.#stream = stream
    stream.addEventListener('message', ({ data }) => this.#take(data.subarray()))
    stream.addEventListener('remoteCloseWrite', () => this.#end(undefined))
    stream.addEventListener('close', ({ error }) => this.#end(error))
    // The other end may have gone before anybody listened.
    if (stream.status !== 'open') this.#end(new Error('the other end closed it'))
  }

  #take(bytes: Uint8Array): void {
    this.#chunks.push(bytes)
    this.#bytes += bytes.length
    if (this.#bytes >= WAITING_BYTES && this.#stream.readStatus === 'readable') this.#stream.pause()
    this.#wake()
  }

  #end(error: Error | undefined): void {
    this.#isOver = true
    this.#error ??= error
    this.#wake()
  }

  async *[Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    for (;;) {
      const chunk = this.#chunks.shift()
      if (chunk !== undefined) {
        this.#bytes -= chunk.length
        if (this.#bytes < WAITING_BYTES && this.#stream.readStatus === 'paused') this.#stream.resume()
        yield chunk
      } else if (this.#error !== undefined) throw broken(this.#error)
      else if (this.#isOver) return
      else
        await new Promise<void>((wake) => {
          this.#wake = wake
        })
    }
  }
}

function broken(error: unknown): NetworkError {
  const why = error instanceof Error ? error.message : String(error)
  return new NetworkError('network/unreachable', `The link broke: ${why.replace(/\.$/, '')}.`)
}
