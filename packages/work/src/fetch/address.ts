// Which addresses are the public internet. Everything else could be the contributor's own machine or network.
import ipaddr from 'ipaddr.js'

/** 2000::/3: the only part of IPv6 that is given out. What embeds an IPv4 address in another way lies outside of it. */
const GIVEN_OUT = ipaddr.IPv6.parse('2000::')
const GIVEN_OUT_BITS = 3
/** ISATAP puts an IPv4 address behind these four bytes of any prefix. */
const ISATAP: readonly string[] = ['0:5efe', '200:5efe']

export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text) || text.includes('%')) return false
  const address = ipaddr.parse(text)
  if (address.range() !== 'unicast') return false
  if (address instanceof ipaddr.IPv4) return true
  const [, , , , first = 0, second = 0] = address.parts
  const interfaceId = `${first.toString(16)}:${second.toString(16)}`
  return address.match(GIVEN_OUT, GIVEN_OUT_BITS) && !ISATAP.includes(interfaceId)
}

export function sameAddress(a: string, b: string | undefined): boolean {
  if (b === undefined || !ipaddr.isValid(a) || !ipaddr.isValid(b)) return false
  return ipaddr.process(a).toNormalizedString() === ipaddr.process(b).toNormalizedString()
}
