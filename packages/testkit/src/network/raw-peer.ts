// A peer that speaks libp2p, and keeps to nothing else.
import { createHash } from 'node:crypto'
import { noise } from '@chainsafe/libp2p-noise'
import { yamux } from '@chainsafe/libp2p-yamux'
import { type GossipSub, gossipsub, StrictNoSign } from '@libp2p/gossipsub'
import { type Identify, identify } from '@libp2p/identify'
import type { Connection, Libp2p, Stream, StreamHandler } from '@libp2p/interface'
import { type KadDHT, kadDHT, passthroughMapper } from '@libp2p/kad-dht'
import { type Ping, ping } from '@libp2p/ping'
import { tcp } from '@libp2p/tcp'
import { lpStream } from '@libp2p/utils'
import { multiaddr } from '@multiformats/multiaddr'
import { u32le } from '@piecework/protocol'
import { createLibp2p } from 'libp2p'
import { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import { sha256 } from 'multiformats/hashes/sha2'

/** The gossip that our peers speak. */
const GOSSIP = '/meshsub/1.2.0'

/** Until a dial counts as failed. */
const TRIES = 5

export interface Reply {
  readonly what: 'answered' | 'refused' | 'busy' | 'unsupported' | 'broken'
  readonly sentence?: string
}

export interface RawPeerOptions {
  /** Of the hub that it dials. */
  readonly address: string
  /** Before the names of the network's protocols of libp2p: who has another is not identified. */
  readonly prefix: string
  /** Protocol of the network's DHT. None: it neither serves it nor listens, so that many of them stay strangers to each other. */
  readonly dht?: string
  /** Says in gossip only what `gossip` is given: it has no gossipsub of its own. */
  readonly isMute?: boolean
}

type Services = {
  readonly identify: Identify
  readonly ping: Ping
  readonly dht?: KadDHT
  readonly pubsub?: GossipSub
}

export class RawPeer {
  readonly key: Uint8Array
  readonly #libp2p: Libp2p<Services>
  readonly #connection: Connection
  readonly #address: string

  private constructor(libp2p: Libp2p<Services>, connection: Connection, address: string) {
    this.#libp2p = libp2p
    this.#connection = connection
    this.#address = address
    this.key = libp2p.peerId.publicKey?.raw ?? new Uint8Array(0)
  }

  static async dial({ address, prefix, dht, isMute = false }: RawPeerOptions): Promise<RawPeer> {
    const libp2p = await createLibp2p<Services>({
      transports: [tcp()],
      addresses: { listen: dht === undefined ? [] : ['/ip4/127.0.0.1/tcp/0'] },
      connectionEncrypters: [noise()],
      streamMuxers: [yamux()],
      services: {
        identify: identify({ protocolPrefix: prefix }),
        ping: ping({ protocolPrefix: prefix }),
        ...(dht !== undefined && {
          dht: kadDHT({ protocol: dht, clientMode: false, peerInfoMapper: passthroughMapper }),
        }),
        ...(!isMute && {
          pubsub: gossipsub({
            globalSignaturePolicy: StrictNoSign,
            msgIdFn: ({ topic, data }) => nameOf(topic, data),
          }),
        }),
      },
    })
    // It hears all, and cares for nothing: who does not speak gossip would not be listened to.
    if (isMute) await libp2p.handle(GOSSIP, (stream) => stream.addEventListener('message', () => undefined))
    return new RawPeer(libp2p, await persistently(() => libp2p.dial(multiaddr(address))), address)
  }

  /** Whether the hub still talks with it. */
  get isConnected(): boolean {
    return this.#connection.status === 'open'
  }

  /** Its name as bytes: a multihash. */
  get id(): Uint8Array {
    return this.#libp2p.peerId.toMultihash().bytes
  }

  /** As libp2p writes its key. */
  get name(): string {
    return this.#libp2p.peerId.toString()
  }

  async hungUp(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#connection.addEventListener('close', () => resolve(), { once: true })
    if (this.isConnected) await promise
  }

  /** The same hub, or another: whether it is let in shows on the other side. */
  async dialAgain(address: string = this.#address): Promise<void> {
    await this.#libp2p.dial(multiaddr(address)).catch(() => undefined)
  }

  /** Sends these bytes to the hub, and nothing after them. */
  async talk(protocol: string, bytes: Uint8Array): Promise<Reply> {
    const stream = await this.#connection.newStream(protocol).catch(() => undefined)
    if (stream === undefined) return { what: 'unsupported' }
    const frames = lpStream(stream, {
      lengthEncoder: u32le,
      lengthDecoder: (data) => data.getUint32(0, true),
    })
    try {
      stream.send(bytes)
      const [what] = (await frames.read()).subarray()
      if (what === 2) return { what: 'busy' }
      const body = (await frames.read()).subarray()
      return what === 0 ? { what: 'answered' } : { what: 'refused', sentence: new TextDecoder().decode(body) }
    } catch {
      return { what: 'broken' }
    } finally {
      stream.abort(new Error('done'))
    }
  }

  /** Answers all with these bytes, and ends, or says nothing more; in the place of who answered before. */
  answer(
    protocol: string,
    bytes: Uint8Array,
    { isOpen = false }: { readonly isOpen?: boolean } = {},
  ): Promise<void> {
    const handler: StreamHandler = async (stream) => {
      stream.send(bytes)
      if (!isOpen) await stream.close()
    }
    return this.#libp2p.handle(protocol, handler, { force: true })
  }

  /** Sent as soon as the hub listens. */
  async publish(topic: string, bytes: Uint8Array): Promise<void> {
    const { pubsub } = this.#libp2p.services
    if (pubsub === undefined) throw new Error('it is mute')
    const { promise, resolve } = Promise.withResolvers<void>()
    const look = (): void => {
      const speaks = this.#connection.streams.some(
        ({ direction, protocol }) => direction === 'outbound' && protocol.startsWith('/meshsub/'),
      )
      if (speaks && pubsub.getSubscribers(topic).length > 0) resolve()
    }
    const events = ['subscription-change', 'gossipsub:heartbeat'] as const
    for (const event of events) pubsub.addEventListener(event, look)
    look()
    await promise
    for (const event of events) pubsub.removeEventListener(event, look)
    await pubsub.publish(topic, bytes)
  }

  /** A stream on which frames of gossip can be said as they are. */
  gossip(): Promise<RawStream> {
    return this.open(GOSSIP)
  }

  async open(protocol: string): Promise<RawStream> {
    return new RawStream(await this.#connection.newStream(protocol))
  }

  get #dht(): KadDHT {
    const { dht } = this.#libp2p.services
    if (dht === undefined) throw new Error('It was made without a DHT.')
    return dht
  }

  /** Tells the hub that this peer provides something that is no network. */
  async provide(name: Uint8Array): Promise<void> {
    // What it hears of it does not matter: the hub says what it did.
    for await (const _ of this.#dht.provide(await cidOf(name)));
  }

  /** How many peers the hub says to provide it. */
  async providers(name: Uint8Array): Promise<number> {
    let count = 0
    for await (const event of this.#dht.findProviders(await cidOf(name)))
      if (event.name === 'PEER_RESPONSE') count += event.providers.length
    return count
  }

  /** Asks the hub to keep a value. */
  async put(key: Uint8Array, value: Uint8Array): Promise<void> {
    for await (const _ of this.#dht.put(key, value));
  }

  /** Whether the hub has a value. */
  async has(key: Uint8Array): Promise<boolean> {
    for await (const event of this.#dht.get(key))
      if (event.name === 'PEER_RESPONSE' && event.record !== undefined) return true
    return false
  }

  async stop(): Promise<void> {
    await this.#libp2p.stop()
  }
}

/** A machine with too much to do lets the time of a handshake pass. */
async function persistently<T>(act: () => Promise<T>): Promise<T> {
  for (let left = TRIES; ; left--) {
    try {
      return await act()
    } catch (error) {
      if (left === 1) throw error
    }
  }
}

export class RawStream {
  readonly #stream: Stream

  constructor(stream: Stream) {
    this.#stream = stream
  }

  get isOpen(): boolean {
    return this.#stream.status === 'open'
  }

  /** Resolves when the other end has room for more; rejects when it has hung up. */
  async send(bytes: Uint8Array): Promise<void> {
    if (!this.#stream.send(bytes)) await this.#stream.onDrain()
  }

  /** The next bytes that come, or none when the other end has nothing more to say. */
  async next(): Promise<Uint8Array> {
    const { promise, resolve } = Promise.withResolvers<Uint8Array>()
    const none = new Uint8Array(0)
    this.#stream.addEventListener('message', ({ data }) => resolve(data.subarray()), { once: true })
    void this.ended().then(() => resolve(none))
    return promise
  }

  /** Takes nothing more of what comes: the other end has to wait. */
  pause(): void {
    this.#stream.pause()
  }

  /** Until the other end has nothing more to say, which is how it refuses what comes. */
  async ended(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    for (const event of ['remoteCloseWrite', 'close'] as const)
      this.#stream.addEventListener(event, () => resolve(), { once: true })
    if (!this.hasEnded) await promise
  }

  /** Until neither end can say anything more. */
  async closed(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#stream.addEventListener('close', () => resolve(), { once: true })
    if (this.isOpen) await promise
  }

  get hasEnded(): boolean {
    return !this.isOpen || this.#stream.remoteWriteStatus !== 'writable'
  }

  abort(): void {
    this.#stream.abort(new Error('done'))
  }
}

async function cidOf(name: Uint8Array): Promise<CID> {
  return CID.createV1(raw.code, await sha256.digest(name))
}

/** The same bytes may be said again on another topic. */
function nameOf(topic: string, data: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(topic).update(data).digest())
}
