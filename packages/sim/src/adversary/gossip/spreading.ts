// Whether a message goes on to others, for every rule on every topic: accepted ones do, and no others.
import { type RuleId, TOPIC_RULES, type Topic } from '@piecework/network'
import { TOPICS } from '@piecework/network/libp2p'
import { MemoryNetworks } from '@piecework/testkit'
import { hashOf } from './verifier.ts'

export interface Spread {
  readonly topic: Topic
  readonly rule: RuleId
  readonly goesOn: boolean
}

/** From one who speaks to one who judges, and from there perhaps to one who listens. */
async function goesOn(topic: Topic, rule: RuleId): Promise<boolean> {
  const networks = new MemoryNetworks()
  const [speaker, judge, listener] = ['speaker', 'judge', 'listener'].map((name) =>
    networks.join(hashOf(name)),
  )
  if (speaker === undefined || judge === undefined || listener === undefined)
    throw new Error('there are three')
  networks.cut(speaker.self, listener.self)
  let came = false
  judge.subscribe(topic, () => Promise.resolve(rule))
  listener.subscribe(topic, () => {
    came = true
    return Promise.resolve('sound')
  })
  await Promise.all([speaker, judge, listener].map((one) => one.start()))
  await speaker.publish(topic, hashOf(`${topic} ${rule}`))
  await new Promise((next) => setImmediate(next))
  await Promise.all([speaker, judge, listener].map((one) => one.stop()))
  return came
}

export async function playSpreading(): Promise<readonly Spread[]> {
  const rules = Object.keys(TOPIC_RULES) as RuleId[]
  const pairs = TOPICS.flatMap((topic) => rules.map((rule) => ({ topic, rule })))
  return Promise.all(pairs.map(async (pair) => ({ ...pair, goesOn: await goesOn(pair.topic, pair.rule) })))
}
