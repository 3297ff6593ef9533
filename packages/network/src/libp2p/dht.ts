// The DHT of a network, with the bounds that kad-dht leaves open: what strangers ask and answer is short, and not too much.
import type { Stream, StreamHandler } from '@libp2p/interface'
import {
  type KadDHT,
  type KadDHTComponents,
  kadDHT,
  passthroughMapper,
  removePrivateAddressesMapper,
} from '@libp2p/kad-dht'
import type { Multiaddr } from '@multiformats/multiaddr'
import { NetworkError } from '../errors.ts'
import type { Count } from './counts.ts'
import { DHT_FOLDER } from './dht-records.ts'
import type { Names } from './names.ts'
import { takeOneMessage } from './one-message.ts'
import type { NetworkOptions } from './options.ts'
import type { Rate, Rates } from './rates.ts'

/** Who provides tells of its own addresses, which identify takes 8 KB of. */
const QUESTION_BYTES = 16_384
/** All hubs that are kept, with what is told of each. */
const ANSWER_BYTES = 1_048_576
/** Of the addresses of one peer in an answer: more than anybody dials. */
const TOLD_BYTES = 1024

/** Questions of one peer, one a stream. Who comes fills its table with some dozens, and looks again every two minutes. */
export const DHT_ASKED: Rate = { burst: 256, perSecond: 16 }
/** Of a verifier or whom the operator names. */
export const DHT_ASKED_BY_FRIENDS: Rate = { burst: 4096, perSecond: 256 }

/** Hubs provide again every two minutes. Who has not for so long is gone, and it is looked so often who that is. */
const PROVIDED_MS = 3_600_000
const LOOK_MS = 600_000

export interface DhtParts {
  readonly options: Pick<NetworkOptions, 'role' | 'preset'>
  readonly names: Names
  /** By peers, as libp2p writes them. */
  readonly dhtRates: Rates
  readonly count: Count | undefined
}

export function dhtOf(parts: DhtParts): (components: KadDHTComponents) => KadDHT {
  const { options, names } = parts
  const mapper = options.preset === 'local' ? passthroughMapper : removePrivateAddressesMapper
  const make = kadDHT({
    protocol: names.dht,
    clientMode: options.role === 'home',
    datastorePrefix: DHT_FOLDER,
    // Less than peers are remembered. Own records are renewed by discovery.ts.
    reprovide: { validity: PROVIDED_MS, interval: LOOK_MS, threshold: 0 },
    // Nothing is put by value: hubs are found as providers of the network's name.
    validators: { pk: refuseValue },
    peerInfoMapper: (peer) => ({ ...peer, multiaddrs: told(mapper(peer).multiaddrs) }),
  })
  return (components) => make(bounded(components, parts))
}

/** In the place of the default, which keeps public keys. */
function refuseValue(): never {
  throw new Error('values are not kept in this DHT')
}

function told(addresses: readonly Multiaddr[]): Multiaddr[] {
  let bytes = 0
  return addresses.filter((address) => {
    bytes += address.bytes.length
    return bytes <= TOLD_BYTES
  })
}

/** What kad-dht answers with and asks through; it has no option for either. */
function bounded(components: KadDHTComponents, parts: DhtParts): KadDHTComponents {
  const { registrar, connectionManager } = components
  return withOwn(components, {
    registrar: withOwn(registrar, {
      handle: (protocol, handler, options) => registrar.handle(protocol, asked(handler, parts), options),
    }),
    connectionManager: withOwn(connectionManager, {
      openStream: async (peer, protocols, options) => {
        const stream = await connectionManager.openStream(peer, protocols, options)
        short(stream, ANSWER_BYTES, parts)
        return stream
      },
    }),
  })
}

function asked(handler: StreamHandler, parts: DhtParts): StreamHandler {
  return (stream, connection) => {
    if (!parts.dhtRates.take(connection.remotePeer.toString())) {
      parts.count?.('network_over_rate_total', { what: 'dht' })
      stream.abort(new NetworkError('network/busy', 'It asks the DHT too often.'))
      return
    }
    short(stream, QUESTION_BYTES, parts)
    return handler(stream, connection)
  }
}

function short(stream: Stream, most: number, { count }: DhtParts): void {
  takeOneMessage(stream, most, () => count?.('network_dht_refused_total', { why: 'too-long' }))
}

/** The same, but for some of its properties. */
function withOwn<T extends object>(whole: T, own: Partial<T>): T {
  return new Proxy(whole, {
    get(target, name) {
      if (name in own) return Reflect.get(own, name)
      const value: unknown = Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}
