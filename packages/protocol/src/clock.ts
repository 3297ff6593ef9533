// The epoch clock: which phase an epoch is in at a slot, from what the chain has written of it. It only reads: what
// depends on somebody's transaction has no end until that transaction is there, so that a stall delays and loses nothing.
import type { Params } from './facts.ts'

type Durations = Pick<
  Params,
  'epochSlots' | 'grace' | 'inventory' | 'margin' | 'challenge' | 'commit' | 'reveal' | 'round' | 'dispute'
>

/** What the chain says of one epoch; undefined where it has not happened. */
export interface EpochTimes {
  /** S_e. */
  readonly start: number
  /** S_{e+1}, known since the seal of e-1. */
  readonly end: number | undefined
  /** From when on it can be sealed, as the chain holds it: a missed slot hash moves it. */
  readonly target: number | undefined
  readonly sealedSlot: number | undefined
  /** The round of proposals that is open, if the first has been left. */
  readonly round: { readonly number: number; readonly start: number } | undefined
  /** Since when more than 2/3 of stake have voted for the candidate that stands. */
  readonly votedSlot: number | undefined
  readonly finalSlot: number | undefined
}

export type PhaseName =
  | 'before'
  | 'work'
  | 'intake'
  | 'inventory'
  | 'seal'
  | 'challenge'
  | 'commit'
  | 'reveal'
  | 'round'
  | 'dispute'
  | 'final'

export interface Phase {
  readonly name: PhaseName
  /** The first slot after it, or undefined while that depends on a transaction that has not been made. */
  readonly until: number | undefined
  /** Of proposals; undefined in other phases. */
  readonly round: number | undefined
}

export function phaseAt(slot: number, times: EpochTimes, params: Durations): Phase {
  if (times.finalSlot !== undefined) return phase('final', undefined)
  if (times.sealedSlot !== undefined)
    return afterSeal(slot, { ...times, sealedSlot: times.sealedSlot }, params)
  return beforeSeal(slot, times, params)
}

function beforeSeal(slot: number, { start, end, target }: EpochTimes, params: Durations): Phase {
  if (slot < start) return phase('before', start)
  if (end === undefined || slot < end) return phase('work', end)
  const intakeEnd = end + params.grace
  if (slot < intakeEnd) return phase('intake', intakeEnd)
  if (target === undefined || slot < target) return phase('inventory', target)
  return phase('seal', undefined)
}

function afterSeal(
  slot: number,
  times: EpochTimes & { readonly sealedSlot: number },
  params: Durations,
): Phase {
  const challengeEnd = times.sealedSlot + params.challenge
  if (slot < challengeEnd) return phase('challenge', challengeEnd)
  const commitEnd = challengeEnd + params.commit
  if (slot < commitEnd) return phase('commit', commitEnd)
  const revealEnd = commitEnd + params.reveal
  if (slot < revealEnd) return phase('reveal', revealEnd)
  if (times.votedSlot !== undefined) return ending('dispute', slot, times.votedSlot + params.dispute)
  const round = times.round ?? { number: 0, start: revealEnd }
  return { ...ending('round', slot, round.start + params.round), round: round.number }
}

/** A phase that goes on after its slots, until somebody takes the next step. */
function ending(name: PhaseName, slot: number, until: number): Phase {
  return phase(name, slot < until ? until : undefined)
}

function phase(name: PhaseName, until: number | undefined): Phase {
  return { name, until, round: undefined }
}

export interface TargetInput {
  /** S_{e+1}. */
  readonly end: number
  /** When more than 2/3 of stake had posted their inventory. */
  readonly quorumSlot: number | undefined
  /** When e-1 became final; `start` counts as that for the first epoch. */
  readonly previousFinalSlot: number | undefined
}

/** The slot at or after which the first hash makes seed_e, or undefined while it waits for the quorum or for e-1. */
export function sealTarget(
  { end, quorumSlot, previousFinalSlot }: TargetInput,
  params: Durations,
): number | undefined {
  if (quorumSlot === undefined || previousFinalSlot === undefined) return undefined
  const { grace, inventory, margin } = params
  return Math.max(end + grace + inventory, quorumSlot + margin, previousFinalSlot + margin)
}

/** S_{e+2}, written when e is sealed: nobody learns of an end of work less than grace and margin before it. */
export function startAfterNext(end: number, sealedSlot: number, params: Durations): number {
  return Math.max(end + params.epochSlots, sealedSlot + params.grace + params.margin)
}

/** Slots from the end of an epoch until it can be final, when nothing stalls. */
export function settlingSlots(params: Durations): number {
  const { grace, inventory, margin, challenge, commit, reveal, round, dispute } = params
  return grace + inventory + margin + challenge + commit + reveal + round + dispute
}

/** Whether an epoch is settled before the next one has to be sealed; otherwise every epoch would wait for the last. */
export function phasesFit(params: Durations): boolean {
  return settlingSlots(params) <= params.epochSlots
}

/** The epoch whose work a slot belongs to: the last that has started. `starts` are S_first, S_first+1, ... */
export function epochAt(slot: number, starts: readonly number[], first = 0): number | undefined {
  const started = starts.findLastIndex((start) => start <= slot)
  return started === -1 ? undefined : first + started
}
