// A way for bytes between who measures and who is measured, already known to lead to the node's key: a stream of libp2p
// or, in tests, a connection.
import type { Duplex } from 'node:stream'
import { WorkError } from '../errors.ts'

export interface Link {
  /** Resolves when more may be sent. */
  send(bytes: Uint8Array): Promise<void>
  /** What comes; ends when the other side has nothing more to say. */
  readonly received: AsyncIterable<Uint8Array>
  /** Whatever is under way ends with an error. */
  close(): void
}

export function linkOver(stream: Duplex): Link {
  // Whoever sends or reads is told; a stream without a listener would end the process.
  stream.on('error', () => undefined)
  return {
    send: (bytes) =>
      new Promise((done, failed) => {
        stream.write(bytes, (error) => {
          if (error === null || error === undefined) done()
          else failed(broken(error.message))
        })
      }),
    received: chunksOf(stream),
    close: () => void stream.destroy(),
  }
}

async function* chunksOf(stream: Duplex): AsyncIterable<Uint8Array> {
  try {
    for await (const chunk of stream) if (chunk instanceof Uint8Array) yield chunk
  } catch (error) {
    throw broken(error instanceof Error ? error.message : String(error))
  }
}

function broken(why: string): WorkError {
  return new WorkError('link/broken', `The link broke: ${why}. It counts as not reached.`)
}
