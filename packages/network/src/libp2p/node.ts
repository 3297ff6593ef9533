// The libp2p node of a home or a hub: what it speaks, and how much of it.
import { noise } from '@chainsafe/libp2p-noise'
import { yamux } from '@chainsafe/libp2p-yamux'
import { type CircuitRelayService, circuitRelayServer, circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import { type GossipSub, gossipsub, StrictNoSign } from '@libp2p/gossipsub'
import { type Identify, type IdentifyPush, identify, identifyPush } from '@libp2p/identify'
import type { Libp2p, PrivateKey } from '@libp2p/interface'
import { FaultTolerance } from '@libp2p/interface'
import type { KadDHT } from '@libp2p/kad-dht'
import { type Ping, ping } from '@libp2p/ping'
import { tcp } from '@libp2p/tcp'
import { webSockets } from '@libp2p/websockets'
import { createLibp2p, type Libp2pOptions } from 'libp2p'
import type { CID } from 'multiformats/cid'
import { GOSSIP_BYTES } from '../limits.ts'
import { type DhtParts, dhtOf } from './dht.ts'
import { DhtRecords } from './dht-records.ts'
import type { Dials } from './dials.ts'
import { type Gate, RELAYED } from './gate.ts'
import type { HubPlaces } from './hub-places.ts'
import { type Lan, lan } from './lan.ts'
import { type Listening, listening } from './listening.ts'
import { messageId } from './message-id.ts'
import { NETWORK_TOPICS } from './names.ts'
import { MOST_SHARDS, type NetworkOptions, PRESETS, subnetsIn } from './options.ts'
import { RELAY_PLACES, type RelayPlaces } from './relay-places.ts'
import { scoresOf } from './scores.ts'

/**
 * The same bytes are the same message for so long: judges know duplicates themselves. A hub forgets when it no longer
 * tells others of them; then what came too early can come again. A home may have to try at once.
 */
const SEEN_MS = { hub: 3000, home: 500 } as const
/**
 * Streams that a peer opens before this side is done with its greeting: all questions that it may ask at once, and those of
 * libp2p. With more of them the connection ends, and libp2p's ten are what a busy machine sees of an honest peer.
 */
const EARLY_STREAMS = 64
/** Messages that travel together in answer to a peer that missed them. */
const GOSSIP_BUNDLE_BYTES: number = 8 * GOSSIP_BYTES
/** Beside those that the gate shares: to hubs that are dialled. */
const DIALLED = 128
/** Through a relay go a checker's question and an answer of openings, and not a stream of them. */
const RELAYED_BYTES = 33_554_432n
const RELAYED_MS = 300_000

export type Services = {
  readonly identify: Identify
  readonly identifyPush: IdentifyPush
  readonly ping: Ping
  readonly pubsub: GossipSub
  readonly dht: KadDHT
  readonly listening: Listening
  readonly relay?: CircuitRelayService
  readonly autonat?: unknown
  readonly lan?: Lan
}

export interface NodeParts extends DhtParts {
  readonly options: NetworkOptions
  /** Of the options' secret. */
  readonly privateKey: PrivateKey
  readonly hubs: CID
  readonly gate: Gate
  readonly dials: Dials
  readonly relayPlaces: RelayPlaces
  readonly hubPlaces: HubPlaces
}

export async function makeNode(parts: NodeParts): Promise<Libp2p<Services>> {
  const { options, privateKey } = parts
  const isHub = options.role === 'hub'
  const addresses = {
    listen: isHub ? [...options.listen] : ['/p2p-circuit'],
    announce: [...(options.announce ?? [])],
  }
  return createLibp2p<Services>({
    start: false,
    privateKey,
    addresses,
    transports: [tcp(), webSockets(), circuitRelayTransport()],
    // A home without a relay is a home all the same.
    transportManager: { faultTolerance: isHub ? FaultTolerance.FATAL_ALL : FaultTolerance.NO_FATAL },
    connectionEncrypters: [noise()],
    streamMuxers: [yamux({ maxEarlyStreams: EARLY_STREAMS })],
    connectionManager: connectionsOf(parts),
    connectionGater: {
      denyDialPeer: (peer) => parts.dials.denyPeer(peer),
      denyDialMultiaddr: (address) => parts.dials.denyAddress(address),
      denyInboundConnection: (connection) => parts.gate.denyInboundConnection(connection),
      denyInboundUpgradedConnection: (_, connection) => parts.gate.arrived(connection),
      denyInboundRelayReservation: (peer) => parts.relayPlaces.deny(peer),
      denyInboundEncryptedConnection: (peer) => parts.gate.denyEncryptedConnection(peer),
      denyOutboundEncryptedConnection: (peer) => parts.gate.denyEncryptedConnection(peer),
    },
    datastore: new DhtRecords(parts),
    services: { ...servicesOf(parts), ...(await furtherOf(parts)) },
  })
}

function connectionsOf({ options, dials }: NodeParts): NonNullable<Libp2pOptions['connectionManager']> {
  const { preset, allow = [] } = options
  const { connections, pendingConnections, connectionsPerAddress } = PRESETS[preset]
  return {
    // The gate shares the places, so that these are the last word only over who fills them from many subnets.
    maxConnections: connections + DIALLED + 2 * RELAYED,
    maxIncomingPendingConnections: 2 * pendingConnections,
    inboundConnectionThreshold: connectionsPerAddress,
    allow: subnetsIn(allow),
    resolvers: { dnsaddr: dials.resolver },
    // Hubs are dialled again by keep-hubs.ts.
    reconnectRetries: 0,
  }
}

type Making = NonNullable<Libp2pOptions<Services>['services']>

/** What not everybody runs, loaded by who does: a home on a small machine is spared the rest. */
async function furtherOf({ options, names }: NodeParts): Promise<Partial<Making>> {
  const isHub = options.role === 'hub'
  const { autoNATv2 } = isHub ? await import('@libp2p/autonat-v2') : {}
  return {
    ...(isHub && { relay: relayOf() }),
    ...(autoNATv2 !== undefined && { autonat: autoNATv2({ protocolPrefix: names.prefix }) }),
    ...(options.mdns === true && { lan: await lan(names, options.role) }),
  }
}

function servicesOf(parts: NodeParts): Making {
  const { options, names } = parts
  const { role } = options
  const protocolPrefix = names.prefix
  const topics = NETWORK_TOPICS.flatMap((topic) => names.topics(topic))
  return {
    identify: identify({ protocolPrefix }),
    identifyPush: identifyPush({ protocolPrefix }),
    ping: ping({ protocolPrefix }),
    pubsub: gossipsub({
      globalSignaturePolicy: StrictNoSign,
      msgIdFn: messageId,
      emitSelf: false,
      floodPublish: false,
      seenTTL: SEEN_MS[role],
      allowedTopics: topics,
      maxInboundDataLength: GOSSIP_BUNDLE_BYTES,
      // What a slow peer has not taken is not sent to it, and others may.
      maxOutboundBufferSize: GOSSIP_BUNDLE_BYTES,
      decodeRpcLimits: {
        maxSubscriptions: 2 * MOST_SHARDS,
        maxMessages: 1024,
        maxControlMessages: 1024,
        maxIhaveMessageIDs: 5000,
        maxIwantMessageIDs: 5000,
        maxIdontwantMessageIDs: 512,
        maxPeerInfos: 16,
      },
      ...scoresOf(topics),
    }),
    dht: dhtOf(parts),
    listening,
  }
}

function relayOf(): ReturnType<typeof circuitRelayServer> {
  return circuitRelayServer({
    reservations: {
      maxReservations: RELAY_PLACES,
      defaultDataLimit: RELAYED_BYTES,
      defaultDurationLimit: RELAYED_MS,
    },
  })
}
