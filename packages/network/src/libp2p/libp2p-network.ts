// The Network port over libp2p.
import type { Libp2p } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { keyFromSecret } from '@piecework/protocol'
import { NetworkError } from '../errors.ts'
import { failures } from '../exchange.ts'
import type { Network, Peer, Received, Unsubscribe } from '../port.ts'
import type { Protocol } from '../protocols.ts'
import type { RuleId, Topic } from '../topics.ts'
import { Answerer } from './answerer.ts'
import { Asker } from './asker.ts'
import { Bans } from './bans.ts'
import { stayConnected } from './bootstrap.ts'
import { hubsOf } from './dht-records.ts'
import { discover } from './discovery.ts'
import { directOf, keepFriends } from './friends.ts'
import { Gate } from './gate.ts'
import { Gossip } from './gossip.ts'
import { Names } from './names.ts'
import { makeNode, type Services } from './node.ts'
import { checkOptions, type NetworkOptions, PRESETS, peersIn, SHARDS } from './options.ts'
import { Peers } from './peers.ts'
import type { NetworkPorts } from './ports.ts'

/** A home or a hub that does nothing yet. */
export function libp2pNetwork(options: NetworkOptions, ports: NetworkPorts): Network {
  checkOptions(options)
  return new Libp2pNetwork(options, ports)
}

class Libp2pNetwork implements Network {
  readonly self: Uint8Array
  readonly #options: NetworkOptions
  readonly #ports: NetworkPorts
  readonly #names: Names
  readonly #stopping = new AbortController()
  readonly #peers: Peers
  readonly #bans: Bans
  readonly #gate: Gate
  readonly #gossip: Gossip
  readonly #answerer: Answerer
  #asker: Asker | undefined
  #libp2p: Libp2p<Services> | undefined
  #started: Promise<void> | undefined
  #stopped: Promise<void> | undefined
  /** What runs beside: bootstrap and discovery. */
  #running: readonly Promise<void>[] = []

  constructor(options: NetworkOptions, ports: NetworkPorts) {
    this.#options = options
    this.#ports = ports
    this.self = keyFromSecret(options.secret).publicKey
    this.#names = new Names(options.networkId, options.shards ?? SHARDS)
    const stopping = this.#stopping.signal
    const { publishMs } = PRESETS[options.preset]
    this.#peers = new Peers(this.#names, ports)
    const { allow = [], deny = [], bootstrap } = options
    this.#bans = new Bans({ ports, stopping, trusted: peersIn([...allow, ...bootstrap]) })
    this.#gate = new Gate({
      limits: PRESETS[options.preset],
      bans: this.#bans,
      denied: peersIn(deny),
      count: ports.count,
    })
    this.#gossip = new Gossip({ names: this.#names, ports, stopping, publishMs, bans: this.#bans })
    this.#answerer = new Answerer(this.#names, ports, stopping)
  }

  start(): Promise<void> {
    this.#started ??= this.#start()
    return this.#started
  }

  async #start(): Promise<void> {
    const options = this.#options
    const ports = this.#ports
    const hubs = hubsOf(options.networkId)
    const stopping = this.#stopping.signal
    const libp2p = await makeNode({
      options,
      names: this.#names,
      hubs,
      gate: this.#gate,
      count: ports.count,
    })
    this.#libp2p = libp2p
    this.#peers.attach(libp2p)
    this.#gate.attach(libp2p)
    this.#bans.onBan = (peer) => this.#hangUp(libp2p, peer)
    await this.#answerer.attach(libp2p)
    await libp2p.start()
    this.#gossip.attach(libp2p.services.pubsub)
    this.#asker = new Asker({ libp2p, names: this.#names, ports, stopping })
    const limits = PRESETS[options.preset]
    this.#running = [
      ...options.bootstrap.map((address) => stayConnected(address, { libp2p, ports, limits, stopping })),
      keepFriends({
        libp2p,
        direct: directOf(libp2p.services.pubsub),
        ports,
        allowed: peersIn(options.allow ?? []),
        stopping,
      }),
      discover({ libp2p, hubs, role: options.role, ports, limits, stopping }),
    ]
  }

  #hangUp(libp2p: Libp2p, peer: string): void {
    for (const connection of libp2p.getConnections(peerIdFromString(peer)))
      connection.abort(new NetworkError('network/refused', 'Three of its messages were rejected.'))
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop()
    return this.#stopped
  }

  async #stop(): Promise<void> {
    // What failed to start is stopped all the same; start itself said why.
    await this.#started?.catch(() => undefined)
    this.#stopping.abort()
    await Promise.all(this.#running)
    await this.#libp2p?.stop()
  }

  addresses(): readonly string[] {
    return (this.#libp2p?.getMultiaddrs() ?? []).map((address) => address.toString())
  }

  peers(): readonly Peer[] {
    return this.#peers.all()
  }

  onPeer(listener: (peer: Peer) => void): Unsubscribe {
    return this.#peers.onPeer(listener)
  }

  publish(topic: Topic, message: Uint8Array): Promise<void> {
    return this.#gossip.publish(topic, message)
  }

  subscribe(topic: Topic, judge: (message: Received) => Promise<RuleId>): Unsubscribe {
    return this.#gossip.subscribe(topic, judge)
  }

  async ask<Question, Answer>(
    protocol: Protocol<Question, Answer>,
    question: Question,
    peer: Uint8Array,
  ): Promise<Answer> {
    if (this.#asker === undefined) throw failures.stopped({ protocol: protocol.name, peer })
    return this.#asker.ask(protocol, question, peer)
  }

  answer<Question, Answer>(
    protocol: Protocol<Question, Answer>,
    answer: (question: Question, from: Uint8Array) => Promise<Answer>,
  ): Unsubscribe {
    return this.#answerer.answer(protocol, answer)
  }
}
