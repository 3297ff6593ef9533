// Addresses at which others can dial a hub. In a public network those of somebody's own four walls are none.
import { isPrivate } from '@libp2p/utils'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { NetworkOptions } from './options.ts'

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
