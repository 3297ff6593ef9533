// By how much a clock is off.

export interface Shift {
  readonly offsetMs: number
  /** Every so often it is set on by so much, and next time back again. */
  readonly jump?: { readonly byMs: number; readonly everyMs: number }
}

/** After so many milliseconds of running. */
export function shiftNow({ offsetMs, jump }: Shift, ranMs: number): number {
  if (jump === undefined) return offsetMs
  return offsetMs + (Math.floor(ranMs / jump.everyMs) % 2) * jump.byMs
}

export const OFF_MS = 2_000
const AHEAD: Shift = { offsetMs: OFF_MS }
const BEHIND: Shift = { offsetMs: -OFF_MS }
/** Between two seconds late and two seconds early, in the midst of an epoch of twelve seconds. */
const JUMPING: Shift = { offsetMs: -OFF_MS, jump: { byMs: 2 * OFF_MS, everyMs: 5_000 } }

/** Of the daemons of one sort, in their order: the same again after three. */
export const SHIFTS: readonly [Shift, Shift, Shift] = [AHEAD, BEHIND, JUMPING]
