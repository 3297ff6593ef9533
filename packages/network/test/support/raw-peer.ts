// A peer that speaks libp2p, and keeps to nothing else.
import { noise } from '@chainsafe/libp2p-noise'
import { yamux } from '@chainsafe/libp2p-yamux'
import { gossipsub, StrictNoSign } from '@libp2p/gossipsub'
import { identify } from '@libp2p/identify'
import { kadDHT, passthroughMapper } from '@libp2p/kad-dht'
import { ping } from '@libp2p/ping'
import { tcp } from '@libp2p/tcp'
import { lpStream } from '@libp2p/utils'
import { multiaddr } from '@multiformats/multiaddr'
import { u32le } from '@piecework/protocol'
import { createLibp2p } from 'libp2p'
import { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import { sha256 } from 'multiformats/hashes/sha2'
import { messageId } from '../../src/libp2p/message-id.ts'
import { Names } from '../../src/libp2p/names.ts'
import { NETWORK_ID } from './peers.ts'

export interface Reply {
  readonly what: 'answered' | 'refused' | 'busy' | 'unsupported' | 'broken'
  readonly sentence?: string
}

export interface Raw {
  readonly key: Uint8Array
  /** Sends these bytes to the hub, and nothing after them. */
  talk(protocol: string, bytes: Uint8Array): Promise<Reply>
  /** Answers all with these bytes, and ends. */
  answer(protocol: string, bytes: Uint8Array): Promise<void>
  /** Sent as soon as the hub listens. */
  publish(topic: string, bytes: Uint8Array): Promise<void>
  /** Tells the hub that this peer provides something that is no network. */
  putJunk(): Promise<void>
  stop(): Promise<void>
}

export async function rawPeer(address: string): Promise<Raw> {
  const libp2p = await createLibp2p({
    transports: [tcp()],
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    services: {
      identify: identify(),
      ping: ping(),
      pubsub: gossipsub({ globalSignaturePolicy: StrictNoSign, msgIdFn: messageId }),
      dht: kadDHT({
        protocol: new Names(NETWORK_ID, 8).dht,
        clientMode: false,
        peerInfoMapper: passthroughMapper,
      }),
    },
  })
  const { pubsub, dht } = libp2p.services
  const connection = await libp2p.dial(multiaddr(address))

  async function talk(protocol: string, bytes: Uint8Array): Promise<Reply> {
    const stream = await connection.newStream(protocol).catch(() => undefined)
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

  async function publish(topic: string, bytes: Uint8Array): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const look = (): void => {
      const speaks = connection.streams.some(
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

  async function putJunk(): Promise<void> {
    const cid = CID.createV1(raw.code, await sha256.digest(new TextEncoder().encode('junk')))
    // What it hears of it does not matter: the hub says what it did.
    for await (const _ of dht.provide(cid));
  }

  return {
    key: libp2p.peerId.publicKey?.raw ?? new Uint8Array(0),
    talk,
    answer: (protocol, bytes) =>
      libp2p.handle(protocol, async (stream) => {
        stream.send(bytes)
        await stream.close()
      }),
    publish,
    putJunk,
    stop: async () => libp2p.stop(),
  }
}
