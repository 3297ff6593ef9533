// What gossip holds against a peer: messages that a rule rejects, and promises it breaks. Nothing is held against who is
// quiet: our topics have bursts and pauses. Nor against who shares an address: it may be a school's, and all who are behind
// it would be unheard. A crowd at one address is met where it connects.
import type { GossipsubOpts } from '@libp2p/gossipsub'
import { createPeerScoreParams, createTopicScoreParams } from '@libp2p/gossipsub/score'

/** The squared count of rejected messages costs so much: three of them in a row end in being ignored (-80). */
const REJECTED_WEIGHT = -10
/** Each second a tenth is forgiven: a hub that read the chain a moment later than others is back within a minute. */
const REJECTED_DECAY = 0.9

export function scoresOf(topics: readonly string[]): Pick<GossipsubOpts, 'scoreParams'> {
  const topic = createTopicScoreParams({
    topicWeight: 1,
    timeInMeshWeight: 0,
    firstMessageDeliveriesWeight: 0,
    meshMessageDeliveriesWeight: 0,
    meshFailurePenaltyWeight: 0,
    invalidMessageDeliveriesWeight: REJECTED_WEIGHT,
    invalidMessageDeliveriesDecay: REJECTED_DECAY,
  })
  return {
    scoreParams: createPeerScoreParams({
      topics: Object.fromEntries(topics.map((name) => [name, topic])),
      IPColocationFactorWeight: 0,
    }),
  }
}
