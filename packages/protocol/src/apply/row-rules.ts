// Which rows are worth something: dealt to this node and in time, or within the caps of an open or standing kind.
import type { KindRules, Params } from '../facts.ts'
import { NEVER } from '../state/state.ts'
import { replicaValue } from '../value.ts'
import type { Candidate, Work } from '../work.ts'
import { isActive, standing } from './bond.ts'
import type { Rules } from './chain-facts.ts'
import { at, type Draft, type JobDraft } from './draft.ts'
import { type Lease, Leases } from './leases.ts'

/** In trial for a job: a bond below this many times what a replica of it can earn. */
export const TRIAL_FACTOR = 10n

type MayDo = (node: Candidate) => boolean

export interface RowRulesInput {
  readonly params: Params
  readonly rules: Rules
  readonly work: Work
}

interface Asked {
  readonly job: JobDraft
  readonly kind: KindRules
}

export class RowRules {
  readonly #draft: Draft
  readonly #params: Params
  readonly #rules: Rules
  readonly #work: Work
  readonly #leases: Leases
  readonly #eligible = new Map<number, MayDo | undefined>()
  /** Rows of open and standing jobs that this node did in this epoch, by job. */
  readonly #done = new Map<number, number>()
  #node = 0
  /** Rows of one job follow each other. */
  #last: Asked | undefined

  constructor(draft: Draft, { params, rules, work }: RowRulesInput) {
    this.#draft = draft
    this.#params = params
    this.#rules = rules
    this.#work = work
    this.#leases = new Leases(draft)
  }

  startNode(node: number): void {
    this.#node = node
    if (this.#done.size > 0) this.#done.clear()
  }

  /** Of an accepted row's job. */
  kindOf(kind: number): KindRules {
    const rules = this.#rules.get(kind)
    if (rules === undefined) throw new RangeError(`no rules of kind ${kind}`)
    return rules
  }

  /** The right to this row, used up by asking; undefined for a row that is worth nothing. */
  accept(index: number, task: number, units: number): Lease | undefined {
    const asked = this.#asked(index, units)
    if (asked === undefined) return undefined
    if (asked.kind.allocation === 'dealt') return this.#leases.take(this.#node, index, task)
    const lease = this.#openLease(asked, task)
    if (lease !== undefined) this.#useOpen(asked.job, task)
    return lease
  }

  /** The right that the node would have to this row. */
  look(index: number, task: number, units: number): Lease | undefined {
    const asked = this.#asked(index, units)
    if (asked === undefined) return undefined
    return asked.kind.allocation === 'dealt'
      ? this.#leases.look(this.#node, index, task)
      : this.#openLease(asked, task)
  }

  #asked(index: number, units: number): Asked | undefined {
    if (this.#last?.job.job.index !== index) this.#last = this.#jobAt(index)
    return this.#last === undefined || units === 0 || units > this.#last.job.job.maxUnits
      ? undefined
      : this.#last
  }

  #jobAt(index: number): Asked | undefined {
    const job = this.#draft.jobs[index]
    const kind = job && this.#rules.get(job.job.kind)
    return job && kind && { job, kind }
  }

  /** Task numbers of a node ascend, so that none counts twice however long ago it was. */
  #openLease({ job, kind }: Asked, task: number): Lease | undefined {
    if (job.openSlot === NEVER || job.closedAt !== NEVER || task < (job.openNext.get(this.#node) ?? 0))
      return undefined
    const isStanding = kind.allocation === 'standing'
    if (isStanding && task !== this.#draft.epoch % 2 ** 32) return undefined
    const done = this.#done.get(job.job.index) ?? 0
    if (done >= (isStanding ? 1 : kind.cap) || !this.#mayDo(job, kind.kind)) return undefined
    const node = at(this.#draft.nodes, this.#node)
    return { trial: standing(node) < TRIAL_FACTOR * replicaValue(job.job) }
  }

  #useOpen(job: JobDraft, task: number): void {
    const { index } = job.job
    this.#done.set(index, (this.#done.get(index) ?? 0) + 1)
    job.openNext.set(this.#node, task + 1)
    job.inFlight += 1
  }

  #mayDo({ job }: JobDraft, kind: number): boolean {
    const node = at(this.#draft.nodes, this.#node)
    if (!isActive(node, this.#draft.epoch, this.#params)) return false
    if (!node.kinds.some((entry) => entry.kind === kind && entry.capacity > 0)) return false
    if (!this.#eligible.has(job.index)) this.#eligible.set(job.index, this.#work.eligible(job))
    const test = this.#eligible.get(job.index)
    const { nodeKey, owner, attributes } = node
    const { wallet } = at(this.#draft.owners, owner)
    // Only of what is dealt it was looked at who has a skill.
    const asked = { index: this.#node, nodeKey, wallet, attributes, skilled: false }
    return test === undefined || test(asked)
  }
}
