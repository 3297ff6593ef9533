// Money follows from whole millionths: what is left of a double after its rounding is the same on every machine.
import { SCORE_ONE } from '@piecework/protocol'

/** From a part between nothing and one; whatever lies outside, or is no number, is cut. */
export function millionths(part: number): number {
  if (!(part > 0)) return 0
  return part >= 1 ? SCORE_ONE : Math.round(part * SCORE_ONE)
}
