// What a daemon knows of a deal before the epochs in front of it are applied: all of it.
// At S_e the newest final state may be that of e-3. It fixed the workforce and the windows of e, and whatever it doesn't
// say (the deals of e-2 and e-1, and jobs since) follows from the chain.
import { equalBytes } from '../bytes.ts'
import { NEVER, type State } from '../state/state.ts'
import type { Deal } from '../workforce.ts'
import { type DealFacts, type Eligibility, EpochDealer } from './deal-due.ts'
import { followJobs, invalidFacts, type KnownJob } from './jobs-known.ts'

export interface DealAheadInput {
  /** Of e-3, e-2 or e-1: the newest at hand. */
  readonly state: State
  /** Of every epoch after the state's up to e, ascending: whole ones, and of e what the chain says so far. */
  readonly facts: readonly DealFacts[]
  readonly work: Eligibility
}

export interface DealAhead {
  /** Of the epochs between the state and e, ascending. */
  readonly earlier: readonly Deal[]
  /** Of e: what it has dealt, and what it deals when another job opens. */
  readonly dealer: EpochDealer
}

/** What applyEpoch(e) will say was dealt in e, as soon as e begins. */
export function dealAhead({ state, facts, work }: DealAheadInput): DealAhead {
  const { workforces, nodes, owners } = state
  const jobs: KnownJob[] = state.jobs.map(({ job, openSlot, closedAt }) => ({ job, openSlot, closedAt }))
  const deals = state.dealt.map(({ deal }) => deal)
  const dealerOf = (one: DealFacts): EpochDealer => {
    followJobs(jobs, one, (job) => ({ job, openSlot: NEVER, closedAt: NEVER }))
    return new EpochDealer({ sources: { workforces, nodes, owners, jobs, deals }, facts: one, work })
  }
  checkFollow(state, facts)
  const now = facts.at(-1)
  if (now === undefined) throw invalidFacts('there are none', { state: state.epoch })
  for (const one of facts.slice(0, -1)) deals.push(dealerOf(one).deal)
  return { earlier: deals.slice(state.dealt.length), dealer: dealerOf(now) }
}

function checkFollow(state: State, facts: readonly DealFacts[]): void {
  for (const [i, { epoch, networkId }] of facts.entries()) {
    const expected = state.epoch + 1 + i
    if (epoch === expected && equalBytes(networkId, state.networkId)) continue
    throw invalidFacts('they are of another epoch or network', { epoch, expected })
  }
}

/** The deal of the epoch after the state's. */
export function dealOf({
  state,
  facts,
  work,
}: Omit<DealAheadInput, 'facts'> & { readonly facts: DealFacts }): Deal {
  return dealAhead({ state, facts: [facts], work }).dealer.deal
}
