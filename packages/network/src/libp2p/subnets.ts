// From which subnet a peer connects: what one customer of a provider has at least, and seldom more than one has.
import { BlockList, isIPv4, isIPv6 } from 'node:net'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'

/** An IPv4 /24. */
const V4_PARTS = 3
/** An IPv6 /56: three groups of 16 bits, and 8 bits of the fourth. */
const V6_GROUPS = 3
const V6_MORE_BITS = 8
/** The groups before an IPv4 address, as numbers. */
const MAPPED = '0,0,0,0,0,65535'

/** Undefined for what has no address of its own: who comes through a relay. */
export function subnetOf(address: Multiaddr): string | undefined {
  const host = hostOf(address)
  if (host === undefined) return undefined
  if (isIPv4(host)) return subnetOfV4(host)
  return isIPv6(host) ? subnetOfV6(host) : undefined
}

function hostOf(address: Multiaddr): string | undefined {
  if (isRelayed(address)) return undefined
  return address.getComponents().find(({ name }) => name === 'ip4' || name === 'ip6')?.value
}

export function isRelayed(address: Multiaddr): boolean {
  return address.getComponents().some(({ name }) => name === 'p2p-circuit')
}

/** The address itself, or of one through a relay what comes before: where the relay is, and its key if it is named. */
export function firstHop(address: Multiaddr): Multiaddr {
  // As parts, and not as text, in which a name can say anything.
  const parts = address.getComponents()
  const end = parts.findIndex(({ name }) => name === 'p2p-circuit')
  return end < 0 ? address : multiaddr(parts.slice(0, end))
}

/** Whom it says to be there: the last that it names. */
export function peerAt(address: Multiaddr): string | undefined {
  return address.getComponents().findLast(({ name }) => name === 'p2p')?.value
}

/** Those that the operator names: /ip4/192.0.2.0/ipcidr/24, or one address. */
export class NamedSubnets {
  readonly #all = new BlockList()

  /** Throws for a size that no subnet has. */
  constructor(names: readonly string[]) {
    for (const name of names) {
      const [, kind, host = '', , bits] = name.split('/')
      const family = kind === 'ip4' ? 'ipv4' : 'ipv6'
      if (bits === undefined) this.#all.addAddress(host, family)
      else this.#all.addSubnet(host, Number(bits), family)
    }
  }

  /** Not for who comes through a relay. */
  have(address: Multiaddr): boolean {
    const host = hostOf(address)
    return host !== undefined && this.#all.check(host, isIPv4(host) ? 'ipv4' : 'ipv6')
  }
}

function subnetOfV4(host: string): string {
  return `${host.split('.').slice(0, V4_PARTS).join('.')}.0/24`
}

function subnetOfV6(host: string): string {
  const groups = groupsOf(host)
  const [high = 0, low = 0] = groups.slice(-2)
  // IPv4 in the form of IPv6 is IPv4.
  if (groups.slice(0, -2).join() === MAPPED)
    return subnetOfV4([high >> 8, high & 255, low >> 8, low & 255].join('.'))
  const last = (groups[V6_GROUPS] ?? 0) >> V6_MORE_BITS
  return `${[...groups.slice(0, V6_GROUPS), last << V6_MORE_BITS].map((group) => group.toString(16)).join(':')}::/56`
}

/** The eight groups of an address that may be written short. */
function groupsOf(host: string): readonly number[] {
  const [front = '', back] = host.replace(/%.*$/, '').split('::')
  const numbers = (text: string): number[] =>
    text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16))
  const [first, rest] = [numbers(front), numbers(back ?? '')]
  const zeros = Math.max(0, 8 - first.length - rest.length)
  return [...first, ...new Array<number>(back === undefined ? 0 : zeros).fill(0), ...rest]
}
