// Whether others can dial this hub. AutoNAT asks hubs to try it; addresses that nobody reached are not told to others.
// A hub that has none serves no DHT, calls itself no hub, and keeps places at relays like a home.
import type { Libp2p } from '@libp2p/interface'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { dialable } from './dialable.ts'
import type { Services } from './node.ts'
import type { NetworkOptions } from './options.ts'
import type { NetworkPorts } from './ports.ts'

export interface ReachParts {
  readonly libp2p: Libp2p<Services>
  readonly options: Pick<NetworkOptions, 'role' | 'preset'>
  readonly ports: Pick<NetworkPorts, 'log' | 'count'>
}

export class Reach {
  readonly #parts: ReachParts
  #isRelayed = false
  #was: boolean | undefined
  /** One change after the other. */
  #changing: Promise<void> = Promise.resolve()

  constructor(parts: ReachParts) {
    this.#parts = parts
  }

  /** Where others can dial it: nowhere for a home. */
  addresses(): readonly Multiaddr[] {
    const { libp2p, options } = this.#parts
    return options.role === 'hub' ? dialable(libp2p.getMultiaddrs(), options.preset) : []
  }

  isReached(): boolean {
    return this.addresses().length > 0
  }

  /** Once it runs. */
  attach(): void {
    const { libp2p, options } = this.#parts
    if (options.role === 'home') return
    libp2p.addEventListener('self:peer:update', () => this.#look())
    this.#look()
  }

  #look(): void {
    this.#changing = this.#changing
      .then(() => this.#change())
      .catch((error) => this.#parts.ports.log?.warn('network-reach-failed', { why: String(error) }))
  }

  async #change(): Promise<void> {
    const { libp2p, ports } = this.#parts
    const isReached = this.isReached()
    if (libp2p.status !== 'started' || this.#was === isReached) return
    this.#was = isReached
    ports.count?.('network_reach_total', { others: isReached ? 'dial it' : 'do not' })
    await libp2p.services.dht.setMode(isReached ? 'server' : 'client')
    if (isReached || this.#isRelayed) return
    // It stays: places at relays that are not needed do no harm.
    this.#isRelayed = true
    await libp2p.services.listening.listen(multiaddr('/p2p-circuit'))
  }
}
