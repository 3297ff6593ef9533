// What an epoch's facts say of jobs: which were made, opened and closed.
import type { Job as FactJob, Facts } from '@piecework/protocol'
import type { Epoch } from '../accounts/epoch.ts'
import { bytesOf } from '../address.ts'
import { ChainError } from '../errors.ts'
import type { FoundJob } from './jobs.ts'

interface JobWindow {
  readonly epoch: Pick<Epoch, 'number' | 'startsAt' | 'endsAt'>
  /** S_{e-1}. */
  readonly closedFrom: number
  /** Jobs that the facts before have named. */
  readonly known: number
  /** Jobs that the chain has given an index to: those that are not known are all still there. */
  readonly given: number
}

type JobFacts = Pick<Facts, 'created' | 'opened' | 'closed'>

export function jobFacts(
  jobs: readonly FoundJob[],
  { epoch, closedFrom, known, given }: JobWindow,
): JobFacts {
  const { number, startsAt, endsAt } = epoch
  const openFrom = number === 0 ? 0 : startsAt
  requireAll(jobs, known, given)
  const created = jobs.filter((job) => job.index >= known && job.createdSlot < endsAt)
  const inOrder = (events: Facts['opened']): Facts['opened'] =>
    [...events].sort((a, b) => a.slot - b.slot || a.job - b.job)
  const opened = jobs.filter(({ openSlot }) => openSlot > 0 && openSlot >= openFrom && openSlot < endsAt)
  const closed = jobs.filter(
    ({ closeSlot }) => closeSlot > 0 && closeSlot >= closedFrom && closeSlot < startsAt,
  )
  return {
    created: created.map(factJob),
    opened: inOrder(opened.map(({ index, openSlot }) => ({ job: index, slot: openSlot }))),
    closed: inOrder(closed.map(({ index, closeSlot }) => ({ job: index, slot: closeSlot }))),
  }
}

/** An account that an endpoint leaves out would be a job that this verifier alone does not know. */
function requireAll(jobs: readonly FoundJob[], known: number, given: number): void {
  const found = new Set(jobs.map(({ index }) => index))
  for (let index = known; index < given; index++) if (!found.has(index)) throw incomplete(index)
}

/** What never changes of a job, as facts have it. */
export function factJob(job: FoundJob): FactJob {
  return {
    index: job.index,
    requester: bytesOf(job.requester),
    kind: job.workKind,
    rule: job.rule,
    price: job.price,
    capPrice: job.capPrice,
    tasks: job.tasks,
    replicas: job.replicas,
    maxUnits: job.maxUnits,
    leaseEpochs: job.leaseEpochs,
    verifierBps: job.verifierBps,
    settleBps: job.settleBps,
    deposit: job.deposit,
    specHash: job.specHash,
    allowRoot: job.allowRoot,
  }
}

function incomplete(index: number): ChainError {
  const message = `Job ${index} is missing where later ones are: the endpoint leaves accounts out. Use another one.`
  return new ChainError('facts/incomplete', message, { index })
}
