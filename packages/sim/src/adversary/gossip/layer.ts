// What a hub judges itself, over real connections, before it asks anybody's judge: lengths and shards, on every topic.
import { GOSSIP_BYTES } from '@piecework/network'
import { TOPICS } from '@piecework/network/libp2p'
import { NAMES } from '../raw/hub.ts'
import { batchOf } from './messages.ts'
import type { Judged } from './play.ts'
import { type Sent, saidToHub } from './said-to-hub.ts'
import { nodeKey } from './verifier.ts'

const NETWORK = new Uint8Array(32).fill(7)

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
export function playLayer(): Promise<readonly Judged[]> {
  return saidToHub(sentOf())
}
