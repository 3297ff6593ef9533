// Where a request may go: looked at for the first address and again for every redirect.
import { isIP } from 'node:net'
import { WorkError } from '../errors.ts'
import { isPublicAddress } from './address.ts'

/** Longer ones are attacks, or sessions that nobody else would see alike. */
const URL_CHARS = 2_048
const USUAL_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 }

/** What may be connected to. Production has one rule; tests have another one, for a server of their own. */
export interface Reach {
  readonly port: (protocol: string, port: number) => boolean
  readonly address: (address: string, port: number) => boolean
}

export const PUBLIC_WEB: Reach = {
  port: (protocol, port) => USUAL_PORTS[protocol] === port,
  address: isPublicAddress,
}

export interface Target {
  readonly url: URL
  readonly host: string
  readonly port: number
}

export function targetOf(text: string, base: URL | undefined, reach: Reach): Target {
  const url = text.length <= URL_CHARS && URL.canParse(text, base) ? new URL(text, base) : undefined
  if (url === undefined) throw refused(text.slice(0, URL_CHARS), 'it is no address of the web')
  const usual = USUAL_PORTS[url.protocol]
  if (usual === undefined) throw refused(url.href, 'only http and https are fetched')
  if (url.username !== '' || url.password !== '') throw refused(url.href, 'it carries a name or password')
  const port = url.port === '' ? usual : Number(url.port)
  if (!reach.port(url.protocol, port)) throw refused(url.href, `port ${port} is not that of the web`)
  // An address of IPv6 stands in brackets; a name may end with the dot of the root.
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '')
  if (host === '') throw refused(url.href, 'it names no host')
  return { url, host, port }
}

/** Resolves a name once. One address that is not public among several is one too many: somebody tries something. */
export async function addressOf(
  { url, host, port }: Target,
  resolve: (host: string) => Promise<readonly string[]>,
  reach: Reach,
): Promise<string> {
  const addresses = isIP(host) === 0 ? await resolve(host) : [host]
  const [first] = addresses
  if (first === undefined) throw new WorkError('fetch/failed', `${host} has no address.`, { host })
  const wrong = addresses.find((address) => !reach.address(address, port))
  if (wrong === undefined) return first
  throw refused(url.href, `${host} is at ${wrong}, which is not the public internet`)
}

export function refused(url: string, why: string): WorkError {
  return new WorkError('fetch/refused', `${url} is not fetched: ${why}.`, { url, why })
}
