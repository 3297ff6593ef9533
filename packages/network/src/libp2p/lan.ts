// Hubs of this network on the local network, as they answer there. It is only their word that they are: whoever is
// dialled there has to prove its key.
import type { PeerDiscovery } from '@libp2p/interface'
import type { MulticastDNSComponents } from '@libp2p/mdns'
import { dialable } from './dialable.ts'
import type { KnownHubs } from './known-hubs.ts'
import type { Names } from './names.ts'
import type { NetworkOptions } from './options.ts'

/** Whoever comes home finds out within a minute, and nobody's radio stays awake for it. */
const ASKED_EACH_MS = 60_000

/** Of libp2p: finds peers, and says so. */
export type Lan = PeerDiscovery

export type MakeLan = (components: MulticastDNSComponents) => Lan

/** A home asks and tells nothing of itself; a hub answers. Loaded by those alone who are told to. */
export async function lan(names: Names, role: NetworkOptions['role']): Promise<MakeLan> {
  const { mdns } = await import('@libp2p/mdns')
  return mdns({ serviceTag: names.lan, interval: ASKED_EACH_MS, broadcast: role === 'hub' })
}

/** Before it runs. */
export function listenOnLan(service: Lan, known: KnownHubs): void {
  service.addEventListener('peer', ({ detail }) => {
    known.add(detail.id.toString(), dialable(detail.multiaddrs, 'local'), 'lan')
  })
}
