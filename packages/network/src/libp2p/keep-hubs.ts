// Which hubs does this peer keep?
//
// A home keeps three (the preset's limits say why), of different subnets where it knows such. One of them is of its config,
// while some of those can be reached: all that others tell it of may belong to one attacker. The rest is by chance, so
// that the hubs share the homes. While nobody among them answers what it needs answered, it takes one more, and one more.
// A hub keeps all of its config, and others until it has dialled 32.
//
// Who goes is replaced at once; who can't be dialled is tried again after a pause, which grows.
import type { Connection, IdentifyResult, Libp2p, PeerId } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import { isDirect } from './direct.ts'
import type { Hub, KnownHubs } from './known-hubs.ts'
import type { NetworkOptions } from './options.ts'
import type { NetworkPorts } from './ports.ts'

/** However little those that it has answer, or however alike their subnets are: gossip tells six of what a home says. */
const HOME_MOST = 8
/** Verifiers are some dozens, and half of them dial the other half. */
const HUB_HUBS = 32

/** Who has not said by then what it answers is not waited for. */
const SAID_MS = 10_000
/** A connection that lasts so long makes up for those that failed before. */
const LASTS_MS = 60_000

export interface Rule {
  readonly hubs: number
  /** At most so many, where those that are kept are too alike. */
  readonly most: number
  readonly allOfConfig: boolean
}

/** `hubs`: how many a home keeps. */
export function ruleOf(role: NetworkOptions['role'], hubs: number): Rule {
  if (role === 'hub') return { hubs: HUB_HUBS, most: HUB_HUBS, allOfConfig: true }
  return { hubs, most: Math.max(hubs, HOME_MOST), allOfConfig: false }
}

export interface Kept {
  /** Hubs to which this peer has a connection that it dialled, or dials now. */
  readonly kept: readonly Hub[]
  /** Those that may be dialled: not connected, and not resting. */
  readonly free: readonly Hub[]
  /** Something that this peer needs is answered by none of them. */
  readonly lacks: boolean
}

/** The hubs of which one, whichever, is to be dialled next. None: those that are kept will do, or nobody is left. */
export function nextHubs({ kept, free, lacks }: Kept, { hubs, most, allOfConfig }: Rule): readonly Hub[] {
  const ofConfig = free.filter(({ source }) => source === 'bootstrap')
  const hasOfConfig = kept.some(({ source }) => source === 'bootstrap')
  if (ofConfig.length > 0 && (allOfConfig || !hasOfConfig)) return ofConfig
  if (kept.length >= most) return []
  const subnets = new Set(kept.flatMap(({ subnet }) => subnet ?? []))
  const elsewhere = free.filter(({ subnet }) => subnet === undefined || !subnets.has(subnet))
  if (kept.length < hubs) return elsewhere.length > 0 ? elsewhere : free
  if (subnets.size < hubs && elsewhere.length > 0) return elsewhere
  return lacks ? free : []
}

export interface KeepHubsParts {
  readonly libp2p: Pick<
    Libp2p,
    'peerId' | 'getConnections' | 'dial' | 'addEventListener' | 'removeEventListener'
  >
  readonly known: KnownHubs
  readonly rule: Rule
  /** Whether those who are connected answer all that this peer needs. */
  readonly answered: () => boolean
  /** Protocol that hubs alone speak. */
  readonly dht: string
  readonly ports: NetworkPorts
  readonly stopping: AbortSignal
}

/** Ends when all stops. */
export async function keepHubs(parts: KeepHubsParts): Promise<void> {
  const { libp2p, known, stopping } = parts
  const keeper = new Keeper(parts)
  const meet = ({ detail }: { readonly detail: IdentifyResult }): void => keeper.meet(detail)
  const greet = ({ detail }: { readonly detail: Connection }): void => keeper.greet(detail)
  const miss = ({ detail }: { readonly detail: PeerId }): void => keeper.miss(detail)
  known.onChange = () => keeper.look()
  libp2p.addEventListener('connection:open', greet)
  libp2p.addEventListener('peer:identify', meet)
  libp2p.addEventListener('peer:disconnect', miss)
  keeper.look()
  await new Promise<void>((end) => {
    if (stopping.aborted) end()
    stopping.addEventListener('abort', () => end())
  })
  libp2p.removeEventListener('connection:open', greet)
  libp2p.removeEventListener('peer:identify', meet)
  libp2p.removeEventListener('peer:disconnect', miss)
  await keeper.end()
}

