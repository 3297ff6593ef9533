// Who takes part in the local network, and the terms that make it show everything within a few epochs.

export interface Contributor {
  readonly name: string
  readonly role: string
  /** In tokens; undefined: it has to enrol like anybody else. */
  readonly vouched: string | undefined
  /** Kinds of work; left out: computing alone. */
  readonly does?: readonly string[]
}

export const USUAL_KINDS: readonly string[] = ['compute']
/** What three of them do: as many as a task has replicas. */
const ALL_KINDS: readonly string[] = [...USUAL_KINDS, 'web', 'label']

const CONTRIBUTORS: readonly Contributor[] = [
  // More than any of their bonds has to be, so that all they earn can be spent at once.
  { name: 'anna', role: 'honest', vouched: '5', does: ALL_KINDS },
  { name: 'bela', role: 'honest', vouched: '5', does: ALL_KINDS },
  { name: 'carl', role: 'honest', vouched: '5', does: ALL_KINDS },
  // With so little behind its rows, nearly all of them are checked.
  { name: 'dora', role: 'faker', vouched: '0.001' },
  { name: 'emil', role: 'newcomer', vouched: undefined },
]

export interface Cast {
  readonly contributors: readonly Contributor[]
  readonly verifiers: number
  /** Of each verifier, in tokens, where they differ. */
  readonly stakes?: readonly string[]
  readonly settlers: number
}

/** Who `local start` shows. */
export const WHOLE_CAST: Cast = { contributors: CONTRIBUTORS, verifiers: 4, settlers: 2 }

export const STAKE = '100'

/** Jobs that it shows, with their own names for the file of results. What people do in the last, programs do here. */
export const EXAMPLES: readonly string[] = ['align', 'primes', 'birds']

/** All 40 tasks of computing fit the first epoch, so that those that are faked come back within four. */
export const TRIAL_ROWS = 12
/**
 * Longer than the preset's: here a dozen processes share two cores, and each drawn row is run by three verifiers in processes
 * of their own, all at the same moment.
 */
export const BUSY_PHASES = { length: 34, challenge: 12, commit: 4 }

export interface Funds {
  readonly tokens?: string
  readonly sol: string
}

/** What is handed out. */
export const OPERATOR_FUNDS: Funds = { tokens: STAKE, sol: '1' }
export const PAYER_FUNDS: Funds = { sol: '10' }
export const REQUESTER_FUNDS: Funds = { tokens: '100', sol: '1' }
