// A working copy of the state: applyEpoch's steps change it, the state it was made of stays as it is.
import type { Job } from '../facts.ts'
import { KeyIndex } from '../key-index.ts'
import {
  type AccountRecord,
  type CarriedStint,
  type DealtEpoch,
  type JobRecord,
  NEVER,
  type NodeRecord,
  type OwnerRecord,
  type State,
  type TaskRecord,
  type VerifierRecord,
} from '../state/state.ts'
import type { Deal, JobDeal, Workforce } from '../workforce.ts'

export type Mutable<T> = { -readonly [K in keyof T]: T[K] }

export interface JobDraft extends Mutable<Omit<JobRecord, 'tasks' | 'openNext'>> {
  readonly tasks: Map<number, Mutable<TaskRecord>>
  readonly openNext: Map<number, number>
}

export interface Draft {
  readonly networkId: Uint8Array
  readonly epoch: number
  readonly nodes: Mutable<NodeRecord>[]
  /** Replaced where they change, which few do. */
  readonly owners: OwnerRecord[]
  readonly accounts: Mutable<AccountRecord>[]
  readonly jobs: JobDraft[]
  readonly verifiers: Mutable<VerifierRecord>[]
  dealt: DealtEpoch[]
  /** What the kept deals handed out of each job, ascending by epoch. */
  readonly dealsOf: Map<number, JobDealt[]>
  workforces: readonly Workforce[]
  carried: readonly CarriedStint[]
  readonly nodeOfKey: () => KeyIndex
  readonly ownerOfWallet: () => KeyIndex
}

export function draftOf(state: State): Draft {
  const nodes = state.nodes.map((node) => ({ ...node }))
  const owners = [...state.owners]
  const dealsOf = new Map<number, JobDealt[]>()
  for (const { deal } of state.dealt) indexDeal(dealsOf, deal)
  return {
    networkId: state.networkId,
    epoch: state.epoch + 1,
    nodes,
    owners,
    accounts: state.accounts.map((account) => ({ ...account })),
    jobs: state.jobs.map(jobDraftOf),
    verifiers: state.verifiers.map((verifier) => ({ ...verifier })),
    dealt: state.dealt.map(({ deal, used }) => ({ deal, used: used.map((column) => column.slice()) })),
    dealsOf,
    workforces: state.workforces,
    carried: state.carried,
    nodeOfKey: once(() => new KeyIndex(nodes.length, (i) => at(nodes, i).nodeKey)),
    ownerOfWallet: once(() => new KeyIndex(owners.length, (i) => at(owners, i).wallet)),
  }
}

export interface JobDealt {
  readonly epoch: number
  readonly dealt: JobDeal
}

/** Puts a deal's jobs where they are found by their index. */
export function indexDeal(dealsOf: Map<number, JobDealt[]>, { epoch, jobs }: Deal): void {
  for (const dealt of jobs) {
    const known = dealsOf.get(dealt.job)
    if (known === undefined) dealsOf.set(dealt.job, [{ epoch, dealt }])
    else known.push({ epoch, dealt })
  }
}

export function stateOf(draft: Draft): State {
  const { networkId, epoch, nodes, owners, accounts, verifiers, dealt, workforces, carried } = draft
  const jobs = draft.jobs.map((job) => ({
    ...job,
    tasks: [...job.tasks.values()].sort((a, b) => a.task - b.task),
    openNext: [...job.openNext].map(([node, task]) => ({ node, task })).sort((a, b) => a.node - b.node),
  }))
  return { networkId, epoch, nodes, owners, accounts, jobs, verifiers, dealt, workforces, carried }
}

export function newJob(job: Job): JobDraft {
  return {
    job,
    openSlot: NEVER,
    closedAt: NEVER,
    charged: 0n,
    done: false,
    cursor: 0,
    inFlight: 0,
    tasks: new Map(),
    openNext: new Map(),
    memory: new Uint8Array(),
  }
}

function jobDraftOf(record: JobRecord): JobDraft {
  return {
    ...record,
    tasks: new Map(record.tasks.map((task) => [task.task, { ...task }])),
    openNext: new Map(record.openNext.map(({ node, task }) => [node, task])),
  }
}

/** The owner with this wallet, made when there is none. */
export function ownerFor(draft: Draft, wallet: Uint8Array): number {
  const found = draft.ownerOfWallet().find(wallet)
  if (found !== undefined) return found
  const index = draft.owners.push({ wallet, account: NEVER, minAmount: 0n, maxFee: 0n, enterFrom: 0n }) - 1
  draft.ownerOfWallet().add(index)
  return index
}

export function changeOwner(draft: Draft, index: number, change: Partial<OwnerRecord>): void {
  draft.owners[index] = { ...at(draft.owners, index), ...change }
}

/** An element that must be there: a missing one is a fault of this code, not of its input. */
export function at<T>(list: readonly T[], index: number): T {
  const element = list[index]
  if (element === undefined) throw new RangeError(`nothing at ${index} of ${list.length}`)
  return element
}

function once<T>(make: () => T): () => T {
  let made: T | undefined
  return () => {
    made ??= make()
    return made
  }
}
