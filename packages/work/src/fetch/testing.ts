// A guarded fetch that may also reach one server on this machine: for tests and the local network of `npm start`. It is
// another function in another file, so that no setting of a daemon can turn one into the other.
import { isPublicAddress } from './address.ts'
import { type FetchOptions, fetchWithin, type GuardedFetch } from './fetch.ts'
import { PUBLIC_WEB } from './target.ts'

export interface TestAllowance {
  /** Servers of the test. */
  readonly servers: readonly { readonly address: string; readonly port: number }[]
  /** Ports that may be tried at public addresses too; what is refused then is refused for its address. */
  readonly ports?: readonly number[]
}

export function guardedFetchForTests(
  options: FetchOptions,
  { servers, ports = [] }: TestAllowance,
): GuardedFetch {
  return fetchWithin(
    {
      port: (protocol, port) =>
        PUBLIC_WEB.port(protocol, port) ||
        ports.includes(port) ||
        servers.some((server) => server.port === port),
      address: (address, port) =>
        isPublicAddress(address) ||
        servers.some((server) => server.address === address && server.port === port),
    },
    options,
  )
}
