// What a hub judges itself, over real connections, before it asks anybody's judge: lengths and shards, on every topic.
import { GOSSIP_BYTES, type RuleId } from '@piecework/network'
import { type CountName, TOPICS } from '@piecework/network/libp2p'
import { messagesFrame } from '@piecework/testkit/raw-peer'
import { attacked, NAMES, withRaw } from '../raw/hub.ts'
import { batchOf } from './messages.ts'
import type { Judged } from './play.ts'
import type { Said } from './said.ts'
import { nodeKey } from './verifier.ts'

/** A hub hears no more of a peer after the third that it rejects. */
const OF_ONE_PEER = 2
const NETWORK = new Uint8Array(32).fill(7)

interface Sent extends Said {
  /** Its name on the wire. */
  readonly wire: string
}

function sentOf(): readonly Sent[] {
  const batch = batchOf({ networkId: NETWORK, key: nodeKey(0) })
  const right = NAMES.topicOf('batches', batch) ?? ''
  const shards = NAMES.topics('batches')
  const others = shards.filter((wire) => wire !== right)
  const long = TOPICS.map((topic) => ({
    topic,
    name: 'one byte longer than a message may be',
    bytes: new Uint8Array(GOSSIP_BYTES + 1),
    wire: NAMES.topics(topic)[0] ?? '',
  }))
  return [
    ...others.map((wire, i) => ({
      topic: 'batches' as const,
      name: `on the topic of another shard: ${i}`,
      bytes: batch,
      wire,
    })),
    ...shards.map((wire, i) => ({
      topic: 'batches' as const,
      name: `too short to name a node, on shard ${i}`,
      bytes: batch.subarray(0, 100 + i),
      wire,
    })),
    ...long,
    ...TOPICS.map((topic) => ({
      topic,
      name: 'as long as it should be, on its topic',
      bytes: batch,
      wire: NAMES.topicOf(topic, batch) ?? '',
    })),
  ]
}

/** The rule that a hub counts for each; its judges call all that reaches them sound. */
export async function playLayer(): Promise<readonly Judged[]> {
  const heard: ((rule: RuleId) => void)[] = []
  const count = (name: CountName, { rule }: Readonly<Record<string, string>>): void => {
    if (name === 'network_messages_total') heard.shift()?.(rule as RuleId)
  }
  const all = sentOf()
  return attacked(
    async (hub) => {
      const judged: Judged[] = []
      for (let first = 0; first < all.length; first += OF_ONE_PEER) {
        await withRaw(hub, {}, async (raw) => {
          const stream = await raw.gossip()
          for (const { wire, ...said } of all.slice(first, first + OF_ONE_PEER)) {
            const { promise, resolve } = Promise.withResolvers<RuleId>()
            heard.push(resolve)
            await stream.send(messagesFrame([{ topic: wire, data: said.bytes }]))
            judged.push({ ...said, rule: await promise })
          }
        })
      }
      return judged
    },
    { count },
  )
}
