// Where cheaters play: in which network, which of them, for how long. They do not touch each other's pay, so that one
// network holds every strategy at once.
import type { Choice, Reaction } from './cheater.ts'

export type Standing =
  /** Its bond is at its target, and it works as much as its bond allows. */
  | 'established'
  /** Cheats from its first row on. */
  | 'newcomer'
  /** A new node for each epoch, which is never used again. */
  | 'throwaway'

export interface Group {
  readonly name: string
  readonly fakes: Choice
  readonly reaction: Reaction
  readonly attackers: number
}

export interface Arena {
  /** The same for arenas whose honest twins are the same. */
  readonly name: string
  readonly standing: Standing
  /** Draw rate, in parts per million. */
  readonly rate: number
  /** All of one stake. */
  readonly verifiers: number
  readonly friends: number
  /** Epochs of cheating. */
  readonly epochs: number
  /** Epochs that an undecided stint is carried for. */
  readonly carryEpochs: number
  /** With 'withheld', as many attackers as friends: each has one of its own. */
  readonly groups: readonly Group[]
  /** Rows that a node declares to do in an epoch, where that is less than it could. */
  readonly capacity?: number
  /** While they cheat, a third of the nodes are dealt one row of this price each epoch, besides those of PRICE. */
  readonly dearPrice?: bigint
  /** What they do before is done for a job of their own: it costs them nothing, and they pay for it. */
  readonly launders?: boolean
  /** Cheaters put off the work of so many epochs, and do it all at once. */
  readonly hoards?: number
}

/** Of a row, where nothing else is said. */
export const PRICE = 100n

/** Enrolled with epoch 0, a node is first dealt to in this one. */
export const FIRST_WORK = 3

/** The first epoch in which a node that began with nothing is dealt as much as its full bond allows, by draw rate. */
const FULL_WORK: ReadonlyMap<number, number> = new Map([
  [50_000, 13],
  [200_000, 7],
])

/** Cheating begins, and ends before. */
export interface Timetable {
  readonly from: number
  readonly until: number
}

export function timetable({ standing, rate, epochs }: Arena): Timetable {
  const from = standing === 'established' ? (FULL_WORK.get(rate) ?? FIRST_WORK) : FIRST_WORK
  return { from, until: from + epochs }
}
