// The hubs that a peer knows of, whoever told it: a bounded list, in which no subnet has more than a few places and who
// can't be dialled rests for longer each time.
import type { Multiaddr } from '@multiformats/multiaddr'
import type { Count } from './counts.ts'
import type { Denied } from './denied.ts'
import { subnetOf } from './subnets.ts'

/** Of which three are needed: by then something is wrong that more of them would not mend. */
const KNOWN = 256
/** One operator may have some; who has a whole subnet shall not be all that is known. */
const OF_A_SUBNET = 4
/** Dials that failed in a row: some minutes. Whoever is away for so long is let be for sixty of the longest pauses, and then forgotten. */
const FAILED = 10
const LONG_PAUSES = 60

/** bootstrap: in the config. dht, gossip: what others say. lan: answered on the local network. met: dialled before, and it was a hub. */
export type Source = 'bootstrap' | 'dht' | 'gossip' | 'lan' | 'met'

/** Whose word on addresses counts more: the operator's, what was tried, what the hub signed. */
const WEIGHT: Readonly<Record<Source, number>> = { bootstrap: 3, met: 2, gossip: 1, lan: 0, dht: 0 }

export interface Hub {
  /** As libp2p writes it. */
  readonly peer: string
  readonly source: Source
  readonly addresses: readonly Multiaddr[]
  /** Where it was dialled, or else of the first of its addresses that has one. A name in the config counts as one of its own. */
  readonly subnet: string | undefined
  /** Dials that failed since one did not. */
  readonly failed: number
  /** Not to be dialled now. */
  readonly rests: boolean
}

export interface KnownHubsParts {
  /** By it the operator keeps all friends at one address apart. */
  readonly subnetsShare: boolean
  readonly denied: Denied
  /** Whom the config or the chain names has a place, wherever it is. */
  readonly isFriend: (peer: string) => boolean
  readonly firstBackoffMs: number
  readonly longestBackoffMs: number
  readonly random: () => number
  readonly wait: (milliseconds: number) => Promise<void>
  readonly count: Count | undefined
}

export class KnownHubs {
  readonly #parts: KnownHubsParts
  readonly #hubs = new Map<string, Hub>()
  /** Met, and not gone since. */
  readonly #here = new Set<string>()
  /** Somebody is new, or may be dialled again. */
  onChange: () => void = () => {}

  constructor(parts: KnownHubsParts) {
    this.#parts = parts
  }

