// Step 1: what the chain says, and what was dealt.
import { equalBytes } from '../bytes.ts'
import type { Facts, KindRules } from '../facts.ts'
import type { Deal, JobDeal } from '../workforce.ts'
import { at, type Draft, indexDeal, type JobDraft, newJob } from './draft.ts'
import { followJobs, invalidFacts, knownJob } from './jobs-known.ts'
import { taskRecord, withOwner } from './tasks.ts'

export type Rules = ReadonlyMap<number, KindRules>

export function rulesOf(facts: Pick<Facts, 'kinds'>): Rules {
  return new Map(facts.kinds.map((rules) => [rules.kind, rules]))
}

export function applyFacts(draft: Draft, facts: Facts): void {
  if (facts.epoch !== draft.epoch || !equalBytes(facts.networkId, draft.networkId)) {
    throw invalidFacts('they are of another epoch or network', { epoch: facts.epoch, expected: draft.epoch })
  }
  for (const { id, operator } of facts.joined) {
    if (id !== draft.verifiers.length) throw invalidFacts('a verifier is missing', { id })
    draft.verifiers.push({ operator, slashed: 0n })
  }
  followJobs(draft.jobs, facts, newJob)
  for (const { job } of facts.closed) dropReturned(knownJob(draft.jobs, job))
}

/** Nothing of a closed job is dealt any more: what was to be dealt again is not. */
function dropReturned(job: JobDraft): void {
  for (const [task, record] of job.tasks) {
    record.missing = 0
    if (record.out <= 0 && record.answers.length === 0) job.tasks.delete(task)
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
