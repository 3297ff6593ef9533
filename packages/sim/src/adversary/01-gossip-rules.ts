// Adversary 1: everything that can be said in gossip, said to a whole verifier and to a hub. Each of the recorded cases is
// judged by its rule, with the verdict and sentence of the table, and spreads only where the table says so.
import { TOPIC_RULES } from '@piecework/network'
import { NETWORK_TOPICS } from '@piecework/network/libp2p'
import { atLeast, atMost, type Measured } from '../bench/types.ts'
import { playAll, type Recorded, recorded, recordOf } from './gossip/record.ts'
import { playSpreading } from './gossip/spreading.ts'
import type { Adversary } from './types.ts'

const LEAST_CASES = 300

/** One line for each case, with all that is to be as written. */
function linesOf(records: readonly Recorded[]): readonly string[] {
  return records.flatMap(({ cases, topic, rule, verdict, sentence }) =>
    cases.map((name) => `${topic}: ${name}: ${rule}, ${verdict}: ${sentence}`),
  )
}

async function run(): Promise<Measured> {
  const played = linesOf(recordOf(await playAll()))
  const written = linesOf(recorded())
  const [asPlayed, asWritten] = [new Set(played), new Set(written)]
  const asBoth = written.filter((line) => asPlayed.has(line))
  const differing = [
    ...played.filter((line) => !asWritten.has(line)),
    ...written.filter((line) => !asPlayed.has(line)),
  ]
  const spread = await playSpreading()
  const wrong = spread.filter(({ rule, goesOn }) => goesOn !== (TOPIC_RULES[rule].verdict === 'accept'))
  const rules = Object.keys(TOPIC_RULES).filter((rule) => recorded().some((one) => one.rule === rule))
  const topics = NETWORK_TOPICS.filter((topic) => recorded().some((one) => one.topic === topic))
  return {
    figures: {
      'pairs of topic and rule that spread or do not': spread.length,
      'judged otherwise': differing.slice(0, 5).join('; ') || 'none',
    },
    bars: [
      atLeast('recorded cases', written.length, LEAST_CASES),
      atLeast('of them judged as written', asBoth.length, written.length),
      atMost('cases that are not recorded, or judged otherwise', differing.length, 0),
      atLeast('rules that some case meets', rules.length, Object.keys(TOPIC_RULES).length),
      atLeast('topics with cases', topics.length, NETWORK_TOPICS.length),
      atMost('messages that spread against their rule, or not with it', wrong.length, 0),
    ],
  }
}

export const adversary: Adversary = {
  number: 1,
  name: 'gossip-rules',
  about:
    'All sorts of messages on all topics: each is accepted, ignored or rejected as the table of rules says.',
  run,
}
