// Steps 11 and 12 and what ends with an epoch: slashes, leases that ran out, jobs that are done.
import type { Facts } from '../facts.ts'
import { type DealtEpoch, NEVER } from '../state/state.ts'
import { BPS_ONE } from '../value.ts'
import type { Work } from '../work.ts'
import { at, type Draft, type JobDraft } from './draft.ts'
import { lastEpochOf } from './leases.ts'
import { skillsLeft } from './skills.ts'
import { returnReplica } from './tasks.ts'
import type { Offence } from './weigh-evidence.ts'

/** Deals that the next epochs' deals build on. */
const RECENT_DEALS = 2

/** Undelivered replicas whose lease ends with this epoch go back to their job. */
export function endLeases(draft: Draft): void {
  for (const { deal, used } of draft.dealt) {
    for (const [segment, { job: index, tasks, nodes, trial }] of deal.jobs.entries()) {
      if (lastEpochOf(draft, deal.epoch, index) !== draft.epoch) continue
      const job = at(draft.jobs, index)
      const delivered = used[segment] ?? new Uint8Array()
      for (let i = 0; i < tasks.length; i++) {
        if (delivered[i] === 1) continue
        job.inFlight -= 1
        const { owner } = at(draft.nodes, nodes[i] ?? 0)
        const inTrial = trial[i] === 1
        returnReplica(draft, { job, task: tasks[i] ?? 0, owner, delivered: false, trial: inTrial })
      }
    }
  }
  const isRecent = ({ deal }: DealtEpoch): boolean => deal.epoch > draft.epoch - RECENT_DEALS
  draft.dealt = draft.dealt
    .map((dealt) => (isRecent(dealt) ? dealt : stillOut(draft, dealt)))
    .filter((dealt) => isRecent(dealt) || dealt.deal.jobs.length > 0)
}

/** Of a deal that no deal builds on any more: the leases that still run and were not used. */
function stillOut(draft: Draft, { deal, used }: DealtEpoch): DealtEpoch {
  const { epoch } = deal
  const out = deal.jobs.flatMap((dealt, segment) => {
    if (lastEpochOf(draft, epoch, dealt.job) <= draft.epoch) return []
    const marks = used[segment] ?? new Uint8Array()
    const isOut = (_: number, i: number): boolean => marks[i] === 0
    const { tasks, nodes, trial } = dealt
    const left = { tasks: tasks.filter(isOut), nodes: nodes.filter(isOut), trial: trial.filter(isOut) }
    return left.tasks.length === 0 ? [] : [{ ...dealt, ...left }]
  })
  return { deal: { epoch, jobs: out }, used: out.map(({ tasks }) => new Uint8Array(tasks.length)) }
}

/** All offences of one epoch together cost at most the stake. */
export function slash(draft: Draft, facts: Facts, offences: readonly Offence[]): void {
  for (const { id, stake } of facts.snapshot) {
    const bps = offences.reduce((sum, offence) => sum + (offence.verifier === id ? offence.bps : 0), 0)
    const most = BigInt(bps) < BPS_ONE ? BigInt(bps) : BPS_ONE
    if (bps > 0) at(draft.verifiers, id).slashed += (stake * most) / BPS_ONE
  }
}

export function finishJobs(draft: Draft, work: Work): void {
  for (const job of draft.jobs) {
    if (job.done || !canNoLongerCharge(job)) continue
    job.done = true
    job.tasks.clear()
    job.openNext.clear()
    job.memory = skillsLeft(job, work)
  }
}

function canNoLongerCharge({ closedAt, inFlight }: JobDraft): boolean {
  return closedAt !== NEVER && inFlight === 0
}
