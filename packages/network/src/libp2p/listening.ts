// Lets a hub listen on one more address while it runs, which libp2p keeps to its services.
import type { Multiaddr } from '@multiformats/multiaddr'

/** What listens on an address from then on. */
export interface Listening {
  listen(address: Multiaddr): Promise<void>
}

export function listening(components: {
  readonly transportManager: { listen(addresses: Multiaddr[]): Promise<void> }
}): Listening {
  return { listen: (address) => components.transportManager.listen([address]) }
}
