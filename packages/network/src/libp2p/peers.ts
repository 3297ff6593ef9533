// Who is connected, and what each answers.
import type { Libp2p, PeerId } from '@libp2p/interface'
import type { Peer, Unsubscribe } from '../port.ts'
import { keyOf } from './keys.ts'
import type { Names } from './names.ts'
import type { NetworkPorts } from './ports.ts'

export class Peers {
  readonly #names: Names
  readonly #ports: NetworkPorts
  readonly #connected = new Map<string, Peer>()
  readonly #listeners = new Set<(peer: Peer) => void>()

  constructor(names: Names, ports: NetworkPorts) {
    this.#names = names
    this.#ports = ports
  }

  /** Before it runs. */
  attach(libp2p: Libp2p): void {
    libp2p.addEventListener('peer:connect', ({ detail }) => this.#connect(libp2p, detail))
    libp2p.addEventListener('peer:disconnect', ({ detail }) => {
      this.#connected.delete(detail.toString())
    })
    libp2p.addEventListener('peer:update', ({ detail: { peer } }) => this.#learn(peer.id, peer.protocols))
    for (const event of ['open', 'close'] as const)
      libp2p.addEventListener(`connection:${event}`, () =>
        this.#ports.count?.('network_connections_total', { event }),
      )
  }

  all(): readonly Peer[] {
    return [...this.#connected.values()]
  }

  onPeer(listener: (peer: Peer) => void): Unsubscribe {
    // A function of its own, so that one listener can be there twice.
    const one = (peer: Peer): void => listener(peer)
    this.#listeners.add(one)
    for (const peer of this.all()) one(peer)
    return () => {
      this.#listeners.delete(one)
    }
  }

  #connect(libp2p: Libp2p, id: PeerId): void {
    const key = keyOf(id)
    if (key === undefined) return
    const addresses = libp2p.getConnections(id).map(({ remoteAddr }) => remoteAddr.toString())
    this.#tell(id, { key, addresses, answers: [] })
    // Who was here before is known before it says so again.
    libp2p.peerStore.get(id).then(
      ({ protocols }) => this.#learn(id, protocols),
      () => undefined,
    )
  }

  #learn(id: PeerId, protocols: readonly string[]): void {
    const peer = this.#connected.get(id.toString())
    if (peer === undefined) return
    const answers = protocols
      .map((protocol) => this.#names.nameOf(protocol))
      .filter((name) => name !== undefined)
      .sort()
    if (answers.join() !== peer.answers.join()) this.#tell(id, { ...peer, answers })
  }

  #tell(id: PeerId, peer: Peer): void {
    this.#connected.set(id.toString(), peer)
    for (const listener of [...this.#listeners]) listener(peer)
  }
}
