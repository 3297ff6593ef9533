// From single measurements to a node's score: the mean over its moments, divided among all that sit behind one address.
import ipaddr from 'ipaddr.js'

/** IPv6 is given out to homes in blocks of at least this: who has one has all its addresses. */
const HOME_BITS = 56
const BYTE_BITS = 8

/** In millionths. A moment at which the node was not there counts as nothing: steadiness is paid as well. */
export function meanScore(moments: readonly number[]): number {
  if (moments.length === 0) return 0
  return Math.floor(moments.reduce((sum, score) => sum + score, 0) / moments.length)
}

export interface ScoredNode {
  /** Where its link leads to, as the checker's connection has it. */
  readonly address: string
  readonly score: number
}

/** Each score in the order given. Many nodes on one link get together at most what its best one alone would. */
export function sharedScores(nodes: readonly ScoredNode[]): number[] {
  const there = Map.groupBy(
    nodes.filter(({ score }) => score > 0),
    ({ address }) => networkOf(address),
  )
  return nodes.map(({ address, score }) => {
    const sharers = there.get(networkOf(address))?.length ?? 1
    return Math.floor(score / sharers)
  })
}

/** The IPv4 address, also when it is written as an IPv6 one, or the /56; what is neither stands for itself. */
export function networkOf(address: string): string {
  const [bare = address] = address.split('%')
  if (!ipaddr.isValid(bare)) return address
  const parsed = ipaddr.process(bare)
  if (parsed instanceof ipaddr.IPv4) return parsed.toString()
  const kept = parsed.toByteArray().slice(0, HOME_BITS / BYTE_BITS)
  return `${Buffer.from(kept).toString('hex')}/${HOME_BITS}`
}
