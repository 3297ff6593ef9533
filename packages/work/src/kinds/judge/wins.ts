// What a job of pairs remembers: how often each item was found better than each other, a record for each pair met.
import { readU32, writeU32 } from '@piecework/protocol'
import type { Won } from '../../statistics/bradley-terry.ts'

/** winner u32, loser u32, weight u32 in thousandths; before all of them one that counts them. */
const WINS_BYTES = 12
/** Pairs in both directions: half of a job's memory, beside skills. What is met for the first time after that is not kept. */
const REMEMBERED = 170_000
const THOUSANDTHS = 1_000
const MOST = 2 ** 32 - 1

/** Thousandths by winner * items + loser. */
export type Wins = Map<number, { readonly winner: number; readonly loser: number; weight: number }>

export function readWins(memory: Uint8Array, items: number): Wins {
  const wins: Wins = new Map()
  const count = memory.length < WINS_BYTES ? 0 : readU32(memory, 0)
  for (let i = 1; i <= count && (i + 1) * WINS_BYTES <= memory.length; i++) {
    const [winner, loser, weight] = [0, 4, 8].map((at) => readU32(memory, i * WINS_BYTES + at))
    if (winner === undefined || loser === undefined || weight === undefined) continue
    if (winner < items && loser < items) wins.set(winner * items + loser, { winner, loser, weight })
  }
  return wins
}

/** Bytes of a memory that these take: all, where it ends before them. */
export function winsLength(memory: Uint8Array): number {
  return memory.length < WINS_BYTES ? memory.length : (1 + readU32(memory, 0)) * WINS_BYTES
}

export function addWin(wins: Wins, { winner, loser, weight }: Won, items: number): void {
  const key = winner * items + loser
  const known = wins.get(key)
  if (known !== undefined) known.weight = Math.min(MOST, known.weight + Math.round(weight * THOUSANDTHS))
  else if (wins.size < REMEMBERED) wins.set(key, { winner, loser, weight: Math.round(weight * THOUSANDTHS) })
}

export function gamesOf(wins: Wins): readonly Won[] {
  return [...wins]
    .sort(([a], [b]) => a - b)
    .map(([, { winner, loser, weight }]) => ({ winner, loser, weight: weight / THOUSANDTHS }))
    .filter(({ weight }) => weight > 0)
}

export function writeWins(wins: Wins): Uint8Array {
  const sorted = [...wins].sort(([a], [b]) => a - b)
  const bytes = new Uint8Array((1 + sorted.length) * WINS_BYTES)
  writeU32(bytes, 0, sorted.length)
  for (const [i, [, { winner, loser, weight }]] of sorted.entries())
    for (const [word, value] of [winner, loser, weight].entries())
      writeU32(bytes, (1 + i) * WINS_BYTES + 4 * word, value)
  return bytes
}