class Keeper {
  readonly #parts: KeepHubsParts
  readonly #dialling = new Map<string, Promise<void>>()
  /** Connected peers that said what they answer, or had the time to. */
  readonly #met = new Set<string>()

  constructor(parts: KeepHubsParts) {
    this.#parts = parts
  }

  greet(connection: Connection): void {
    if (!isDialled(connection)) return
    const { known, ports, stopping } = this.#parts
    const peer = connection.remotePeer.toString()
    const after = (milliseconds: number, then: () => void): void => {
      void ports.time.wait(milliseconds, stopping).then(() => {
        if (!stopping.aborted && connection.status === 'open') then()
      })
    }
    after(SAID_MS, () => {
      this.#met.add(peer)
      this.look()
    })
    after(LASTS_MS, () => known.reached(peer))
  }

  meet({ connection, protocols }: IdentifyResult): void {
    const peer = connection.remotePeer.toString()
    this.#met.add(peer)
    const { known, dht } = this.#parts
    // It was dialled there, and is a hub.
    if (isDialled(connection) && protocols.includes(dht)) known.add(peer, [connection.remoteAddr], 'met')
    this.look()
  }

  /** Who goes may have to be let be for a moment: perhaps it hangs up on whoever comes. */
  miss(peer: PeerId): void {
    const name = peer.toString()
    this.#met.delete(name)
    this.#parts.known.failed(name)
    this.look()
  }

  /** Dials until there is nobody to be dialled. */
  look(): void {
    const { rule, ports, stopping } = this.#parts
    while (!stopping.aborted) {
      const next = nextHubs(this.#kept(), rule)
      const hub = next[Math.floor(ports.random() * next.length)]
      if (hub === undefined) return
      const dialling = this.#dial(hub).then(() => {
        this.#dialling.delete(hub.peer)
        this.look()
      })
      this.#dialling.set(hub.peer, dialling)
    }
  }

  async end(): Promise<void> {
    await Promise.all(this.#dialling.values())
  }

  #kept(): Kept {
    const { libp2p, known, answered } = this.#parts
    const connections = Map.groupBy(libp2p.getConnections(), ({ remotePeer }) => remotePeer.toString())
    const has = ({ peer }: Hub, is: (connection: Connection) => boolean): boolean =>
      connections.get(peer)?.some(is) === true
    const isDialling = ({ peer }: Hub): boolean => this.#dialling.has(peer)
    const all = known.all().filter(({ peer }) => peer !== libp2p.peerId.toString())
    const kept = all.filter((hub) => isDialling(hub) || has(hub, isDialled))
    const free = all.filter((hub) => !hub.rests && !isDialling(hub) && !has(hub, isDirect))
    // Whoever is dialled now, or has not said it yet, may answer what is lacking.
    return { kept, free, lacks: kept.every(({ peer }) => this.#met.has(peer)) && !answered() }
  }

  async #dial(hub: Hub): Promise<void> {
    const { libp2p, known, ports, stopping } = this.#parts
    const { peer, source } = hub
    try {
      await libp2p.dial(targetOf(hub), { signal: stopping })
      this.#dialled(hub)
    } catch (error) {
      if (stopping.aborted) return
      known.failed(peer)
      ports.count?.('network_dials_total', { source, outcome: 'failed' })
      ports.log?.debug('network-dial-failed', { peer, source, why: String(error) })
    }
  }

  /** Through a relay, or gone already: that hub is none to be kept, and not to be dialled again at once. */
  #dialled({ peer, source }: Hub): void {
    const { libp2p, known, ports } = this.#parts
    const isThere = libp2p.getConnections().some((one) => one.remotePeer.toString() === peer && isDirect(one))
    // Who hung up is missed already.
    if (!isThere && known.get(peer)?.rests === false) known.failed(peer)
    ports.count?.('network_dials_total', { source, outcome: isThere ? 'connected' : 'failed' })
  }
}

/** Somewhere that peer, and no other, must answer. */
function targetOf({ peer, addresses }: Hub): Multiaddr[] {
  return addresses.map((one) =>
    one.getComponents().some(({ name }) => name === 'p2p') ? one : one.encapsulate(`/p2p/${peer}`),
  )
}

function isDialled(connection: Connection): boolean {
  return isDirect(connection) && connection.direction === 'outbound'
}
