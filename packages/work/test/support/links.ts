// Nodes that are measured, in processes of their own, behind links as wide as a test wants them.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type Duplex, PassThrough } from 'node:stream'
import { SeededRandom } from '@piecework/testkit/random'
import { type Link, linkOver, type Measuring, WorkError } from '../../src/index.ts'

export interface Shape {
  readonly bytesPerSecond: number
  readonly delayMs: number
}

export class Links {
  readonly #children: ChildProcess[] = []

  /** The port of a node, behind a link of this shape if there is one. */
  async node(shape?: Shape): Promise<number> {
    const port = await this.#start('measured-node.ts')
    if (shape === undefined) return port
    return this.#start('narrow-link.ts', port, shape.bytesPerSecond, shape.delayMs)
  }

  async #start(program: string, ...args: readonly number[]): Promise<number> {
    const argv = [join(import.meta.dirname, program), ...args.map(String)]
    const child = spawn(process.execPath, argv, { stdio: ['pipe', 'pipe', 'inherit'] })
    this.#children.push(child)
    const [line] = await once(createInterface(child.stdout), 'line')
    return Number(line)
  }

  async stop(): Promise<void> {
    await Promise.all(
      this.#children.map(async (child) => {
        const ended = once(child, 'close')
        child.stdin?.end()
        await ended
      }),
    )
  }
}

/** As a checker has it; the port to connect to stands for the node. */
export function measuringAt(port: number): Measuring {
  const random = new SeededRandom('measuring')
  return {
    open: async (_key, wallMs) => {
      const socket = connect(port, '127.0.0.1')
      socket.setTimeout(wallMs, () => socket.destroy())
      try {
        await once(socket, 'connect')
      } catch (error) {
        throw new WorkError('link/broken', `Nobody is there: ${String(error)}.`)
      }
      return linkOver(socket)
    },
    now: () => performance.now(),
    random: (bytes) => random.bytes(bytes),
  }
}

/**
 * A node whose link takes a millisecond for each 1,000 bytes that come, and none for what goes back; by a clock that only
 * they move. Who hoards sends nothing back before all that was sent has come.
 */
export function arriving(isHoarding: boolean): { readonly link: Link; readonly now: () => number } {
  const sent: Uint8Array[] = []
  let ms = 0
  async function* received(): AsyncIterable<Uint8Array> {
    for (;;) {
      // Until the other side has sent all that it sends without an answer.
      await new Promise(setImmediate)
      const come = sent.splice(0, isHoarding ? sent.length : 1)
      ms += come.reduce((sum, { length }) => sum + length, 0) / 1_000
      yield* come
    }
  }
  const send = async (bytes: Uint8Array): Promise<void> => void sent.push(bytes)
  return { link: { send, received: received(), close: () => undefined }, now: () => ms }
}

/** Both ends of a connection without a network; `change` is what the way does to bytes. */
export function pair(change: (bytes: Uint8Array) => Uint8Array = (bytes) => bytes): [Duplex, Duplex] {
  const [there, back] = [new PassThrough(), new PassThrough()]
  const end = (read: PassThrough, write: PassThrough): Duplex => {
    const duplex: Duplex = new (class extends PassThrough {
      override _transform(bytes: Uint8Array, _encoding: string, done: () => void): void {
        write.write(change(bytes), done)
      }
    })()
    read.on('data', (bytes) => duplex.push(bytes)).on('close', () => duplex.destroy())
    duplex.on('close', () => write.destroy())
    return duplex
  }
  return [end(back, there), end(there, back)]
}
