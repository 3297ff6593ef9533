// Bradley and Terry (1952): how strong each item is, from pairs of which one was found better. The iteration of Zermelo
// (1929) needs + * / alone, in one order and so many turns: every verifier gets the same bits.

/** Turns of estimating: enough that no pair of the crowds that were tried changes its side. */
const TURNS = 100
/**
 * Each item also won and lost so much against one of middling strength: without it, what was never beaten is infinitely
 * strong.
 */
const DRAWN = 0.5

export interface Won {
  readonly winner: number
  readonly loser: number
  /** Of the vote, more than nothing. */
  readonly weight: number
}

/** A strength above nothing for each item; a beats b with strength a / (a + b). The middling item has one. */
export function bradleyTerry(items: number, games: readonly Won[]): Float64Array {
  const pairs = pairsOf(items, games)
  const wins = new Float64Array(items).fill(DRAWN)
  for (const { winner, weight } of games) wins[winner] = (wins[winner] ?? 0) + weight
  let strengths = new Float64Array(items).fill(1)
  for (let turn = 0; turn < TURNS; turn++) strengths = better({ pairs, wins, strengths })
  return strengths
}

interface Pair {
  readonly a: number
  readonly b: number
  readonly weight: number
}

/** Ascending, whatever the order of the games; the weights of a pair are added up in the order given. */
function pairsOf(items: number, games: readonly Won[]): readonly Pair[] {
  const weights = new Map<number, number>()
  for (const { winner, loser, weight } of games) {
    const key = Math.min(winner, loser) * items + Math.max(winner, loser)
    weights.set(key, (weights.get(key) ?? 0) + weight)
  }
  return [...weights]
    .sort(([one], [other]) => one - other)
    .map(([key, weight]) => ({ a: Math.floor(key / items), b: key % items, weight }))
}

interface Turn {
  readonly pairs: readonly Pair[]
  readonly wins: Float64Array
  readonly strengths: Float64Array
}

function better({ pairs, wins, strengths }: Turn): Float64Array<ArrayBuffer> {
  const met = Float64Array.from(strengths, (strength) => (2 * DRAWN) / (strength + 1))
  for (const { a, b, weight } of pairs) {
    const each = weight / ((strengths[a] ?? 1) + (strengths[b] ?? 1))
    met[a] = (met[a] ?? 0) + each
    met[b] = (met[b] ?? 0) + each
  }
  return Float64Array.from(wins, (won, item) => won / (met[item] ?? 1))
}
