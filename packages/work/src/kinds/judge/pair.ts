// Which two items a task compares. Every pair is shown twice, with places swapped, so that who always takes the first
// one says nothing about the items.

export interface Pair {
  readonly first: number
  readonly second: number
}

/** Pair k of n items: each beside its next neighbour, then beside the one after that, and so on. */
export function pairOf(task: number, count: number): Pair {
  const pair = Math.floor(task / 2)
  const distance = 1 + (Math.floor(pair / count) % (count - 1))
  const one = pair % count
  const other = (one + distance) % count
  return task % 2 === 0 ? { first: one, second: other } : { first: other, second: one }
}
