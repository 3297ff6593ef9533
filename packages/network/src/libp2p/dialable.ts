// Addresses at which others can dial a hub. In a public network those of somebody's own four walls are none.
import { isGlobalUnicast, isPrivate } from '@libp2p/utils'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { NetworkOptions } from './options.ts'
import { isRelayed, peerAt, subnetOf } from './subnets.ts'

export function dialable(
  addresses: readonly Multiaddr[],
  preset: NetworkOptions['preset'],
): readonly Multiaddr[] {
  return addresses.filter((address) => !isRelayed(address) && (preset === 'local' || !isPrivate(address)))
}

/** As others tell of them. In a public network without names, which may lead into anybody's own four walls: the config alone may have them. */
export function toldDialable(
  addresses: readonly Multiaddr[],
  preset: NetworkOptions['preset'],
): readonly Multiaddr[] {
  return dialable(addresses, preset).filter((address) => preset === 'local' || isPublic(address))
}

/** Of a machine of the internet, and no name. */
export function isPublic(address: Multiaddr): boolean {
  if (subnetOf(address) === undefined || isPrivate(address)) return false
  // Private IPv4 may be written as IPv6 in ways that libp2p takes for public: what means well has no such form.
  return address.getComponents().some(({ name }) => name === 'ip4') || isGlobalUnicast(address)
}

/** Where it is, without whom it names there. */
export function withoutPeer(address: Multiaddr): Multiaddr {
  const peer = peerAt(address)
  return peer === undefined ? address : address.decapsulate(`/p2p/${peer}`)
}
