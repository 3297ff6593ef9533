// Deals the jobs of one kind, turn by turn.
import { shuffle } from '../draws.ts'
import type { Job } from '../facts.ts'
import { replicaValue } from '../value.ts'
import type { JobDeal, Workforce, WorkforceKind } from '../workforce.ts'
import type { NodeLimits } from './limits.ts'
import type { Window } from './window.ts'

/** A node whose bond is below this many times the price of a task is in trial for the job. */
const TRIAL_TASKS = 10n

export interface KindDealerInput {
  readonly workforce: Workforce
  readonly column: WorkforceKind
  readonly seed: Uint8Array
  readonly limits: NodeLimits
}

export interface JobToDeal {
  readonly job: Job
  readonly eligible: ((node: number) => boolean) | undefined
  readonly window: Window
}

interface Turn {
  readonly nodes: Uint32Array
  readonly used: Uint8Array
}

interface Wanted {
  readonly task: number
  readonly replicas: number
  readonly had: ReadonlySet<number>
  readonly trial: boolean
}

export class KindDealer {
  readonly #input: KindDealerInput
  readonly #turns: Turn[] = []

  constructor(input: KindDealerInput) {
    this.#input = input
  }

  deal(wanted: JobToDeal): JobDeal {
    const { job, window } = wanted
    const tasks: number[] = []
    const nodes: number[] = []
    const trial: number[] = []
    let left = window.affordable
    const place = (task: Wanted): boolean => {
      const picks = this.#place(wanted, task)
      for (const pick of picks ?? []) {
        left -= 1
        tasks.push(task.task)
        nodes.push(this.#input.workforce.nodes[pick] ?? 0)
        trial.push(this.#inTrial(job, pick) ? 1 : 0)
      }
      return picks !== undefined
    }
    for (const { task, missing, had, trial } of window.returned) {
      if (missing > left) break
      place({ task, replicas: missing, had: new Set(had), trial })
    }
    let cursor = window.cursor
    while (cursor < job.tasks && job.replicas > 0 && job.replicas <= left) {
      if (!place({ task: cursor, replicas: job.replicas, had: new Set(), trial: false })) break
      cursor++
    }
    return {
      job: job.index,
      cursor,
      tasks: Uint32Array.from(tasks),
      nodes: Uint32Array.from(nodes),
      trial: Uint8Array.from(trial),
    }
  }

  #inTrial(job: Job, node: number): boolean {
    return (this.#input.workforce.bonds[node] ?? 0n) < TRIAL_TASKS * replicaValue(job)
  }

  #turn(turn: number): Turn {
    const known = this.#turns[turn]
    if (known !== undefined) return known
    const { column, seed } = this.#input
    const nodes = Uint32Array.from(
      [...column.capacities.keys()].filter((node) => (column.capacities[node] ?? 0) > turn),
    )
    shuffle(nodes, { seed, kind: column.kind, turn })
    const made = { nodes, used: new Uint8Array(nodes.length) }
    this.#turns.push(made)
    return made
  }

  #place(wanted: JobToDeal, task: Wanted): number[] | undefined {
    for (let turn = 0; this.#turn(turn).nodes.length > 0; turn++) {
      const { nodes, used } = this.#turn(turn)
      const picks = this.#pick(wanted, { task, turn: { nodes, used } })
      if (picks.length < task.replicas) continue
      for (const position of picks) {
        used[position] = 1
        this.#input.limits.add(nodes[position] ?? 0, replicaValue(wanted.job))
      }
      return picks.map((position) => nodes[position] ?? 0)
    }
    return undefined
  }

  #pick({ job, eligible }: JobToDeal, { task, turn }: { task: Wanted; turn: Turn }): number[] {
    const { workforce, limits } = this.#input
    const picks: number[] = []
    const owners = new Set(task.had)
    let trial = task.trial
    for (const [position, node] of turn.nodes.entries()) {
      if (picks.length === task.replicas) break
      const owner = workforce.owners[node] ?? 0
      if (turn.used[position] === 1 || owners.has(owner)) continue
      if (eligible !== undefined && !eligible(workforce.nodes[node] ?? 0)) continue
      if (!limits.allows(node, replicaValue(job))) continue
      if (this.#inTrial(job, node)) {
        if (trial) continue
        trial = true
      }
      owners.add(owner)
      picks.push(position)
    }
    return picks
  }
}
