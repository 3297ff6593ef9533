// What the chain says of jobs, as far as a deal asks: which there are, when each opened, and when it ended.
import { ProtocolError } from '../errors.ts'
import type { Facts, Job } from '../facts.ts'
import { NEVER } from '../state/state.ts'

export interface KnownJob {
  readonly job: Job
  openSlot: number
  closedAt: number
}

export type JobFacts = Pick<Facts, 'epoch' | 'created' | 'opened' | 'closed'>

/** Adds to the jobs what an epoch's facts say of them. */
export function followJobs<T extends KnownJob>(jobs: T[], facts: JobFacts, make: (job: Job) => T): void {
  for (const job of facts.created) {
    if (job.index !== jobs.length) throw invalidFacts('a job is missing', { job: job.index })
    jobs.push(make(job))
  }
  for (const { job, slot } of facts.opened) knownJob(jobs, job).openSlot = slot
  for (const { job } of facts.closed) knownJob(jobs, job).closedAt = facts.epoch
}

export function isOpen({ openSlot, closedAt }: KnownJob): boolean {
  return openSlot !== NEVER && closedAt === NEVER
}

export function knownJob<T extends KnownJob>(jobs: readonly T[], index: number): T {
  const job = jobs[index]
  if (job === undefined) throw invalidFacts('a job was never created', { job: index })
  return job
}

export function invalidFacts(why: string, context: Readonly<Record<string, unknown>>): ProtocolError {
  return new ProtocolError(
    'facts/invalid',
    `These facts do not follow the state: ${why}. Read the chain again.`,
    context,
  )
}
