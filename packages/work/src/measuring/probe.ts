// Measures a link: how long a few bytes take to come back, then how fast many do. The bytes are random, so nothing on
// the way can shorten or foresee them.
import { equalBytes } from '@piecework/protocol'
import { WorkError } from '../errors.ts'
import type { Link } from './link.ts'

/** What the checker's machine gives to whoever measures. */
export interface Measuring {
  /** A link to the node with this key, closed after so many milliseconds. Rejects when the node cannot be reached. */
  open(nodeKey: Uint8Array, wallMs: number): Promise<Link>
  /** Milliseconds that only grow. */
  now(): number
  random(bytes: number): Uint8Array
}

export interface LinkSpeed {
  readonly bitsPerSecond: number
  readonly latencyMs: number
}

const PINGS = 5
const PING_BYTES = 32
/** Sent at once: small beside what is measured, large beside what a packet costs. */
const CHUNK_BYTES = 16_384
/** The first of so many parts is not timed: a connection begins slowly. */
const PARTS = 8

/** All that is sent to measure with so many. */
export function probeBytes(bytes: number): number {
  return bytes + PINGS * PING_BYTES
}

/** How long that takes where nothing goes both ways at once. */
export function probeMs(bytes: number, { bitsPerSecond, latencyMs }: LinkSpeed): number {
  return (2 * bytes * 8_000) / bitsPerSecond + PINGS * latencyMs
}

/** Rejects when the link breaks, or when something else comes back than was sent. */
export async function probe(
  link: Link,
  bytes: number,
  { now, random }: Pick<Measuring, 'now' | 'random'>,
): Promise<LinkSpeed> {
  const reader = new Returned(link)
  const latencies: number[] = []
  for (let ping = 0; ping < PINGS; ping++) {
    const start = now()
    const sent = random(PING_BYTES)
    await link.send(sent)
    await reader.expect(sent)
    latencies.push(now() - start)
  }
  const untimed = Math.floor(bytes / PARTS)
  await thereAndBack(link, reader, random(untimed))
  const timed = random(bytes - untimed)
  // From the sending on: what is held back until all has come makes nothing shorter.
  const start = now()
  await thereAndBack(link, reader, timed)
  const elapsed = now() - start
  const middle = latencies.toSorted((a, b) => a - b)[Math.floor(PINGS / 2)] ?? 0
  // A clock of whole milliseconds may see no time pass.
  return { bitsPerSecond: (timed.length * 8_000) / Math.max(elapsed, 1), latencyMs: middle }
}

async function thereAndBack(link: Link, reader: Returned, sent: Uint8Array): Promise<void> {
  await Promise.all([reader.expect(sent), sendAll(link, sent)])
}

async function sendAll(link: Link, bytes: Uint8Array): Promise<void> {
  for (let from = 0; from < bytes.length; from += CHUNK_BYTES)
    await link.send(bytes.subarray(from, from + CHUNK_BYTES))
}

/** Reads exactly what should come next, whatever the chunks it comes in. */
class Returned {
  readonly #chunks: AsyncIterator<Uint8Array>
  #rest: Uint8Array = new Uint8Array()

  constructor({ received }: Link) {
    this.#chunks = received[Symbol.asyncIterator]()
  }

  async expect(sent: Uint8Array): Promise<void> {
    for (let at = 0; at < sent.length; ) {
      if (this.#rest.length === 0) this.#rest = await this.#next()
      const part = this.#rest.subarray(0, sent.length - at)
      if (!equalBytes(part, sent.subarray(at, at + part.length)))
        throw new WorkError('link/broken', 'Other bytes came back than were sent. It counts as not reached.')
      this.#rest = this.#rest.subarray(part.length)
      at += part.length
    }
  }

  async #next(): Promise<Uint8Array> {
    const { done, value } = await this.#chunks.next()
    if (done !== true) return value
    throw new WorkError('link/broken', 'It ended before all had come back. It counts as not reached.')
  }
}
