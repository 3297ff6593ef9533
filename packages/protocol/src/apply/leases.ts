// Which tasks a node may deliver rows for: what it was dealt, is not yet used, and has not run out.
import { leaseEpochsOf } from '../facts.ts'
import type { DealtEpoch, State } from '../state/state.ts'
import { at, type Draft } from './draft.ts'

export interface Lease {
  readonly trial: boolean
}

const IN_TRIAL: Lease = { trial: true }
const ESTABLISHED: Lease = { trial: false }

const NOWHERE = -1

/** Leases of one deal, in columns sorted by node, then job, then task. */
class DealtLeases {
  readonly #dealt: DealtEpoch
  /** The entries of node n are [#start[n], #start[n + 1]). */
  readonly #start: Uint32Array
  readonly #jobs: Uint32Array
  readonly #tasks: Uint32Array
  /** Where the entry stands in the deal. */
  readonly #segments: Uint32Array
  readonly #positions: Uint32Array

  constructor(dealt: DealtEpoch, nodeCount: number, live: readonly number[]) {
    this.#dealt = dealt
    this.#start = new Uint32Array(nodeCount + 1)
    for (const segment of live) this.#count(segment)
    for (let node = 0; node < nodeCount; node++) {
      this.#start[node + 1] = (this.#start[node + 1] ?? 0) + (this.#start[node] ?? 0)
    }
    const length = this.#start[nodeCount] ?? 0
    this.#jobs = new Uint32Array(length)
    this.#tasks = new Uint32Array(length)
    this.#segments = new Uint32Array(length)
    this.#positions = new Uint32Array(length)
    const next = this.#start.slice()
    for (const segment of live) this.#fill(segment, next)
  }

  #count(segment: number): void {
    const nodes = this.#dealt.deal.jobs[segment]?.nodes ?? []
    const used = this.#dealt.used[segment] ?? []
    for (let i = 0; i < nodes.length; i++) {
      if (used[i] !== 0) continue
      const after = (nodes[i] ?? 0) + 1
      this.#start[after] = (this.#start[after] ?? 0) + 1
    }
  }

  #fill(segment: number, next: Uint32Array): void {
    const dealt = this.#dealt.deal.jobs[segment]
    const used = this.#dealt.used[segment]
    if (dealt === undefined || used === undefined) return
    const { job, nodes, tasks } = dealt
    for (let i = 0; i < nodes.length; i++) {
      if (used[i] !== 0) continue
      const node = nodes[i] ?? 0
      const entry = next[node] ?? 0
      next[node] = entry + 1
      this.#jobs[entry] = job
      this.#tasks[entry] = tasks[i] ?? 0
      this.#segments[entry] = segment
      this.#positions[entry] = i
    }
  }

  /** The entry of a lease that is not used yet, or NOWHERE. */
  find(node: number, job: number, task: number): number {
    let low = this.#start[node] ?? 0
    let high = this.#start[node + 1] ?? 0
    const end = high
    while (low < high) {
      const middle = (low + high) >>> 1
      const middleJob = this.#jobs[middle] ?? 0
      if (middleJob < job || (middleJob === job && (this.#tasks[middle] ?? 0) < task)) low = middle + 1
      else high = middle
    }
    if (low >= end || this.#jobs[low] !== job || this.#tasks[low] !== task) return NOWHERE
    const used = this.#dealt.used[this.#segments[low] ?? 0]
    return used?.[this.#positions[low] ?? 0] === 0 ? low : NOWHERE
  }

  use(entry: number): void {
    const used = this.#dealt.used[this.#segments[entry] ?? 0]
    if (used !== undefined) used[this.#positions[entry] ?? 0] = 1
  }

  leaseAt(entry: number): Lease {
    const { trial } = at(this.#dealt.deal.jobs, this.#segments[entry] ?? 0)
    return trial[this.#positions[entry] ?? 0] === 1 ? IN_TRIAL : ESTABLISHED
  }
}

export class Leases {
  readonly #tables: readonly DealtLeases[]

  constructor(draft: Draft) {
    // Nearly all leases that are used are of the newest deal.
    this.#tables = draft.dealt
      .toReversed()
      .map((dealt) => new DealtLeases(dealt, draft.nodes.length, liveSegments(draft, dealt)))
  }

  /** Uses the lease, if there is one. */
  take(node: number, job: number, task: number): Lease | undefined {
    for (const table of this.#tables) {
      const entry = table.find(node, job, task)
      if (entry === NOWHERE) continue
      table.use(entry)
      return table.leaseAt(entry)
    }
    return undefined
  }

  /** The lease, if there is one, which stays unused. */
  look(node: number, job: number, task: number): Lease | undefined {
    for (const table of this.#tables) {
      const entry = table.find(node, job, task)
      if (entry !== NOWHERE) return table.leaseAt(entry)
    }
    return undefined
  }
}

/** Jobs of a deal whose leases still run in this epoch, by ascending job. */
function liveSegments(draft: Draft, { deal }: DealtEpoch): number[] {
  const segments = [...deal.jobs.keys()]
  const jobOf = (segment: number): number => deal.jobs[segment]?.job ?? 0
  const live = segments.filter((segment) => lastEpochOf(draft, deal.epoch, jobOf(segment)) >= draft.epoch)
  return live.sort((a, b) => jobOf(a) - jobOf(b))
}

/** The last epoch in which a lease of this job, dealt then, can be used. */
export function lastEpochOf({ jobs }: Pick<State, 'jobs'> | Draft, dealtIn: number, job: number): number {
  const known = jobs[job]?.job
  return dealtIn + (known === undefined ? 0 : leaseEpochsOf(known))
}
