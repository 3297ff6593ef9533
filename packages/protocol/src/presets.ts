// Two sound sets of parameters: one to try things on one's own machine, one for a network on a public chain.
import type { Params } from './facts.ts'

const SHARED = {
  /** Two of three agree where one is lazy, and the third costs little: checking is a share of the work. */
  checkers: 3,
  /** A leased replica comes back within that, or the task is judged without it. */
  judgeEpochs: 4,
  /** Enough to see that a newcomer works, little enough that all of it can be checked. */
  trialRows: 5,
  /** 50,000 nodes enter within thirteen epochs, and one epoch's enrolments are about a megabyte. */
  maxEnrolments: 4096,
  /** The most that the design allows: a finder gets something, but nobody profits from failing its own node. */
  bountyBps: 1000,
  /** Signing two reports can't happen by accident. */
  slashTwoRevealsBps: 1000,
  /** The least of the three: a machine with bad memory can do it too. */
  slashFalseTraceBps: 500,
  /** Evidence is re-checked by whoever sends it, so that false evidence is an attack. */
  slashFalseEvidenceBps: 1000,
} as const

/** Epochs of 12 seconds, with slots of 400 ms. */
export const LOCAL_PARAMS: Params = {
  ...SHARED,
  epochSlots: 30,
  grace: 2,
  inventory: 3,
  margin: 1,
  challenge: 8,
  commit: 3,
  reveal: 2,
  round: 4,
  dispute: 3,
  carryEpochs: 10,
  evidenceEpochs: 20,
  /** As long as a stint can be carried, as in the public set. */
  barEpochs: 10,
  /** An hour: a laptop that was closed over lunch still works. */
  idleEpochs: 300,
  /** A thousandth of a second: a try must not wait. */
  stampBits: 8,
}

/** Epochs of 5 minutes, with slots of 400 ms. */
export const PUBLIC_PARAMS: Params = {
  ...SHARED,
  epochSlots: 750,
  grace: 38,
  inventory: 75,
  margin: 8,
  challenge: 225,
  commit: 50,
  reveal: 50,
  round: 75,
  dispute: 150,
  carryEpochs: 288,
  evidenceEpochs: 300,
  barEpochs: 288,
  /** Thirty days. */
  idleEpochs: 8640,
  /** 262,144 hashes: about a second on a Raspberry Pi. */
  stampBits: 18,
}
