// The network of a verifier that is alone: what it subscribes to is heard as gossip brings it, without the wire.
import {
  type Link,
  type Network,
  NetworkError,
  type RuleId,
  type Topic,
  type Unsubscribe,
} from '@piecework/network'
import { Names, SHARDS } from '@piecework/network/libp2p'

type Judge = Parameters<Network['subscribe']>[1]
const nothing: Unsubscribe = () => {}

export class Doorway implements Network {
  readonly self: Uint8Array
  readonly #names: Names
  readonly #judges = new Map<Topic, Judge>()

  constructor(self: Uint8Array, networkId: Uint8Array) {
    this.self = self
    this.#names = new Names(networkId, SHARDS)
  }

  /** As gossip does it: the shard of its node, a copy of its own, and what the judge says. */
  async hear(topic: Topic, message: Uint8Array): Promise<RuleId> {
    if (this.#names.topicOf(topic, message) === undefined) return 'malformed'
    const judge = this.#judges.get(topic)
    return judge === undefined ? 'busy' : judge({ bytes: new Uint8Array(message), from: this.self })
  }

  subscribe(topic: Topic, judge: Judge): Unsubscribe {
    this.#judges.set(topic, judge)
    return () => void this.#judges.delete(topic)
  }

  ask<Answer>(): Promise<Answer> {
    return Promise.reject(new NetworkError('network/unreachable', 'Nobody else is here.'))
  }

  openLink(): Promise<Link> {
    return Promise.reject(new NetworkError('network/unreachable', 'Nobody else is here.'))
  }

  start = async (): Promise<void> => {}
  stop = async (): Promise<void> => {}
  publish = async (): Promise<void> => {}
  addresses = (): readonly string[] => []
  peers = (): readonly [] => []
  onPeer = (): Unsubscribe => nothing
  answer = (): Unsubscribe => nothing
  takeLinks = (): Unsubscribe => nothing
}
