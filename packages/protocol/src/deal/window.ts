// A job's window: which tasks can be dealt, and how many replicas its deposit still covers.
import type { Job } from '../facts.ts'
import { affordablePay, replicaValue } from '../value.ts'
import type { Deal, JobDeal, JobWindow, ReturnedTask, Workforce } from '../workforce.ts'
import { positionOf } from './position.ts'

/** A job of more replicas than this is bounded by its tasks, not by its deposit. */
const COUNTLESS = 2n ** 52n

export interface Window {
  readonly returned: readonly ReturnedTask[]
  /** Tasks that were never dealt: from the cursor up to the job's end. */
  readonly cursor: number
  /** Replicas that can be dealt before the deposit, or the epoch's budget, is exhausted. */
  readonly affordable: number
}

/** As the workforce knew the jobs, with what the deals since have handed out. */
export class Windows {
  readonly #workforce: Workforce
  readonly #fixed: ReadonlyMap<number, JobWindow>
  readonly #since = new Map<number, JobDeal[]>()

  constructor(workforce: Workforce, recent: readonly Deal[]) {
    this.#workforce = workforce
    this.#fixed = new Map(workforce.windows.map((window) => [window.job, window]))
    for (const dealt of recent.flatMap(({ jobs }) => jobs)) {
      const earlier = this.#since.get(dealt.job)
      if (earlier === undefined) this.#since.set(dealt.job, [dealt])
      else earlier.push(dealt)
    }
  }

  of(job: Job): Window {
    const fixed = this.#fixed.get(job.index) ?? untouched(job.index)
    const since = this.#since.get(job.index) ?? []
    const inFlight = since.reduce((sum, { tasks }) => sum + tasks.length, fixed.inFlight)
    return {
      returned: since.length === 0 ? fixed.returned : this.#stillReturned(fixed, since),
      cursor: since.reduce((greatest, { cursor }) => Math.max(greatest, cursor), fixed.cursor),
      affordable: Math.min(affordableReplicas(job, fixed.charged) - inFlight, replicasInBudget(job)),
    }
  }

  /** Without the replicas that were dealt again meanwhile; whoever has one can't get another. */
  #stillReturned(fixed: JobWindow, since: readonly JobDeal[]): ReturnedTask[] {
    const again = new Map(fixed.returned.map((task) => [task.task, task]))
    for (const { tasks, nodes, trial } of since) {
      // Tasks are ascending: from the cursor on they were new.
      for (let i = 0; i < tasks.length && (tasks[i] ?? 0) < fixed.cursor; i++) {
        const before = again.get(tasks[i] ?? 0)
        if (before === undefined) continue
        again.set(before.task, {
          task: before.task,
          missing: before.missing - 1,
          had: [...before.had, ...this.#ownerOf(nodes[i] ?? 0)],
          trial: before.trial || trial[i] === 1,
        })
      }
    }
    return [...again.values()].filter(({ missing }) => missing > 0)
  }

  /** None for a node that has left the workforce. */
  #ownerOf(node: number): number[] {
    const { nodes, owners } = this.#workforce
    const position = positionOf(nodes, node)
    return position === undefined ? [] : [owners[position] ?? 0]
  }
}

/** Whether there is anything to deal. */
export function offersAny({ returned, cursor, affordable }: Window, job: Job): boolean {
  return affordable > 0 && (returned.length > 0 || cursor < job.tasks)
}

function untouched(job: number): JobWindow {
  return { job, cursor: 0, inFlight: 0, charged: 0n, returned: [] }
}

/** Of all replicas that are or will be undecided: pay and fees stay within what is left of the deposit. */
function affordableReplicas(job: Job, charged: bigint): number {
  const left = job.deposit - charged
  return left < 0n ? 0 : replicasFor(job, affordablePay(job, left))
}

/** Nobody is dealt labour of a `share` job that the budget of one epoch could not pay, however well it is done. */
function replicasInBudget(job: Job): number {
  return job.rule === 'share' ? replicasFor(job, job.price) : Number(COUNTLESS)
}

function replicasFor(job: Job, pay: bigint): number {
  const value = replicaValue(job)
  const replicas = value === 0n ? COUNTLESS : pay / value
  return Number(replicas < COUNTLESS ? replicas : COUNTLESS)
}
