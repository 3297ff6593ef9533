// What is true of every state, and of every step from one to the next. Each check answers what is not.
import type { Applied } from '../../src/apply/apply.ts'
import { lastEpochOf } from '../../src/apply/leases.ts'
import { isAdmitted } from '../../src/apply/tasks.ts'
import { equalBytes } from '../../src/bytes.ts'
import type { Job } from '../../src/facts.ts'
import { isPruned } from '../../src/state/pruned.ts'
import { type JobRecord, NEVER, type State } from '../../src/state/state.ts'
import { costOf, replicaValue } from '../../src/value.ts'

type Unless = (holds: boolean, what: string) => void

/** What does not hold, of all that is said to. */
function problemsOf(check: (unless: Unless) => void): string[] {
  const found: string[] = []
  check((holds, what) => {
    if (!holds) found.push(what)
  })
  return found
}

function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((total, amount) => total + amount, 0n)
}

/** All money: what jobs were charged is with accounts, in bonds, or held. */
export function moneyProblems({ state, attestation }: Applied): string[] {
  const { jobs, accounts, nodes, verifiers } = state
  const charged = sum(jobs.map((job) => job.charged))
  const released = sum(accounts.map((account) => account.released))
  const behindNodes = sum(nodes.map(({ bond, held }) => bond + held))
  return problemsOf((unless) => {
    unless(charged === released + behindNodes, `charged ${charged}, found ${released} + ${behindNodes}`)
    unless(attestation.jobs.total === charged, 'the total of jobs')
    unless(attestation.accounts.total === released, 'the total of accounts')
    unless(attestation.slashes.total === sum(verifiers.map(({ slashed }) => slashed)), 'the total of slashes')
    for (const { job, charged: amount, done, inFlight } of jobs) {
      unless(amount <= job.deposit, `job ${job.index} was charged ${amount} of ${job.deposit}`)
      unless(!done || inFlight === 0, `job ${job.index} is done with ${inFlight} in flight`)
    }
    const waiting = new Set(state.carried.map(({ node }) => node))
    for (const [index, { held }] of nodes.entries()) {
      unless(held === 0n || waiting.has(index), `pay of node ${index} is held for nothing`)
    }
  })
}

/** Amounts never shrink, owners never change, and what is done stays done. */
export function monotoneProblems(before: State, after: State): string[] {
  return problemsOf((unless) => {
    for (const [i, job] of before.jobs.entries()) {
      const now = after.jobs[i]
      unless(now !== undefined && sameJob(now.job, job.job), `job ${i} is another one`)
      unless(now !== undefined && now.charged >= job.charged, `job ${i} was charged less`)
      unless(!job.done || (now?.done === true && now.charged === job.charged), `job ${i} was done`)
    }
    for (const [i, { owner, released }] of before.accounts.entries()) {
      unless(after.accounts[i]?.owner === owner, `account ${i} has another owner`)
      unless((after.accounts[i]?.released ?? -1n) >= released, `account ${i} shrank`)
    }
    for (const [i, { wallet, account }] of before.owners.entries()) {
      const now = after.owners[i]
      unless(now !== undefined && equalBytes(now.wallet, wallet), `owner ${i} has another wallet`)
      unless(account === NEVER || now?.account === account, `owner ${i} has another account`)
    }
    for (const [i, { nodeKey, owner }] of before.nodes.entries()) {
      const now = after.nodes[i]
      const known = now !== undefined && (isPruned(now) || equalBytes(now.nodeKey, nodeKey))
      unless(known, `node ${i} has another key`)
      unless(now?.owner === owner, `node ${i} has another owner`)
    }
    for (const [i, { operator, slashed }] of before.verifiers.entries()) {
      const now = after.verifiers[i]
      unless(now !== undefined && equalBytes(now.operator, operator), `verifier ${i} has another operator`)
      unless((now?.slashed ?? -1n) >= slashed, `slashes of verifier ${i} shrank`)
    }
  })
}

function sameJob(a: Job, b: Job): boolean {
  return a.index === b.index && a.deposit === b.deposit && equalBytes(a.requester, b.requester)
}

/** What is in flight is just what can still be charged, and the deposit covers it. */
export function inFlightProblems(state: State): string[] {
  return problemsOf((unless) => {
    const out = replicasOut(state)
    for (const record of state.jobs) {
      const { job, charged, inFlight, tasks } = record
      const answers = tasks.reduce((count, task) => count + task.answers.length, 0)
      const real = out.ofJob(job.index) + answers
      unless(inFlight === real, `job ${job.index} says ${inFlight} in flight, there are ${real}`)
      if (!isDealt(record)) continue
      const most = charged + costOf(job, replicaValue(job) * BigInt(inFlight))
      unless(most <= job.deposit, `job ${job.index} can cost ${most} of ${job.deposit}`)
      for (const task of tasks) {
        const known = out.ofTask(job.index, task.task)
        unless(task.out === known, `task ${task.task} of job ${job.index} says ${task.out} out, not ${known}`)
        unless(task.missing >= 0, `task ${task.task} of job ${job.index} misses ${task.missing}`)
      }
    }
  })
}

function isDealt({ cursor }: JobRecord): boolean {
  return cursor > 0
}

/** A count for each task of each job. */
class TaskCounts {
  readonly #tasks = new Map<string, number>()
  readonly #jobs = new Map<number, number>()

  add(job: number, task: number): void {
    const key = `${job}/${task}`
    this.#tasks.set(key, this.ofTask(job, task) + 1)
    this.#jobs.set(job, this.ofJob(job) + 1)
  }

  ofTask(job: number, task: number): number {
    return this.#tasks.get(`${job}/${task}`) ?? 0
  }

  ofJob(job: number): number {
    return this.#jobs.get(job) ?? 0
  }
}

/** Replicas that are with somebody: leases that were not used, and rows that are carried. */
function replicasOut(state: State): TaskCounts {
  const out = new TaskCounts()
  for (const { deal, used } of state.dealt) {
    for (const [segment, { job, tasks }] of deal.jobs.entries()) {
      if (lastEpochOf(state, deal.epoch, job) <= state.epoch) continue
      for (const [i, task] of tasks.entries()) if (used[segment]?.[i] === 0) out.add(job, task)
    }
  }
  for (const { table, start, end } of state.carried) {
    for (let i = start; i < end; i++) {
      if (isAdmitted(table, i)) out.add(table.jobs[i] ?? 0, table.tasks[i] ?? 0)
    }
  }
  return out
}
