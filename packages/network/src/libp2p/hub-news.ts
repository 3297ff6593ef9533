// Hubs tell of themselves by gossip: a peer record in libp2p's sealed envelope, signed for this network alone. Every peer
// listens, so that it knows hubs of many hands before it needs them.
import type { PrivateKey } from '@libp2p/interface'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { PeerRecord, RecordEnvelope } from '@libp2p/peer-record'
import type { Multiaddr } from '@multiformats/multiaddr'
import { equalBytes } from '@piecework/protocol'
import type { RuleId } from '../topics.ts'
import { toldDialable, withoutPeer } from './dialable.ts'
import type { Gossip } from './gossip.ts'
import type { KnownHubs } from './known-hubs.ts'
import type { NetworkOptions, PresetLimits } from './options.ts'
import type { NetworkPorts } from './ports.ts'
import { type Rate, Rates } from './rates.ts'

/** A key, a signature, and eight addresses with names. */
const NEWS_BYTES = 1024
/** IPv4 and IPv6, each by TCP and WebSockets, within and beyond what it stands behind. */
const ADDRESSES = 8
/** Of one hub: it starts again some times, and else speaks every ten minutes. */
const OF_EACH: Rate = { burst: 8, perSecond: 1 / 60 }
/** Of hubs that are new here: as many as are remembered, and then one in two seconds, which costs a home 9 KB a minute. */
const NEW_HUBS: Rate = { burst: 256, perSecond: 1 / 2 }
const ALL = 'all'
/** Hubs whose newest word is remembered: at the bound the oldest is forgotten, and may be heard again. */
const REMEMBERED = 4096

export interface HubNewsParts {
  /** The topic's name on the wire. */
  readonly topic: string
  readonly privateKey: PrivateKey
  readonly gossip: Gossip
  readonly known: KnownHubs
  readonly preset: NetworkOptions['preset']
  readonly limits: PresetLimits
  readonly ports: NetworkPorts
  readonly stopping: AbortSignal
  /** Where others can dial this peer. */
  readonly addresses: () => readonly Multiaddr[]
}

export class HubNews {
  readonly #parts: HubNewsParts
  readonly #ofEach: Rates
  readonly #newHubs: Rates
  readonly #newest = new Map<string, bigint>()

  constructor(parts: HubNewsParts) {
    this.#parts = parts
    const { ports, stopping } = parts
    this.#ofEach = new Rates({ time: ports.time, stopping, rateOf: () => OF_EACH })
    this.#newHubs = new Rates({ time: ports.time, stopping, rateOf: () => NEW_HUBS })
  }

  /** Listens, and speaks again and again while there is something to say. Ends when all stops. */
  async run(): Promise<void> {
    const { gossip, limits, ports, stopping } = this.#parts
    const end = gossip.subscribe('hubs', ({ bytes }) => this.judge(bytes))
    let pauseMs = limits.firstBackoffMs
    while (!stopping.aborted) {
      await ports.time.wait(pauseMs * (1 - ports.random() / 2), stopping)
      pauseMs = await this.#speak()
    }
    end()
  }

  /** How long it is quiet then. */
  async #speak(): Promise<number> {
    const { gossip, limits, ports, stopping } = this.#parts
    const news = await this.news()
    if (stopping.aborted || news === undefined) return limits.longestBackoffMs
    try {
      await gossip.publish('hubs', news)
      return limits.newsMs
    } catch (error) {
      // Nobody listens yet.
      ports.log?.debug('network-news-failed', { why: String(error) })
      return limits.longestBackoffMs
    }
  }

  /** What it has to say of itself; undefined for who can't be dialled. */
  async news(): Promise<Uint8Array | undefined> {
    const { addresses, privateKey, topic } = this.#parts
    const multiaddrs = addresses()
      .slice(0, ADDRESSES)
      // The record names the peer already.
      .map((address) => withoutPeer(address))
    if (multiaddrs.length === 0) return undefined
    const record = new PeerRecord({ peerId: peerIdFromPrivateKey(privateKey), multiaddrs })
    record.domain = topic
    return (await RecordEnvelope.seal(record, privateKey)).marshal()
  }

  async judge(bytes: Uint8Array): Promise<RuleId> {
    const read = bytes.length <= NEWS_BYTES ? readNews(bytes) : undefined
    if (read === undefined) return 'malformed'
    const { envelope, record } = read
    const peer = record.peerId.toString()
    // What is too much is dropped before it costs a signature.
    if (this.#isKnown(peer, record)) return 'duplicate'
    const { known, preset, topic } = this.#parts
    const addresses = known.notDenied(peer, toldDialable(record.multiaddrs, preset))
    if (addresses.length === 0) return 'not-dialable'
    if (known.get(peer) === undefined) {
      if (!known.hasPlace(peer, addresses)) return 'too-many'
      // Of each new key that is looked at, whatever comes of it.
      if (!this.#newHubs.take(ALL)) return 'busy'
    }
    const isItsOwn = envelope.publicKey.equals(record.peerId.publicKey)
    if (!isItsOwn || !(await envelope.validate(topic))) return 'bad-signature'
    return this.#take(peer, record, addresses)
  }

  #isKnown(peer: string, { seqNumber }: PeerRecord): boolean {
    return (this.#newest.get(peer) ?? -1n) >= seqNumber
  }

  #take(peer: string, record: PeerRecord, addresses: readonly Multiaddr[]): RuleId {
    // Another may have come while its signature was looked at.
    if (this.#isKnown(peer, record)) return 'duplicate'
    if (!this.#ofEach.take(peer)) return 'too-many'
    if (!this.#parts.known.add(peer, addresses, 'gossip')) return 'too-many'
    this.#newest.delete(peer)
    this.#newest.set(peer, record.seqNumber)
    const [oldest] = this.#newest.keys()
    if (this.#newest.size > REMEMBERED && oldest !== undefined) this.#newest.delete(oldest)
    return 'sound'
  }
}

interface News {
  readonly envelope: RecordEnvelope
  readonly record: PeerRecord
}

/** Undefined for bytes that are not the one encoding of such a record, of a key that names a peer. */
function readNews(bytes: Uint8Array): News | undefined {
  try {
    const envelope = RecordEnvelope.createFromProtobuf(bytes)
    const record = PeerRecord.createFromProtobuf(envelope.payload)
    const { peerId, multiaddrs, seqNumber } = record
    if (peerId.type !== 'Ed25519' || multiaddrs.length > ADDRESSES) return undefined
    const payload = new PeerRecord({ peerId, multiaddrs, seqNumber }).marshal()
    const { publicKey, payloadType, signature } = envelope
    const again = new RecordEnvelope({ publicKey, payloadType, payload, signature }).marshal()
    return equalBytes(payloadType, PeerRecord.CODEC) && equalBytes(again, bytes)
      ? { envelope, record }
      : undefined
  } catch {
    return undefined
  }
}
