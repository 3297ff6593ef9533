// The Network port over libp2p.
import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import type { Ed25519PrivateKey, Libp2p } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { keyFromSecret } from '@piecework/protocol'
import type { CID } from 'multiformats/cid'
import { NetworkError } from '../errors.ts'
import { askedOf, failures } from '../exchange.ts'
import type { Link, TakeLink } from '../link.ts'
import type { Network, Peer, Received, Unsubscribe, Until } from '../port.ts'
import type { Protocol } from '../protocols.ts'
import type { RuleId, Topic } from '../topics.ts'
import { Answerer } from './answerer.ts'
import { Asker } from './asker.ts'
import { Bans } from './bans.ts'
import { Denied } from './denied.ts'
import { DHT_ASKED, DHT_ASKED_BY_FRIENDS } from './dht.ts'
import { hubsOf } from './dht-records.ts'
import { toldDialable } from './dialable.ts'
import { Dials } from './dials.ts'
import { discover } from './discovery.ts'
import { directOf, keepFriends } from './friends.ts'
import { Gate } from './gate.ts'
import { Gossip } from './gossip.ts'
import { HubNews } from './hub-news.ts'
import { HubPlaces } from './hub-places.ts'
import { keepHubs, ruleOf } from './keep-hubs.ts'
import { keyOf, peerIdOf } from './keys.ts'
import { KnownHubs } from './known-hubs.ts'
import { listenOnLan } from './lan.ts'
import { Links } from './links.ts'
import { Names } from './names.ts'
import { makeNode, type Services } from './node.ts'
import { checkOptions, type NetworkOptions, PRESETS, peersIn, SHARDS } from './options.ts'
import { Peers } from './peers.ts'
import type { NetworkPorts } from './ports.ts'
import { Rates } from './rates.ts'
import { Reach } from './reach.ts'
import { RelayPlaces } from './relay-places.ts'

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
  readonly #known: KnownHubs
  readonly #bans: Bans
  readonly #gate: Gate
  readonly #dials: Dials
  readonly #relayPlaces: RelayPlaces
  readonly #hubPlaces: HubPlaces
  readonly #gossip: Gossip
  readonly #answerer: Answerer
  readonly #links: Links
  /** Whether the operator or the chain names this peer, as libp2p writes it. */
  readonly #isFriend: (peer: string) => boolean
  #asker: Asker | undefined
  #libp2p: Libp2p<Services> | undefined
  #started: Promise<void> | undefined
  #stopped: Promise<void> | undefined
  /** What runs beside: hubs are found and kept. */
  #running: readonly Promise<void>[] = []

  constructor(options: NetworkOptions, ports: NetworkPorts) {
    this.#options = options
    this.#ports = ports
    this.self = keyFromSecret(options.secret).publicKey
    this.#names = new Names(options.networkId, options.shards ?? SHARDS)
    const stopping = this.#stopping.signal
    const limits = PRESETS[options.preset]
    const { allow = [], deny = [], bootstrap } = options
    const allowed = peersIn(allow)
    const isFriend = (peer: string): boolean => {
      const key = keyOf(peerIdFromString(peer))
      return allowed.has(peer) || (key !== undefined && ports.isHub?.(key) === true)
    }
    this.#isFriend = isFriend
    this.#peers = new Peers(this.#names, ports)
    const denied = new Denied(deny)
    this.#known = new KnownHubs({
      ...limits,
      denied,
      isFriend,
      random: ports.random,
      wait: (milliseconds) => ports.time.wait(milliseconds, stopping),
      count: ports.count,
    })
    this.#bans = new Bans({ ports, stopping, trusted: new Set([...allowed, ...peersIn(bootstrap)]) })
    const { count } = ports
    this.#gate = new Gate({ limits, bans: this.#bans, denied, allow, isFriend, count })
    this.#dials = new Dials({ preset: options.preset, denied, bans: this.#bans, known: this.#known })
    this.#relayPlaces = new RelayPlaces({ limits, count })
    const self = peerIdOf(this.self).toString()
    this.#hubPlaces = new HubPlaces({ limits, isKept: (peer) => peer === self || isFriend(peer) })
    const parts = { names: this.#names, ports, stopping }
    this.#gossip = new Gossip({ ...parts, publishMs: limits.publishMs, bans: this.#bans, isFriend })
    this.#answerer = new Answerer({
      ...parts,
      isFriend: (key) => isFriend(peerIdOf(key).toString()),
      subnetsShare: limits.subnetsShare,
    })
    this.#links = new Links(this.#names, ports, stopping)
  }

  start(): Promise<void> {
    this.#started ??= this.#start()
    return this.#started
  }

  async #start(): Promise<void> {
    const options = this.#options
    const ports = this.#ports
    const names = this.#names
    const hubs = hubsOf(options.networkId)
    const stopping = this.#stopping.signal
    const privateKey = await generateKeyPairFromSeed('Ed25519', options.secret)
    const [gate, dials] = [this.#gate, this.#dials]
    const [relayPlaces, hubPlaces] = [this.#relayPlaces, this.#hubPlaces]
    const { count } = ports
    const dhtRates = new Rates({
      time: ports.time,
      stopping,
      rateOf: (peer) => (this.#isFriend(peer) ? DHT_ASKED_BY_FRIENDS : DHT_ASKED),
    })
    const parts = { options, privateKey, names, hubs, gate, dials, relayPlaces, hubPlaces, dhtRates, count }
    const libp2p = await makeNode(parts)
    this.#libp2p = libp2p
    this.#peers.attach(libp2p)
    this.#gate.attach(libp2p)
    this.#dials.attach(libp2p)
    this.#relayPlaces.attach(libp2p)
    this.#hubPlaces.attach(libp2p)
    this.#bans.onBan = (peer) => this.#hangUp(libp2p, peer)
    if (libp2p.services.lan !== undefined) listenOnLan(libp2p.services.lan, this.#known)
    await this.#answerer.attach(libp2p)
    await this.#links.attach(libp2p)
    await libp2p.start()
    this.#gossip.attach(libp2p.services.pubsub)
    const isFriend = (key: Uint8Array): boolean => this.#isFriend(peerIdOf(key).toString())
    const areFriends = (key: Uint8Array): boolean => this.#areVerifiers(key)
    this.#asker = new Asker({ libp2p, names, known: this.#known, ports, stopping, isFriend, areFriends })
    const reach = new Reach({ libp2p, options, ports })
    reach.attach()
    this.#running = this.#run({ libp2p, privateKey, hubs, reach })
  }

  #run({ libp2p, privateKey, hubs, reach }: Started): readonly Promise<void>[] {
    const { bootstrap, role, preset, hubs: kept, wants = [] } = this.#options
    const limits = PRESETS[preset]
    for (const address of bootstrap)
      this.#known.add(address.slice(address.lastIndexOf('/') + 1), [multiaddr(address)], 'bootstrap')
    const [known, ports, stopping] = [this.#known, this.#ports, this.#stopping.signal]
    const common = { libp2p, known, ports, limits, preset, stopping, isFriend: this.#isFriend }
    const answered = (): boolean =>
      wants.every((name) => this.peers().some(({ answers }) => answers.includes(name)))
    const [topic = ''] = this.#names.topics('hubs')
    const news = new HubNews({
      ...common,
      topic,
      gossip: this.#gossip,
      privateKey,
      // Others believe no names.
      addresses: () => toldDialable(reach.addresses(), preset),
    })
    const rule = ruleOf(role, kept ?? limits.hubs)
    return [
      keepHubs({ ...common, rule, answered, dht: this.#names.dht }),
      discover({ ...common, hubs, isReached: () => reach.isReached() }),
      news.run(),
      keepFriends({ ...common, direct: directOf(libp2p.services.pubsub) }),
    ]
  }

  /** Both this peer and that one. */
  #areVerifiers(key: Uint8Array): boolean {
    const { isHub } = this.#ports
    return isHub?.(this.self) === true && isHub(key)
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
    to: Uint8Array | Until,
  ): Promise<Answer> {
    if (this.#asker === undefined) throw failures.stopped(askedOf(protocol.name, to))
    return this.#asker.ask(protocol, question, to)
  }

  answer<Question, Answer>(
    protocol: Protocol<Question, Answer>,
    answer: (question: Question, from: Uint8Array) => Promise<Answer>,
  ): Unsubscribe {
    return this.#answerer.answer(protocol, answer)
  }

  openLink(peer: Uint8Array, wallMs: number): Promise<Link> {
    return this.#links.open(peer, wallMs)
  }

  takeLinks(take: TakeLink): Unsubscribe {
    return this.#links.take(take)
  }
}

interface Started {
  readonly libp2p: Libp2p<Services>
  readonly privateKey: Ed25519PrivateKey
  readonly hubs: CID
  readonly reach: Reach
}
