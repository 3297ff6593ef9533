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
  return raw === undefined || stream === undefined ? undefined : { raw, stream }
}

async function flood({ address, perSecond, seconds }: Flood): Promise<Flooded> {
  let attacker = await newIdentity(address)
  let identities = 1
  let sent = 0
  const began = performance.now()
  const over = began + seconds * 1000
  while (performance.now() < over) {
    if (attacker?.raw.isConnected !== true) {
      void attacker?.raw.stop()
      attacker = await newIdentity(address)
      identities++
      continue
    }
    const due = ((performance.now() - began) / 1000) * perSecond
    if (sent >= due) await setTimeout(1)
    else {
      // What a stream does not take any more is not waited for: it ends with its connection.
      await Promise.race([attacker.stream.send(badFrame()).catch(() => undefined), setTimeout(100)])
      sent += IN_FRAME
    }
  }
  await attacker?.raw.stop()
  return { sent, identities }
}

process.once('disconnect', () => process.exit())
process.once('message', (order: Flood) => {
  void flood(order).then((flooded) => process.send?.(flooded))
})
