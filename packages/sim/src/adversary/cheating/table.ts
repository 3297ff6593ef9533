// The cells of the table, and what is said of each.
import type { Arena, Group } from './arena.ts'
import { type Detection, miss, missByChance, NOTHING_SEEN, together } from './detection.ts'
import { type Estimate, type Pair, relativeGain } from './gain.ts'
import type { Scenario } from './grid.ts'
import { type Outcome, play, playTwin } from './play.ts'

export interface Cell {
  readonly name: string
  readonly detection: Detection
  /** What honest work is paid in the same epochs. */
  readonly honestPay: number
  /** Where a row costs all that it earns, and where it costs half. */
  readonly gain: Estimate
  readonly gainAtHalf: Estimate
  readonly residual: boolean
}

const HALF = 0.5

/** Which outcomes become one cell. */
export type Naming = (title: string, arena: Arena, group: Group) => string

export const everyStrategy: Naming = (title, arena, { name, reaction }) =>
  `${byFriends(title, arena)}, ${name}, ${reaction}`

export const byFriends = (title: string, { friends, verifiers }: Arena): string =>
  `${title}, p ${friends / verifiers}`

export class Table {
  readonly #naming: Naming
  readonly #cells = new Map<string, { detection: Detection; pairs: Pair[]; residual: boolean }>()

  constructor(naming: Naming) {
    this.#naming = naming
  }

  play({ title, arenas, residual }: Scenario): void {
    const [first] = arenas
    if (first === undefined) return
    const twins = playTwin(first)
    for (const arena of arenas) {
      for (const outcome of play(arena, twins)) {
        this.#add(this.#naming(title, arena, outcome.group), outcome, residual && arena.friends > 0)
      }
    }
  }

  #add(name: string, { detection, pairs }: Outcome, residual: boolean): void {
    const cell = this.#cells.get(name) ?? { detection: NOTHING_SEEN, pairs: [], residual }
    cell.detection = together(cell.detection, detection)
    cell.pairs.push(...pairs)
    this.#cells.set(name, cell)
  }

  get cells(): Cell[] {
    return [...this.#cells].map(([name, { detection, pairs, residual }]) => ({
      name,
      detection,
      honestPay: pairs.reduce((sum, { twin }) => sum + twin.workedMeanwhile, 0),
      gain: relativeGain(1, pairs),
      gainAtHalf: relativeGain(HALF, pairs),
      residual,
    }))
  }
}

export function describeCell({ detection, gain, gainAtHalf, residual }: Cell): string {
  const { stints, caught, expected } = detection
  const rate =
    stints === 0
      ? 'no fake'
      : `caught ${percent(caught / stints)} of ${stints}, formula ${percent(expected / stints)}`
  const gains = `gain ${gain.mean.toFixed(3)} ± ${gain.error.toFixed(3)}, at half cost ${gainAtHalf.mean.toFixed(3)}`
  return `${rate}; ${gains}${residual ? '; residual' : ''}`
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`
}

/** How far the rate of catches is from the formula's, beyond what chance explains. */
export function missBeyondChance(detection: Detection): number {
  return Math.max(0, Math.abs(miss(detection)) - STANDARD_ERRORS * missByChance(detection))
}

/** How far the luck that gains leave out is from nothing beyond what chance explains, as a share of honest pay. */
export function luckBeyondChance({ detection, honestPay }: Pick<Cell, 'detection' | 'honestPay'>): number {
  const { luck, luckVariance } = detection
  return Math.max(0, Math.abs(luck) - STANDARD_ERRORS * Math.sqrt(luckVariance)) / honestPay
}

/** More than so many are seen by chance in one of 16,000 cells. */
const STANDARD_ERRORS = 4
