// Links without sockets: as wide as a test says, by a clock that only these bytes move.
import { type Link, NetworkError } from '@piecework/network'

export interface LinkShape {
  /** Where its links seem to lead to. */
  readonly address: string
  readonly bytesPerMs: number
}

export interface LinkEnds {
  /** Of the one that opens it, and of the other. */
  readonly near: LinkShape
  readonly far: LinkShape
  /** Told how long what came has taken. */
  readonly pass: (milliseconds: number) => void
  readonly wallMs: number
  readonly closed: () => void
}

/** Both ends: what one sends the other receives. Who opened it pays the time. */
export function memoryLink({ near, far, pass, wallMs, closed }: LinkEnds): readonly [Link, Link] {
  const [there, back] = [new Pipe(), new Pipe()]
  let isClosed = false
  const close = (): void => {
    there.close()
    back.close()
    if (!isClosed) closed()
    isClosed = true
  }
  let spent = 0
  const opened: Link = {
    address: far.address,
    send: (bytes) => there.send(bytes),
    received: back.received((bytes) => {
      const milliseconds = bytes.length / Math.min(near.bytesPerMs, far.bytesPerMs)
      pass(milliseconds)
      spent += milliseconds
      if (spent > wallMs) close()
    }),
    close,
  }
  const taken: Link = {
    address: near.address,
    send: (bytes) => back.send(bytes),
    received: there.received(() => undefined),
    close,
  }
  return [opened, taken]
}

class Pipe {
  readonly #chunks: Uint8Array[] = []
  #isClosed = false
  #wake: () => void = () => {}

  async send(bytes: Uint8Array): Promise<void> {
    if (this.#isClosed) throw broken()
    // A copy, as if it had travelled.
    this.#chunks.push(bytes.slice())
    this.#wake()
  }

  close(): void {
    this.#isClosed = true
    this.#wake()
  }

  async *received(came: (bytes: Uint8Array) => void): AsyncGenerator<Uint8Array> {
    for (;;) {
      if (this.#isClosed) throw broken()
      const chunk = this.#chunks.shift()
      if (chunk !== undefined) {
        came(chunk)
        yield chunk
      } else
        await new Promise<void>((wake) => {
          this.#wake = wake
        })
    }
  }
}

function broken(): NetworkError {
  return new NetworkError('network/unreachable', 'The link broke: it is closed.')
}
