// Says things to a hub over real connections, and hears by which rule it judged each.
import type { NetworkTopic, RuleId } from '@piecework/network'
import type { CountName } from '@piecework/network/libp2p'
import { messagesFrame } from '@piecework/testkit/raw-peer'
import { attacked, withRaw } from '../raw/hub.ts'
import type { Judged } from './play.ts'
import type { Said } from './said.ts'

/** A hub hears no more of a peer after the third that it rejects. */
const OF_ONE_PEER = 2

export interface Sent extends Omit<Said, 'topic'> {
  readonly topic: NetworkTopic
  /** Its name on the wire. */
  readonly wire: string
}

/** One after the other, and no more of one peer than it may be wrong. */
export async function saidToHub(
  all: readonly Sent[],
  judge?: (bytes: Uint8Array) => RuleId,
): Promise<readonly Judged[]> {
  const heard: { readonly topic: NetworkTopic; readonly resolve: (rule: RuleId) => void }[] = []
  // The parts of a bundle are counted before it.
  const count = (name: CountName, { topic, rule }: Readonly<Record<string, string>>): void => {
    if (name === 'network_messages_total' && topic === heard[0]?.topic) heard.shift()?.resolve(rule as RuleId)
  }
  return attacked(
    async (hub) => {
      const judged: Judged[] = []
      for (let first = 0; first < all.length; first += OF_ONE_PEER) {
        await withRaw(hub, {}, async (raw) => {
          const stream = await raw.gossip()
          for (const { wire, ...said } of all.slice(first, first + OF_ONE_PEER)) {
            const { promise, resolve } = Promise.withResolvers<RuleId>()
            heard.push({ topic: said.topic, resolve })
            await stream.send(messagesFrame([{ topic: wire, data: said.bytes }]))
            judged.push({ ...said, rule: await promise })
          }
        })
      }
      return judged
    },
    { count, judge },
  )
}
