// Who does what in an epoch: a function of its workforce, the two deals before it, the open jobs and a seed.
import { Accounts } from './deal/accounts.ts'
import { KindDealer, type Table } from './deal/kind.ts'
import { NodeLimits } from './deal/limits.ts'
import { Tally } from './deal/tally.ts'
import { offersAny, Windows } from './deal/window.ts'
import { ProtocolError } from './errors.ts'
import type { Job, KindRules } from './facts.ts'
import type { Deal, JobDeal, Workforce } from './workforce.ts'

export interface DealJob {
  readonly job: Job
  readonly openSlot: number
  /** A test of who may do it, by node index; absent for everybody. Jobs that ask for the same may share one. */
  readonly eligible?: (node: number) => boolean
}

export interface DealInput {
  readonly workforce: Workforce
  /** Deals of the two epochs before. */
  readonly recent: readonly Deal[]
  /** Those open and not closed at startSlot, and those that opened since. */
  readonly jobs: readonly DealJob[]
  /** S_e. */
  readonly startSlot: number
  /** seed_{e-2}. */
  readonly seed: Uint8Array
  readonly rules: ReadonlyMap<number, KindRules>
  readonly trialRows: number
}

export function dealEpoch(input: DealInput): Deal {
  return new Dealer(input).deal
}

/** Deals what is open at once, and further jobs as they open. */
export class Dealer {
  readonly #input: DealInput
  readonly #windows: Windows
  readonly #table: Table
  readonly #kinds = new Map<number, KindDealer>()
  readonly #dealt: JobDeal[] = []
  #last: DealJob | undefined

  constructor(input: DealInput) {
    this.#input = input
    this.#windows = new Windows(input.workforce, input.recent)
    this.#table = {
      workforce: input.workforce,
      accounts: new Accounts(input.workforce.owners),
      limits: new NodeLimits(input.workforce.bonds, input.trialRows),
      seed: input.seed,
      tally: new Tally(),
    }
    const standing = input.jobs.filter(({ openSlot }) => openSlot < input.startSlot)
    const opened = input.jobs.filter(({ openSlot }) => openSlot >= input.startSlot)
    for (const job of standing.sort(byPrice)) this.#dealJob(job)
    for (const job of opened.sort(byOpening)) this.open(job)
  }

  /** Work done so far: positions looked at. */
  get steps(): number {
    return this.#table.tally.steps
  }

  /** What was dealt so far. */
  get deal(): Deal {
    return { epoch: this.#input.workforce.epoch, jobs: [...this.#dealt] }
  }

  /** Deals a job that opened in this epoch, after all that opened before it; undefined if nothing of it can be dealt. */
  open(job: DealJob): JobDeal | undefined {
    if (job.openSlot < this.#input.startSlot || (this.#last && byOpening(this.#last, job) >= 0)) {
      throw new ProtocolError(
        'facts/invalid',
        'A job was offered to the deal out of its turn. Deal jobs in the order in which they opened.',
        { job: job.job.index, openSlot: job.openSlot },
      )
    }
    this.#last = job
    return this.#dealJob(job)
  }

  #dealJob({ job, eligible }: DealJob): JobDeal | undefined {
    const dealer = this.#dealerOf(job.kind)
    if (dealer === undefined) return undefined
    const window = this.#windows.of(job)
    if (!offersAny(window, job)) return undefined
    const dealt = dealer.deal({ job, eligible, window })
    if (dealt.tasks.length === 0) return undefined
    this.#dealt.push(dealt)
    return dealt
  }

  /** Undefined for kinds that are not dealt, or that nobody does. */
  #dealerOf(kind: number): KindDealer | undefined {
    const known = this.#kinds.get(kind)
    if (known !== undefined) return known
    const { workforce, rules } = this.#input
    const column = workforce.kinds.find((one) => one.kind === kind)
    if (column === undefined || rules.get(kind)?.allocation !== 'dealt') return undefined
    const dealer = new KindDealer(this.#table, column)
    this.#kinds.set(kind, dealer)
    return dealer
  }
}

/** The best paid first, whatever their kind: they share what a node may be trusted with. */
function byPrice({ job: a }: DealJob, { job: b }: DealJob): number {
  const [priceA, priceB] = [priceOf(a), priceOf(b)]
  if (priceA !== priceB) return priceA > priceB ? -1 : 1
  return a.index - b.index
}

function byOpening(a: DealJob, b: DealJob): number {
  return a.openSlot - b.openSlot || a.job.index - b.job.index
}

function priceOf(job: Job): bigint {
  return job.rule === 'piece' ? job.price : job.capPrice
}
