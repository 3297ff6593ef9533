// What cheaters do, by name: how much they fake, and what they do when a fake is drawn.
import { PRICE } from './arena.ts'
import type { Choice, Reaction } from './cheater.ts'

export interface Extent {
  readonly name: string
  readonly fakes: Choice
  /** Cheaters of it for each one of the others: where fakes are rare, more are needed to see enough of them. */
  readonly weight: number
}

function share(part: number): Choice {
  return (_row, _value, random) => random.chance(part)
}

export const EXTENTS: readonly Extent[] = [
  { name: 'one row', fakes: (row) => row === 0, weight: 4 },
  { name: '1 %', fakes: share(0.01), weight: 8 },
  { name: '5 %', fakes: share(0.05), weight: 3 },
  { name: '20 %', fakes: share(0.2), weight: 2 },
  { name: '100 %', fakes: () => true, weight: 4 },
]

/** Without friends among the verifiers. */
export const ALONE: readonly Reaction[] = ['answers', 'silent', 'swaps', 'leaves']

/** With friends: whatever else they do, they answer no others. */
export const WITH_FRIENDS: readonly Reaction[] = ['friends', 'denounced']

/** Rows worth more than this are dear: many times the usual price. */
const DEAR_FROM: bigint = 10n * PRICE

export const ALL: Extent = { name: '100 %', fakes: () => true, weight: 1 }
export const DEAR_ONES: Extent = { name: 'dear rows', fakes: (_row, value) => value >= DEAR_FROM, weight: 1 }
export const CHEAP_ONES: Extent = { name: 'cheap rows', fakes: (_row, value) => value < DEAR_FROM, weight: 1 }
