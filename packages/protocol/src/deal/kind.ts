// Deals the jobs of one kind.
import type { Job } from '../facts.ts'
import type { JobDeal, Workforce, WorkforceKind } from '../workforce.ts'
import type { Accounts } from './accounts.ts'
import { Barred } from './barred.ts'
import { EligibleNodes, type NodeTest } from './eligible.ts'
import { JobDealing } from './job.ts'
import { type NodeLimits, Stake } from './limits.ts'
import { Takers } from './takers.ts'
import type { Tally } from './tally.ts'
import { Turns } from './turns.ts'
import type { Window } from './window.ts'

/** What all kinds share: a node's limits are over all of them. */
export interface Table {
  readonly workforce: Workforce
  readonly accounts: Accounts
  readonly limits: NodeLimits
  readonly seed: Uint8Array
  readonly tally: Tally
}

export interface JobToDeal {
  readonly job: Job
  readonly eligible: NodeTest | undefined
  readonly window: Window
}

export class KindDealer {
  readonly #table: Table
  readonly #turns: Turns
  readonly #barred: Barred
  /** Of the job that is dealt. */
  readonly #takers = new Takers()
  /** By test: jobs that share one share its answers. */
  readonly #eligible = new Map<NodeTest, EligibleNodes>()

  constructor(table: Table, column: WorkforceKind) {
    this.#table = table
    this.#turns = new Turns({ seed: table.seed, column, accounts: table.accounts, limits: table.limits })
    this.#barred = new Barred(table.accounts)
  }

  deal({ job, eligible, window }: JobToDeal): JobDeal {
    const { accounts, limits, tally } = this.#table
    const stake = new Stake(job)
    const marks = eligible && this.#marks(eligible, stake)
    const dealing = new JobDealing(this.#turns, { stake, marks, limits, barred: this.#barred, tally })
    const takers = this.#takers
    takers.clear()
    for (const { task, missing, had, trial } of window.returned) {
      if (takers.length + missing > window.affordable) break
      // One that nobody can take (all who could had it already) doesn't hold up the others.
      dealing.place(task, dealing.demand({ replicas: missing, had: accounts.numbersOf(had), trial }), takers)
    }
    const fresh = dealing.demand({ replicas: job.replicas, had: [], trial: false })
    let cursor = window.cursor
    while (cursor < job.tasks && takers.length + job.replicas <= window.affordable) {
      if (!dealing.place(cursor, fresh, takers)) break
      cursor++
    }
    return { job: job.index, cursor, ...this.#columns(stake) }
  }

  /** Nodes that may do the job, and could take something of it as things are. */
  #marks(test: NodeTest, stake: Stake): Uint8Array {
    const { workforce, limits, tally } = this.#table
    const { members } = this.#turns
    tally.steps += members.length
    const eligible = this.#eligible.get(test) ?? new EligibleNodes(test, members, workforce.nodes)
    this.#eligible.set(test, eligible)
    const marks = new Uint8Array(workforce.nodes.length)
    for (const node of members) {
      if (eligible.has(node) && this.#turns.hasFree(node) && limits.allows(node, stake)) marks[node] = 1
    }
    return marks
  }

  /** What was taken, by node indices. */
  #columns(stake: Stake): Pick<JobDeal, 'tasks' | 'nodes' | 'trial'> {
    const { limits, workforce } = this.#table
    const { tasks, nodes } = this.#takers.columns()
    const trial = new Uint8Array(nodes.length)
    for (let i = 0; i < nodes.length; i++) {
      const node = nodes[i] ?? 0
      nodes[i] = workforce.nodes[node] ?? 0
      trial[i] = limits.inTrial(node, stake) ? 1 : 0
    }
    return { tasks, nodes, trial }
  }
}
