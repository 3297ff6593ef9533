// An attacker as a process of its own: so many batches a second with bad signatures, and a new identity whenever the hub
// hangs up.
import { randomBytes } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { messagesFrame, RawPeer, type RawStream } from '@piecework/testkit/raw-peer'
import { batchOf } from '../gossip/messages.ts'
import { nodeKey } from '../gossip/verifier.ts'
import { NAMES, NETWORK_ID } from '../raw/hub.ts'
import type { Flood, Flooded } from './messages.ts'

/** Messages of one frame: few enough that all of them are decoded. */
const IN_FRAME = 100

/** Identities side by side: while a hub hangs up on one, and it is another's turn to be let in, others send. */
const AT_ONCE = 4

/** Until a stream counts as one that takes no more. */
const MOST_MS = 100

/** A row ends with its commit. */
const COMMIT_BYTES = 32

interface Attacker {
  readonly raw: RawPeer
  readonly stream: RawStream
}

const good = batchOf({ networkId: NETWORK_ID, key: nodeKey(0) })
const topic = NAMES.topicOf('batches', good) ?? ''

/** Another row each time, under the same signature: no two of them are the same message. */
function badFrame(): Uint8Array {
  const all = Array.from({ length: IN_FRAME }, () => {
    const data = new Uint8Array(good)
    data.set(randomBytes(COMMIT_BYTES), data.length - COMMIT_BYTES)
    return { topic, data }
  })
  return messagesFrame(all)
}

async function newIdentity(address: string): Promise<Attacker | undefined> {
  const raw = await RawPeer.dial({ address, prefix: NAMES.prefix, dht: NAMES.dht, isMute: true }).catch(
    () => undefined,
  )
  const stream = await raw?.gossip().catch(() => undefined)
  if (raw !== undefined && stream !== undefined) return { raw, stream }
  await raw?.stop()
  return undefined
}

class Flooding implements Flooded {
  sent = 0
  identities = 0
  readonly #order: Flood
  readonly #began: number = performance.now()

  constructor(order: Flood) {
    this.#order = order
  }

  get #seconds(): number {
    return (performance.now() - this.#began) / 1000
  }

  get #isOver(): boolean {
    return this.#seconds >= this.#order.seconds
  }

  /** One identity after the other. Who is not let in is none, and tries again. */
  async run(): Promise<void> {
    while (!this.#isOver) {
      const attacker = await newIdentity(this.#order.address)
      if (attacker === undefined) continue
      this.identities++
      await this.#send(attacker)
      void attacker.raw.stop()
    }
  }

  /** Until the hub hangs up. What its stream did not take is not sent. */
  async #send({ raw, stream }: Attacker): Promise<void> {
    while (raw.isConnected && stream.isOpen && !this.#isOver) {
      if (this.sent >= this.#seconds * this.#order.perSecond) await setTimeout(1)
      else {
        const sending = stream.send(badFrame()).then(
          () => IN_FRAME,
          () => 0,
        )
        this.sent += await Promise.race([sending, setTimeout(MOST_MS, 0)])
      }
    }
  }
}

async function flood(order: Flood): Promise<Flooded> {
  const flooding = new Flooding(order)
  await Promise.all(Array.from({ length: AT_ONCE }, () => flooding.run()))
  const { sent, identities } = flooding
  return { sent, identities }
}

process.once('disconnect', () => process.exit())
process.once('message', (order: Flood) => {
  void flood(order).then((flooded) => process.send?.(flooded))
})
