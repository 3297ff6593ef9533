// Step 1: what the chain says, and the deal that follows from it.

import { equalBytes } from '../bytes.ts'
import { positionOf } from '../deal/position.ts'
import { dealEpoch } from '../deal.ts'
import { ProtocolError } from '../errors.ts'
import type { Facts, KindRules } from '../facts.ts'
import { NEVER } from '../state/state.ts'
import { replicaValue } from '../value.ts'
import type { Work } from '../work.ts'
import type { Deal, JobDeal, Workforce } from '../workforce.ts'
import { at, type Draft, indexDeal, type JobDraft, newJob } from './draft.ts'
import { taskRecord, withOwner } from './tasks.ts'

export type Rules = ReadonlyMap<number, KindRules>

export function rulesOf(facts: Facts): Rules {
  return new Map(facts.kinds.map((rules) => [rules.kind, rules]))
}

export function applyFacts(draft: Draft, facts: Facts): void {
  if (facts.epoch !== draft.epoch || !equalBytes(facts.networkId, draft.networkId)) {
    throw invalid('they are of another epoch or network', { epoch: facts.epoch, expected: draft.epoch })
  }
  for (const { id, operator } of facts.joined) {
    if (id !== draft.verifiers.length) throw invalid('a verifier is missing', { id })
    draft.verifiers.push({ operator, slashed: 0n })
  }
  for (const job of facts.created) {
    if (job.index !== draft.jobs.length) throw invalid('a job is missing', { job: job.index })
    draft.jobs.push(newJob(job))
  }
  for (const { job, slot } of facts.opened) knownJob(draft, job).openSlot = slot
  for (const { job } of facts.closed) closeJob(draft, knownJob(draft, job))
}

function knownJob(draft: Draft, index: number): JobDraft {
  const job = draft.jobs[index]
  if (job === undefined) throw invalid('a job was never created', { job: index })
  return job
}

/** Nothing of it is dealt any more: what was to be dealt again is not. */
function closeJob(draft: Draft, job: JobDraft): void {
  job.closedAt = draft.epoch
  for (const [task, record] of job.tasks) {
    record.missing = 0
    if (record.out <= 0 && record.answers.length === 0) job.tasks.delete(task)
  }
}

function invalid(why: string, context: Readonly<Record<string, unknown>>): ProtocolError {
  return new ProtocolError(
    'facts/invalid',
    `These facts do not follow the state: ${why}. Read the chain again.`,
    context,
  )
}

export interface DealInput {
  readonly facts: Facts
  readonly rules: Rules
  readonly work: Work
}

/** The deal of this epoch: what every node was told at the epoch's start. */
export function dealDue(draft: Draft, { facts, rules, work }: DealInput): Deal {
  const workforce = draft.workforces.find(({ epoch }) => epoch === draft.epoch)
  if (workforce === undefined)
    throw invalid('the state has no workforce for this epoch', { epoch: draft.epoch })
  const dealing = draft.jobs.filter((job) => isDealing(job, rules))
  const recent = draft.dealt.map(({ deal }) => deal).filter(({ epoch }) => epoch >= draft.epoch - 2)
  return dealEpoch({
    workforce,
    recent,
    jobs: dealing.map(({ job, openSlot }) => {
      const eligible = eligibility(draft, workforce, work.eligible(job))
      return eligible === undefined ? { job, openSlot } : { job, openSlot, eligible }
    }),
    startSlot: facts.startSlot,
    seed: facts.dealSeed,
    rules,
    trialRows: facts.params.trialRows,
  })
}

/** Open, of a kind that is dealt, and worth something: labour for nothing could lock up everybody's capacity. */
function isDealing({ job, openSlot, closedAt }: JobDraft, rules: Rules): boolean {
  const open = openSlot !== NEVER && closedAt === NEVER
  return open && rules.get(job.kind)?.allocation === 'dealt' && replicaValue(job) > 0n
}

/** Keys and wallets never change; attributes count as they were when the workforce was fixed. */
function eligibility(
  draft: Draft,
  workforce: Workforce,
  test: ReturnType<Work['eligible']>,
): ((index: number) => boolean) | undefined {
  if (test === undefined) return undefined
  return (index) => {
    const { nodeKey, owner } = at(draft.nodes, index)
    const attributes = workforce.attributes[positionOf(workforce.nodes, index) ?? NEVER] ?? []
    return test({ index, nodeKey, wallet: at(draft.owners, owner).wallet, attributes })
  }
}

/** From now on these replicas are in flight. */
export function recordDeal(draft: Draft, deal: Deal): void {
  for (const dealt of deal.jobs) recordJobDeal(draft, dealt)
  indexDeal(draft.dealsOf, deal)
  draft.dealt.push({ deal, used: deal.jobs.map(({ tasks }) => new Uint8Array(tasks.length)) })
}

function recordJobDeal(draft: Draft, dealt: JobDeal): void {
  const job = at(draft.jobs, dealt.job)
  job.inFlight += dealt.tasks.length
  for (const [i, task] of dealt.tasks.entries()) {
    if (task >= job.cursor) break
    const record = taskRecord(draft, job, task)
    record.out += 1
    // A judgement that did not wait for this replica has taken it off the list.
    record.missing = Math.max(0, record.missing - 1)
    record.had = withOwner(record.had, at(draft.nodes, dealt.nodes[i] ?? 0).owner)
    record.trial ||= dealt.trial[i] === 1
    record.lastDealt = draft.epoch
  }
  job.cursor = dealt.cursor
}
