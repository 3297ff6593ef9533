// Addresses at which others can dial a hub. In a public network those of somebody's own four walls are none.
import { isPrivate } from '@libp2p/utils'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { NetworkOptions } from './options.ts'
import { subnetOf } from './subnets.ts'

export function dialable(
  addresses: readonly Multiaddr[],
  preset: NetworkOptions['preset'],
): readonly Multiaddr[] {
  return addresses.filter(
    (address) =>
      !address.getComponents().some(({ name }) => name === 'p2p-circuit') &&
      (preset === 'local' || !isPrivate(address)),
  )
}

/** As others tell of them. In a public network without names, which may lead into anybody's own four walls: the config alone may have them. */
export function toldDialable(
  addresses: readonly Multiaddr[],
  preset: NetworkOptions['preset'],
): readonly Multiaddr[] {
  return dialable(addresses, preset).filter(
    (address) => preset === 'local' || subnetOf(address) !== undefined,
  )
}
