// Messages that spread: published until somebody took them, judged by the table of rules before they are passed on.
import type { GossipSub, Message } from '@libp2p/gossipsub'
import { TopicValidatorResult } from '@libp2p/gossipsub'
import type { PeerId } from '@libp2p/interface'
import { NetworkError } from '../errors.ts'
import { alreadyTaken, checkGossip, nobodyListens } from '../exchange.ts'
import { GOSSIP_BYTES } from '../limits.ts'
import type { Received, Unsubscribe } from '../port.ts'
import { type NetworkTopic, type RuleId, TOPIC_RULES, type Verdict } from '../topics.ts'
import type { Bans } from './bans.ts'
import { deadlineOf } from './deadline.ts'
import { FairShare } from './fair-share.ts'
import { keyOf } from './keys.ts'
import type { Names } from './names.ts'
import type { NetworkPorts } from './ports.ts'
import { type Rate, Rates } from './rates.ts'
import { Turns } from './turns.ts'

/** Between two tries when nobody took a message: subscriptions that arrive cut it short. */
const RETRY_MS = 500

/** Own messages that wait for somebody who takes them: hours of a node's batches. */
const WAITING = 4096

/** Messages that wait for their judges, in bytes: two seconds of disk and signatures. */
const JUDGED_AT_ONCE = 67_108_864
/** What any of them costs beside its bytes. */
const MESSAGE_BYTES = 1024

/** Messages that nobody should have, of one peer: what a hub that lags behind brings, and no more than a core judges beside all else. */
const IN_VAIN: Rate = { burst: 1024, perSecond: 64 }
/** Of peers that are named: each passes on what half a network sends. */
const IN_VAIN_OF_FRIENDS: Rate = { burst: 16_384, perSecond: 1024 }

const RESULTS: Readonly<Record<Verdict, TopicValidatorResult>> = {
  accept: TopicValidatorResult.Accept,
  ignore: TopicValidatorResult.Ignore,
  reject: TopicValidatorResult.Reject,
}

type Judge = (message: Received) => Promise<RuleId>

export interface GossipParts {
  readonly names: Names
  readonly ports: NetworkPorts
  readonly stopping: AbortSignal
  readonly publishMs: number
  readonly bans: Bans
  /** Whether the chain or the operator names this peer. */
  readonly isFriend: (peer: string) => boolean
}

export class Gossip {
  readonly #parts: GossipParts
  readonly #judges = new Map<NetworkTopic, Judge>()
  readonly #judging = new FairShare(JUDGED_AT_ONCE)
  readonly #turns = new Turns()
  /** What peers brought in vain. */
  readonly #vain: Rates
  #pubsub: GossipSub | undefined
  #waiting = 0

  constructor(parts: GossipParts) {
    this.#parts = parts
    const { ports, stopping, isFriend } = parts
    const rateOf = (peer: string): Rate => (isFriend(peer) ? IN_VAIN_OF_FRIENDS : IN_VAIN)
    this.#vain = new Rates({ time: ports.time, stopping, rateOf })
  }

