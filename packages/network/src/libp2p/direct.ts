// Connections between two peers with nobody between them.
import type { Connection } from '@libp2p/interface'

/** Not through a relay. */
export function isDirect({ limits, status }: Connection): boolean {
  return status === 'open' && limits === undefined
}
