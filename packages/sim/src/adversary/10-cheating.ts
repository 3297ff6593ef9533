// Adversary 10: contributors that fake rows, by every extent, reaction, standing and share of friends. Each is played
// through the real applyEpoch beside its honest twin. How gain is counted: docs/decisions/040-how-gain-is-counted.md.
import { atMost, type Bar, type Measured } from '../bench/types.ts'
import { together } from './cheating/detection.ts'
import type { Estimate } from './cheating/gain.ts'
import { scenariosOf } from './cheating/grid.ts'
import {
  byFriends,
  type Cell,
  describeCell,
  everyStrategy,
  luckBeyondChance,
  missBeyondChance,
  type Naming,
  Table,
} from './cheating/table.ts'
import type { Adversary, Size } from './types.ts'

/** "Caught at the formula's rate within 2 points." */
const POINTS = 0.02

/** In full every strategy is a cell of its own; in short there are cheaters for one a standing and share of friends. */
const NAMING: Readonly<Record<Size, Naming>> = { short: byFriends, full: everyStrategy }

/** Added to each mean gain: what is not surely below nothing does not pass. */
const ERRORS = 2

function greatest(estimates: readonly Estimate[]): number {
  return Math.max(...estimates.map(({ mean, error }) => mean + ERRORS * error))
}

function barsOf(cells: readonly Cell[]): Bar[] {
  const detections = cells.map(({ detection }) => detection)
  const gains = cells.filter(({ residual }) => !residual).map(({ gain }) => gain)
  const gainsAtHalf = cells.map(({ gainAtHalf }) => gainAtHalf)
  return [
    atMost(
      'caught beside the formula, beyond chance: worst',
      Math.max(...detections.map(missBeyondChance)),
      POINTS,
    ),
    atMost(
      'caught beside the formula, beyond chance: all',
      missBeyondChance(detections.reduce(together)),
      POINTS,
    ),
    atMost(
      'luck that gains leave out, as a share of honest pay, beyond chance: worst',
      Math.max(...cells.map(luckBeyondChance)),
      POINTS,
    ),
    atMost('gain where work costs all it earns, plus 2 errors: best', greatest(gains), 0),
    atMost('gain where work costs half, with the residual, plus 2 errors: best', greatest(gainsAtHalf), 0),
  ]
}

function run(size: Size): Promise<Measured> {
  const table = new Table(NAMING[size])
  for (const scenario of scenariosOf(size)) table.play(scenario)
  const { cells } = table
  const { stints, caught, expected } = cells.map(({ detection }) => detection).reduce(together)
  const figures = {
    ...Object.fromEntries(cells.map((cell) => [cell.name, describeCell(cell)])),
    'stints with a fake': stints,
    'share of them caught': caught / stints,
    'share by the formula': expected / stints,
  }
  return Promise.resolve({ figures, bars: barsOf(cells) })
}

export const adversary: Adversary = {
  number: 10,
  name: 'cheating',
  about:
    'Contributors fake rows, alone or with friends among the verifiers: caught as the formula says, and poorer by it.',
  run,
}
