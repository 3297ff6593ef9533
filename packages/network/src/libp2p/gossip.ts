// Messages that spread: published until somebody took them, judged by the table of rules before they are passed on.
import type { GossipSub, Message } from '@libp2p/gossipsub'
import { TopicValidatorResult } from '@libp2p/gossipsub'
import type { PeerId } from '@libp2p/interface'
import { NetworkError } from '../errors.ts'
import { alreadyTaken, checkGossip, nobodyListens } from '../exchange.ts'
import { GOSSIP_BYTES } from '../limits.ts'
import type { Received, Unsubscribe } from '../port.ts'
import { type NetworkTopic, type RuleId, TOPIC_RULES, type Verdict } from '../topics.ts'
import { Bundles } from './bundles.ts'
import { deadlineOf } from './deadline.ts'
import { Judging, type JudgingParts } from './judging.ts'
import { keyOf } from './keys.ts'
import type { Names } from './names.ts'

/** Between two tries when nobody took a message: subscriptions that arrive cut it short. */
const RETRY_MS = 500

/** Own messages that wait for somebody who takes them: hours of a node's batches. */
const WAITING = 4096

const RESULTS: Readonly<Record<Verdict, TopicValidatorResult>> = {
  accept: TopicValidatorResult.Accept,
  ignore: TopicValidatorResult.Ignore,
  reject: TopicValidatorResult.Reject,
}

type Judge = (message: Received) => Promise<RuleId>

export interface GossipParts extends JudgingParts {
  readonly names: Names
  readonly publishMs: number
}

export class Gossip {
  readonly #parts: GossipParts
  readonly #judges = new Map<NetworkTopic, Judge>()
  readonly #judging: Judging
  readonly #bundles: Bundles
  #pubsub: GossipSub | undefined
  #waiting = 0

  constructor(parts: GossipParts) {
    this.#parts = parts
    this.#judging = new Judging(parts)
    const { ports, stopping } = parts
    this.#bundles = new Bundles({ ports, stopping, send: (bundle) => this.#sendBundle(bundle) })
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
      for (const name of heardWith(topic).flatMap((one) => this.#parts.names.topics(one))) {
        this.#pubsub?.topicValidators.delete(name)
        this.#pubsub?.unsubscribe(name)
      }
    }
  }

  #listen(pubsub: GossipSub, topic: NetworkTopic, judge: Judge): void {
    for (const one of heardWith(topic)) {
      for (const name of this.#parts.names.topics(one)) {
        pubsub.topicValidators.set(name, (from, message) => this.#hear({ topic: one, judge, from, message }))
        pubsub.subscribe(name)
      }
    }
  }

  async #hear(heard: Heard): Promise<TopicValidatorResult> {
    const { topic, from, message } = heard
    const rule = await this.#judging.inTurn(from.toString(), message.data.length, () => this.#ruleFor(heard))
    this.#parts.ports.count?.('network_messages_total', { topic, rule })
    const { verdict } = TOPIC_RULES[rule]
    // A batch goes on with others: it waits for them already.
    return RESULTS[topic === 'batches' && verdict === 'accept' ? 'ignore' : verdict]
  }

  async #ruleFor({ topic, judge, from, message }: Heard): Promise<RuleId> {
    const { names } = this.#parts
    const key = keyOf(from)
    if (key === undefined || message.data.length > GOSSIP_BYTES) return 'malformed'
    if (topic === 'bundles') {
      const atOnce = this.#parts.isFriend(from.toString())
      return this.#bundles.look(message.data, {
        judge: (batch) => this.#ruleOfPart(judge, batch, key),
        atOnce,
      })
    }
    const name = names.topicOf(topic, message.data)
    if (name === undefined) return 'malformed'
    if (name !== message.topic) return 'wrong-shard'
    // A copy, so that who keeps it does not keep all that came with it.
    const bytes = new Uint8Array(message.data)
    const rule = await this.#judged(topic, judge, { bytes, from: key })
    if (topic === 'batches' && TOPIC_RULES[rule].verdict === 'accept') this.#bundles.take(bytes)
    return rule
  }

  /** Of one batch of a bundle. */
  async #ruleOfPart(judge: Judge, bytes: Uint8Array, from: Uint8Array): Promise<RuleId> {
    const { names, ports } = this.#parts
    const isBatch = names.topicOf('batches', bytes) !== undefined
    const rule = isBatch ? await this.#judged('batches', judge, { bytes, from }) : 'malformed'
    ports.count?.('network_messages_total', { topic: 'batches', rule })
    return rule
  }

  /** A judge that fails is no fault of the message: it may come again. */
  async #judged(topic: NetworkTopic, judge: Judge, received: Received): Promise<RuleId> {
    try {
      return await judge(received)
    } catch (error) {
      this.#parts.ports.log?.warn('network-judge-failed', { topic, why: String(error) })
      return 'busy'
    }
  }

  /** To nobody when there is no other hub; who was in reach a moment ago is sent it again by its nodes. */
  async #sendBundle(bundle: Uint8Array): Promise<void> {
    const { names, ports } = this.#parts
    try {
      for (const name of names.topics('bundles')) await this.#pubsub?.publish(name, bundle)
    } catch (error) {
      ports.log?.debug('network-bundle-failed', { why: String(error) })
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

/** Who listens to batches hears them in bundles too. */
function heardWith(topic: NetworkTopic): readonly NetworkTopic[] {
  return topic === 'batches' ? ['batches', 'bundles'] : [topic]
}

interface Heard {
  readonly topic: NetworkTopic
  readonly judge: Judge
  readonly from: PeerId
  readonly message: Message
}

function tooManyWait(topic: NetworkTopic): NetworkError {
  const sentence = `${WAITING} messages wait for somebody who takes them: look whether a hub can be reached.`
  return new NetworkError('network/busy', sentence, { topic })
}
