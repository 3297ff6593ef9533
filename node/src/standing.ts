// Standing: work that nobody deals, because all who want may do it: to be there. One row for each open job and epoch, signed
// early in it; what it is worth is what checkers measure while the epoch lasts.
import { type Log, type Rested, sentenceOf } from '@piecework/api'
import { type FoundJob, isOpen } from '@piecework/chain'
import { bytesOfPlans, type Kinds, type MeasuringPlan, WorkError } from '@piecework/work'
import { type Consent, isAllowed } from './common/consent.ts'
import type { Jobs } from './common/jobs.ts'
import { type Moment, slotsBetween, workingEpoch } from './common/moment.ts'
import type { Verifiers } from './common/verifiers.ts'
import type { Task } from './deal.ts'
import type { Done } from './work.ts'

/** Verifiers take nothing of an epoch before they have seen it begin, and the clock of this machine may be ahead of theirs. */
const FIRST_PAUSES = 2
/** Tasks are numbered by their epoch, in 32 bits. */
const TASKS = 2 ** 32

export interface StandingPorts {
  readonly jobs: Pick<Jobs, 'all' | 'opened'>
  readonly kinds: Kinds
  readonly consent: Consent
  readonly verifiers: Pick<Verifiers, 'seated'>
  /** An epoch, in each direction: what having the link measured may take. */
  readonly linkBytes: number
  readonly now: () => number
  readonly log: Log
  /** Resolves when the row is kept for good. */
  readonly pass: (done: Done) => Promise<void>
}

export class Standing {
  readonly #ports: StandingPorts
  /** Numbers of the standing kinds that the owner agreed to. */
  readonly #kinds: ReadonlySet<number>
  #epoch = -1
  /** Open jobs of the epoch whose rows are not kept yet. */
  #waiting: readonly FoundJob[] = []
  #triedAt = -Infinity
  readonly #plans = new Map<number, MeasuringPlan>()
  /** Rows of before a restart: `job task`. */
  readonly #done = new Set<string>()
  #isDrained = false

  constructor(ports: StandingPorts) {
    this.#ports = ports
    const all = ports.kinds.all.filter(({ allocation }) => allocation === 'standing')
    this.#kinds = new Set(all.map(({ id }) => id).filter((id) => ports.consent.has(id)))
  }

  /** Whether it agreed to any of this. */
  get isAgreed(): boolean {
    return this.#kinds.size > 0
  }

  /** What measuring its jobs costs in this epoch, job by job; undefined while that is not known. */
  plansOf(epoch: number): readonly MeasuringPlan[] | undefined {
    if (this.#isDrained) return this.#known
    return epoch === this.#epoch && this.#waiting.length === 0 ? this.#known : undefined
  }

  get #known(): readonly MeasuringPlan[] {
    return [...this.#plans.values()]
  }

  /** Done before a restart. */
  skip(tasks: readonly Task[]): void {
    for (const { job, task } of tasks) this.#done.add(`${job} ${task}`)
  }

  /** Signs nothing more. */
  drain(): void {
    this.#isDrained = true
  }

  async see(moment: Moment): Promise<Rested> {
    const working = workingEpoch(moment)
    if (working === undefined || !this.isAgreed || this.#isDrained) return 'rested'
    const from = working.startsAt + FIRST_PAUSES * slotsBetween(moment)
    if (moment.slot < from || moment.slot >= working.closesAt) return 'rested'
    const isBegun = working.number === this.#epoch
    if (isBegun && this.#waiting.length === 0) return 'rested'
    if (moment.slot < this.#triedAt + slotsBetween(moment)) return 'rested'
    this.#triedAt = moment.slot
    if (!isBegun) await this.#begin(working.number)
    const left: FoundJob[] = []
    let why: unknown
    for (const job of this.#waiting) {
      try {
        await this.#sign(job, working.number)
      } catch (error) {
        // A spec that nobody can work with stays one.
        if (error instanceof WorkError) this.#leave(job, sentenceOf(error))
        else left.push(job)
        why = error
      }
    }
    this.#waiting = left
    if (left.length > 0) throw why
    return undefined
  }

  async #begin(epoch: number): Promise<void> {
    const all = await this.#ports.jobs.all()
    const isOurs = (job: FoundJob): boolean => isOpen(job) && this.#kinds.has(job.workKind)
    this.#waiting = all.filter(isOurs)
    const open = new Set(this.#waiting.map(({ index }) => index))
    for (const job of this.#plans.keys()) if (!open.has(job)) this.#plans.delete(job)
    this.#epoch = epoch
  }

  async #sign({ index }: FoundJob, epoch: number): Promise<void> {
    const { jobs, consent, now, pass } = this.#ports
    const known = await jobs.opened(index)
    const { kind, job } = known
    const plan = job.plan?.()
    if (plan === undefined || !isAllowed(consent, kind.id, job.permissions())) {
      this.#leave(known.onChain, `the config does not allow what this job of the kind ${kind.name} needs`)
      return
    }
    if (this.#bytesWith(index, plan) > this.#ports.linkBytes) {
      this.#plans.delete(index)
      this.#leave(known.onChain, 'to measure it takes more of the link than the config allows (linkMb)')
      return
    }
    this.#plans.set(index, plan)
    const task = epoch % TASKS
    const name = `${index} ${task}`
    if (this.#done.has(name)) return
    const output = new Uint8Array()
    await pass({ epoch, job: index, task, units: job.units(output), output, until: epoch, endedAt: now() })
  }

  /** Every verifier may be drawn, and measures. */
  #bytesWith(index: number, plan: MeasuringPlan): number {
    const others = [...this.#plans].filter(([job]) => job !== index).map(([, other]) => other)
    return bytesOfPlans([...others, plan]) * this.#ports.verifiers.seated.length
  }

  #leave({ index }: FoundJob, why: string): void {
    this.#ports.log.warn('standing-job-left', { job: index, why })
  }
}
