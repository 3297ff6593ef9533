// Names on the wire, all with the network's id, but for those of gossip and relays: peers of different networks have nothing
// to say to each other.
import { BATCH_HEADER_BYTES, KEY_BYTES, nodeBucket, SIGNATURE_BYTES, toBase58 } from '@piecework/protocol'
import type { NetworkTopic, Topic } from '../topics.ts'

/** Where a signed batch names its node: after its signature, network id and epoch. */
const NODE_KEY_AT: number = SIGNATURE_BYTES + 40

/** Of the network's id, in the name of a service on a local network: a label of it has 63 characters, and no large letters. */
const LAN_CHARS = 16

/** In the order of their sections in the README. */
export const TOPICS: readonly Topic[] = ['batches', 'enrolments', 'reveals', 'known', 'appeals']

/** With those of the network itself. */
export const NETWORK_TOPICS: readonly NetworkTopic[] = [...TOPICS, 'hubs', 'bundles']

export class Names {
  readonly #network: string
  readonly #prefix: string
  readonly #shards: number

  constructor(networkId: Uint8Array, shards: number) {
    this.#network = toBase58(networkId)
    this.#prefix = `/piecework/${this.#network}`
    this.#shards = shards
  }

  get dht(): string {
    return `${this.#prefix}/kad/1`
  }

  /** Before the names of protocols that a service of libp2p names itself. */
  get prefix(): string {
    return this.#prefix.slice(1)
  }

  /** By it peers of this network find each other where they are at home. */
  get lan(): string {
    return `_piecework-${this.#network.slice(0, LAN_CHARS).toLowerCase()}._udp.local`
  }

  protocol(name: string): string {
    return `${this.#prefix}/${name}/1`
  }

  /** The name of a protocol of this network, or undefined. */
  nameOf(protocol: string): string | undefined {
    const begins = `${this.#prefix}/`
    const ends = '/1'
    if (!protocol.startsWith(begins) || !protocol.endsWith(ends)) return undefined
    const name = protocol.slice(begins.length, -ends.length)
    return name.includes('/') || name === 'kad' ? undefined : name
  }

  /** All gossip topics of a topic. Their number is in their name: who counts differently hears nothing, and says so. */
  topics(topic: NetworkTopic): readonly string[] {
    if (topic !== 'batches') return [this.#topic(topic)]
    return Array.from({ length: this.#shards }, (_, shard) => this.#shard(shard))
  }

  /** The gossip topic of a message; undefined for bytes that are no batch. */
  topicOf(topic: NetworkTopic, message: Uint8Array): string | undefined {
    if (topic !== 'batches') return this.#topic(topic)
    if (message.length < SIGNATURE_BYTES + BATCH_HEADER_BYTES) return undefined
    const nodeKey = message.subarray(NODE_KEY_AT, NODE_KEY_AT + KEY_BYTES)
    return this.#shard(Math.floor((nodeBucket(nodeKey) * this.#shards) / 256))
  }

  #topic(topic: string): string {
    return `${this.#prefix}/${topic}/1`
  }

  #shard(shard: number): string {
    return this.#topic(`batches-${shard}-of-${this.#shards}`)
  }
}