  all(): readonly Hub[] {
    return [...this.#hubs.values()]
  }

  get(peer: string): Hub | undefined {
    return this.#hubs.get(peer)
  }

  /** Whether a hub that is told to be there may be taken in. */
  hasPlace(peer: string, addresses: readonly Multiaddr[]): boolean {
    return this.#hasPlace(peer, subnetIn(addresses))
  }

  /** Those at which it may be dialled. */
  notDenied(peer: string, addresses: readonly Multiaddr[]): readonly Multiaddr[] {
    return this.#parts.denied.rest(peer, addresses)
  }

  /** False when there is no place for it, or nowhere to dial it. */
  add(peer: string, told: readonly Multiaddr[], source: Source): boolean {
    const addresses = this.notDenied(peer, told)
    if (addresses.length === 0) return false
    const known = this.#hubs.get(peer)
    const hub = known === undefined ? newHub(peer, addresses, source) : moved(known, addresses, source)
    const stays = known !== undefined && known.subnet === hub.subnet
    if (source !== 'bootstrap' && !stays && !this.#hasPlace(peer, hub.subnet)) {
      this.#parts.count?.('network_hubs_total', { source, event: 'refused' })
      // It was told to be elsewhere, and is not.
      if (source === 'met') this.#forget(peer, 'full')
      return false
    }
    this.#hubs.set(peer, hub)
    if (source === 'met') this.#here.add(peer)
    if (known === undefined) this.#learned(hub)
    // Who was away for long and says that it is back is tried again.
    else if (source === 'gossip' && isAway(known)) {
      this.reached(peer)
      this.#rested(peer)
    }
    return true
  }

  #learned({ peer, source }: Hub): void {
    this.#parts.count?.('network_hubs_total', { source, event: 'learned' })
    if (this.#hubs.size > KNOWN) this.#forgetOne(peer)
    this.onChange()
  }

  #hasPlace(peer: string, subnet: string | undefined): boolean {
    const { subnetsShare, isFriend } = this.#parts
    if (!subnetsShare || this.#hubs.get(peer)?.source === 'bootstrap' || isFriend(peer)) return true
    if (subnet === undefined) return false
    const others = this.all().filter((hub) => hub.peer !== peer && hub.subnet === subnet)
    return others.length < OF_A_SUBNET
  }

  /** Who failed most, or else anyone by chance: who tells of many moves nobody out who is in the config, or was dialled and is here. */
  #forgetOne(newest: string): void {
    const free = this.all().filter(
      ({ peer, source }) => source !== 'bootstrap' && !this.#here.has(peer) && peer !== newest,
    )
    const most = Math.max(...free.map(({ failed }) => failed))
    const worst = free.filter(({ failed }) => failed === most)
    const one = worst[Math.floor(this.#parts.random() * worst.length)]
    this.#forget(one?.peer ?? newest, 'full')
  }

  #forget(peer: string, why: 'full' | 'gone'): void {
    const source = this.#hubs.get(peer)?.source
    this.#here.delete(peer)
    if (!this.#hubs.delete(peer) || source === undefined) return
    this.#parts.count?.('network_hubs_total', { source, event: why })
  }

  /** For long enough: who lets itself be dialled and hangs up was not. */
  reached(peer: string): void {
    const hub = this.#hubs.get(peer)
    if (hub !== undefined) this.#hubs.set(peer, { ...hub, failed: 0 })
  }

  /** It rests for twice as long each time, and by chance up to half less: a hub that comes back does not meet all at once. */
  failed(peer: string): void {
    this.#here.delete(peer)
    const hub = this.#hubs.get(peer)
    if (hub === undefined) return
    const failed = hub.failed + 1
    this.#hubs.set(peer, { ...hub, failed, rests: true })
    const isGone = isAway(this.#hubs.get(peer))
    const { firstBackoffMs, longestBackoffMs, random, wait } = this.#parts
    const longest = Math.min(longestBackoffMs, firstBackoffMs * 2 ** Math.min(failed - 1, 16))
    const pause = isGone ? LONG_PAUSES * longestBackoffMs : longest * (1 - random() / 2)
    void wait(pause).then(() => this.#rested(peer))
  }

  #rested(peer: string): void {
    const hub = this.#hubs.get(peer)
    if (hub === undefined) return
    if (isAway(hub)) this.#forget(peer, 'gone')
    else this.#hubs.set(peer, { ...hub, rests: false })
    this.onChange()
  }
}

/** So long that it is let be. Those of the config are tried without end. */
function isAway(hub: Hub | undefined): boolean {
  return hub !== undefined && hub.failed >= FAILED && hub.source !== 'bootstrap'
}

function newHub(peer: string, addresses: readonly Multiaddr[], source: Source): Hub {
  const name = source === 'bootstrap' ? addresses[0]?.getComponents()[0]?.value : undefined
  return { peer, source, addresses, subnet: subnetIn(addresses) ?? name, failed: 0, rests: false }
}

/** What a hub signed may be newer than where it was met; else the weightier source says where it is. */
function moved(known: Hub, told: readonly Multiaddr[], source: Source): Hub {
  // Where a connection ends is no matter of words.
  const dialled = source === 'met' ? { ...known, subnet: subnetIn(told) ?? known.subnet } : known
  const isConfig = known.source === 'bootstrap'
  const counts = WEIGHT[source] >= WEIGHT[known.source] || (source === 'gossip' && !isConfig)
  if (!counts) return dialled
  const from = WEIGHT[source] > WEIGHT[known.source] ? source : known.source
  if (isConfig) return { ...dialled, addresses: [...known.addresses, ...told] }
  const subnet = from === 'met' ? dialled.subnet : subnetIn(told)
  return { ...dialled, source: from, addresses: told, subnet }
}

function subnetIn(addresses: readonly Multiaddr[]): string | undefined {
  for (const address of addresses) {
    const subnet = subnetOf(address)
    if (subnet !== undefined) return subnet
  }
  return undefined
}
