// Where the contract of the Network port is tried: homes and hubs in one process, in memory or over libp2p.
import type { Network } from '@piecework/network'
import { MemoryNetworks } from '@piecework/testkit'
import { libp2pNetwork, type NetworkOptions, type NetworkPorts } from '../../src/libp2p.ts'
import { NETWORK_ID, portsOf, secretOf } from './peers.ts'

export interface World {
  /** Started. All hubs are connected to each other. */
  hub(): Promise<Network>
  /** Started, and connected to all hubs that are there, but to no home. */
  home(): Promise<Network>
  /** Stops all. */
  end(): Promise<void>
}

export class MemoryWorld implements World {
  readonly networks: MemoryNetworks = new MemoryNetworks()
  readonly #hubs: Network[] = []
  readonly #homes: Network[] = []

  async hub(): Promise<Network> {
    const hub = this.networks.join(secretOf(this.#hubs.length))
    this.#hubs.push(hub)
    await hub.start()
    return hub
  }

  async home(): Promise<Network> {
    const home = this.networks.join(secretOf(100 + this.#homes.length))
    for (const other of this.#homes) this.networks.cut(other.self, home.self)
    this.#homes.push(home)
    await home.start()
    return home
  }

  async end(): Promise<void> {
    await Promise.all([...this.#homes, ...this.#hubs].map((network) => network.stop()))
  }
}

export class Libp2pWorld implements World {
  readonly #running: Network[] = []
  readonly #bootstrap: string[] = []
  #made = 0

  async hub(): Promise<Network> {
    const hub = await this.make({ role: 'hub', listen: ['/ip4/127.0.0.1/tcp/0'] })
    this.#bootstrap.push(...hub.addresses())
    return hub
  }

  home(): Promise<Network> {
    return this.make({ role: 'home', listen: [] })
  }

  async make(
    options: Pick<NetworkOptions, 'role' | 'listen'> & Partial<NetworkOptions>,
    ports: Partial<NetworkPorts> = {},
  ): Promise<Network> {
    const number = this.#made++
    const network = libp2pNetwork(
      {
        networkId: NETWORK_ID,
        secret: secretOf(number),
        bootstrap: [...this.#bootstrap],
        preset: 'local',
        ...options,
      },
      { ...portsOf(number), ...ports },
    )
    this.#running.push(network)
    await network.start()
    return network
  }

  async end(): Promise<void> {
    await Promise.all(this.#running.map((network) => network.stop()))
  }
}
