// The deal of an epoch, from what a state fixed three epochs before it, the deals since, and the chain.
import { positionOf } from '../deal/position.ts'
import { Dealer, type DealJob } from '../deal.ts'
import type { Facts, Job, Params } from '../facts.ts'
import { NEVER, type State } from '../state/state.ts'
import { replicaValue } from '../value.ts'
import type { Work } from '../work.ts'
import type { Deal, Workforce } from '../workforce.ts'
import { at } from './draft.ts'
import { invalidFacts, isOpen, type KnownJob } from './jobs-known.ts'

/** What an epoch's deal asks of the chain. All of it is known at S_e, but for the jobs that open from then on. */
export interface DealFacts
  extends Pick<
    Facts,
    'networkId' | 'epoch' | 'startSlot' | 'dealSeed' | 'kinds' | 'created' | 'opened' | 'closed'
  > {
  readonly params: Pick<Params, 'trialRows'>
}

export type Eligibility = Pick<Work, 'eligible'>

/** Keys and wallets of nodes never change: whichever state knows the workforce's nodes will do. */
export interface DealSources extends Pick<State, 'workforces' | 'nodes' | 'owners'> {
  readonly jobs: readonly KnownJob[]
  /** At least those of the two epochs before. */
  readonly deals: readonly Deal[]
}

export interface DealDue {
  readonly sources: DealSources
  readonly facts: DealFacts
  readonly work: Eligibility
}

/** Has dealt what the facts say is open, and can deal what opens later. */
export class EpochDealer {
  readonly #dealer: Dealer
  readonly #isDealt: (job: Job) => boolean
  readonly #dealJob: (known: KnownJob) => DealJob

  constructor({ sources, facts, work }: DealDue) {
    const { epoch, startSlot, dealSeed, kinds, params } = facts
    const workforce = sources.workforces.find((one) => one.epoch === epoch)
    if (workforce === undefined) throw invalidFacts('the state has no workforce for this epoch', { epoch })
    const rules = new Map(kinds.map((one) => [one.kind, one]))
    // Of a job that isn't dealt nobody asks who may do it: its kind may be one that nobody knows.
    this.#isDealt = (job) => rules.get(job.kind)?.allocation === 'dealt' && isWorth(job)
    const tests = new Map<NonNullable<ReturnType<Work['eligible']>>, (index: number) => boolean>()
    const skills = skillsOf(workforce)
    this.#dealJob = ({ job, openSlot }) => {
      const test = work.eligible(job)
      if (test === undefined) return { job, openSlot }
      const skilled = skills.get(job.index)
      if (skilled !== undefined)
        return { job, openSlot, eligible: eligibility(sources, workforce, { test, skilled }) }
      const eligible = tests.get(test) ?? eligibility(sources, workforce, { test, skilled: NOBODY })
      tests.set(test, eligible)
      return { job, openSlot, eligible }
    }
    this.#dealer = new Dealer({
      workforce,
      recent: sources.deals.filter((deal) => deal.epoch >= epoch - 2 && deal.epoch < epoch),
      jobs: sources.jobs.filter((known) => isOpen(known) && this.#isDealt(known.job)).map(this.#dealJob),
      startSlot,
      seed: dealSeed,
      rules,
      trialRows: params.trialRows,
    })
  }

  /** As far as it is dealt by now. */
  get deal(): Deal {
    return this.#dealer.deal
  }

  /** Deals a job that opened since, in the order of opening; `facts/invalid` when it isn't its turn. */
  open(job: Job, openSlot: number): void {
    if (this.#isDealt(job)) this.#dealer.open(this.#dealJob({ job, openSlot, closedAt: NEVER }))
  }
}

/** Labour for nothing could lock up everybody's capacity. */
export function isWorth(job: Job): boolean {
  return replicaValue(job) > 0n
}

/** A job that opened since the workforce was fixed: nobody has been asked yet for the skills that it may want. */
const NOBODY = new Uint8Array()

/** By job that asks for skills: a bit for each position. */
function skillsOf({ windows }: Workforce): ReadonlyMap<number, Uint8Array> {
  return new Map(
    windows.flatMap(({ job, skilled }): [number, Uint8Array][] =>
      skilled === undefined ? [] : [[job, skilled]],
    ),
  )
}

interface Asking {
  readonly test: NonNullable<ReturnType<Work['eligible']>>
  readonly skilled: Uint8Array
}

/** Attributes and skills count as they were when the workforce was fixed. */
function eligibility(
  { nodes, owners }: DealSources,
  workforce: Workforce,
  { test, skilled: bits }: Asking,
): (index: number) => boolean {
  return (index) => {
    const { nodeKey, owner } = at(nodes, index)
    const position = positionOf(workforce.nodes, index) ?? NEVER
    const attributes = workforce.attributes[position] ?? []
    const skilled = (((bits[position >> 3] ?? 0) >> (position & 7)) & 1) === 1
    return test({ index, nodeKey, wallet: at(owners, owner).wallet, attributes, skilled })
  }
}