  /** Once it runs. */
  attach(pubsub: GossipSub): void {
    this.#pubsub = pubsub
    for (const [topic, judge] of this.#judges) this.#listen(pubsub, topic, judge)
  }

  subscribe(topic: NetworkTopic, judge: Judge): Unsubscribe {
    if (this.#judges.has(topic)) throw alreadyTaken(`The topic ${topic}`)
    this.#judges.set(topic, judge)
    if (this.#pubsub !== undefined) this.#listen(this.#pubsub, topic, judge)
    return () => {
      if (this.#judges.get(topic) !== judge) return
      this.#judges.delete(topic)
      for (const name of this.#parts.names.topics(topic)) {
        this.#pubsub?.topicValidators.delete(name)
        this.#pubsub?.unsubscribe(name)
      }
    }
  }

  #listen(pubsub: GossipSub, topic: NetworkTopic, judge: Judge): void {
    for (const name of this.#parts.names.topics(topic)) {
      pubsub.topicValidators.set(name, async (from, message) => {
        const rule = await this.#ruleInTurn({ topic, judge, from, message })
        this.#parts.ports.count?.('network_messages_total', { topic, rule })
        return RESULTS[TOPIC_RULES[rule].verdict]
      })
      pubsub.subscribe(name)
    }
  }

  /** Of those beyond the bound the newest goes first, and of them that of who has most there. */
  async #ruleInTurn(judging: Judging): Promise<RuleId> {
    const from = judging.from.toString()
    if (this.#parts.bans.isBanned(from) || !this.#judging.mayTake(from)) return 'busy'
    if (!this.#vain.has(from)) return this.#tooMuch()
    const bytes = judging.message.data.length + MESSAGE_BYTES
    this.#judging.take(from, bytes)
    await this.#turns.take(from)
    let rule: RuleId = 'busy'
    try {
      if (!this.#parts.bans.isBanned(from)) rule = await this.#ruleFor(judging)
      if (TOPIC_RULES[rule].verdict === 'reject') this.#parts.bans.note(from)
      if (TOPIC_RULES[rule].verdict !== 'accept' && rule !== 'busy') this.#vain.take(from)
      return rule
    } finally {
      this.#turns.give(from, TOPIC_RULES[rule].verdict === 'accept')
      this.#judging.give(from, bytes)
    }
  }

  /** Of who brought too much in vain nothing is looked at for a while; it is held against nobody. */
  #tooMuch(): RuleId {
    this.#parts.ports.count?.('network_over_rate_total', { what: 'message' })
    return 'busy'
  }

  async #ruleFor({ topic, judge, from, message }: Judging): Promise<RuleId> {
    const key = keyOf(from)
    if (key === undefined || message.data.length > GOSSIP_BYTES) return 'malformed'
    const name = this.#parts.names.topicOf(topic, message.data)
    if (name === undefined) return 'malformed'
    if (name !== message.topic) return 'wrong-shard'
    try {
      // A copy, so that who keeps it does not keep all that came with it.
      return await judge({ bytes: new Uint8Array(message.data), from: key })
    } catch (error) {
      // A judge that fails is no fault of the message: it may come again.
      this.#parts.ports.log?.warn('network-judge-failed', { topic, why: String(error) })
      return 'busy'
    }
  }

  async publish(topic: NetworkTopic, message: Uint8Array): Promise<void> {
    this.#waiting++
    try {
      if (this.#waiting > WAITING) throw tooManyWait(topic)
      await this.#publish(topic, message)
      this.#count(topic, 'taken')
    } catch (error) {
      if (error instanceof NetworkError) this.#count(topic, error.code)
      throw error
    } finally {
      this.#waiting--
    }
  }

  #count(topic: NetworkTopic, outcome: string): void {
    this.#parts.ports.count?.('network_published_total', { topic, outcome })
  }

  async #publish(topic: NetworkTopic, message: Uint8Array): Promise<void> {
    checkGossip(topic, message)
    const { names, ports, publishMs, stopping } = this.#parts
    const name = names.topicOf(topic, message)
    if (name === undefined)
      throw new NetworkError('network/malformed', `These bytes are no message of ${topic}.`, { topic })
    const deadline = deadlineOf(ports.time, publishMs, stopping)
    try {
      while (!(await this.#taken(name, message))) {
        if (deadline.signal.aborted) throw nobodyListens(topic)
        await this.#change(deadline.signal)
      }
    } finally {
      deadline.end()
    }
  }

  /** True when at least one peer took it: gossipsub alone would not say. */
  async #taken(name: string, message: Uint8Array): Promise<boolean> {
    const pubsub = this.#pubsub
    if (pubsub === undefined || pubsub.getSubscribers(name).length === 0) return false
    try {
      return (await pubsub.publish(name, message)).recipients.length > 0
    } catch (error) {
      // Nobody in reach, or the same message a moment ago: both pass.
      if (error instanceof Error && error.message.startsWith('PublishError.')) return false
      throw error
    }
  }

  /** Somebody subscribes, or some time passes. */
  async #change(signal: AbortSignal): Promise<void> {
    const woken = new AbortController()
    const wake = (): void => woken.abort()
    this.#pubsub?.addEventListener('subscription-change', wake, { once: true })
    await this.#parts.ports.time.wait(RETRY_MS, AbortSignal.any([signal, woken.signal]))
    this.#pubsub?.removeEventListener('subscription-change', wake)
  }
}

interface Judging {
  readonly topic: NetworkTopic
  readonly judge: Judge
  readonly from: PeerId
  readonly message: Message
}

function tooManyWait(topic: NetworkTopic): NetworkError {
  const sentence = `${WAITING} messages wait for somebody who takes them: look whether a hub can be reached.`
  return new NetworkError('network/busy', sentence, { topic })
}
