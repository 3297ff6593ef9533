// Who can be dealt to in an epoch, and what was dealt. In columns: an epoch has 50,000 nodes and a million replicas.

import type { Attribute } from './messages.ts'

/** Nodes of one epoch, fixed by applyEpoch three epochs before: before the seed that deals it exists. */
export interface Workforce {
  readonly epoch: number
  /** Ascending; the other columns go by the same positions. */
  readonly nodes: Uint32Array
  /** The same number for all nodes of one wallet. */
  readonly owners: Uint32Array
  /** Bond plus vouch. */
  readonly bonds: BigUint64Array
  /** What jobs can ask for, as it was claimed when the workforce was fixed: nobody can choose it knowing the deal. */
  readonly attributes: readonly (readonly Attribute[])[]
  /** Ascending by kind. */
  readonly kinds: readonly WorkforceKind[]
  /** Ascending by job: what could be dealt of each, as of the state that fixed this workforce. */
  readonly windows: readonly JobWindow[]
}

export interface WorkforceKind {
  readonly kind: number
  /** Tasks that each node takes of this kind, 0 for those that do not do it. */
  readonly capacities: Uint32Array
}

export interface JobWindow {
  readonly job: number
  /** The first task that was never dealt. */
  readonly cursor: number
  /** Replicas that were dealt and are not decided. */
  readonly inFlight: number
  readonly charged: bigint
  /** Tasks below the cursor that need replicas again, ascending. */
  readonly returned: readonly ReturnedTask[]
  /** A bit for each position in the workforce: who has the skills that the job asks for. Left out where it asks for none. */
  readonly skilled?: Uint8Array
}

export interface ReturnedTask {
  readonly task: number
  readonly missing: number
  /** Owners that have, or had, a replica of it. */
  readonly had: readonly number[]
  /** One of those replicas was in trial. */
  readonly trial: boolean
}

export interface Deal {
  readonly epoch: number
  /** In dealing order. */
  readonly jobs: readonly JobDeal[]
}

/** One entry a replica, tasks in dealing order: the returned ones first, both ascending. */
export interface JobDeal {
  readonly job: number
  /** The job's cursor after this deal. */
  readonly cursor: number
  readonly tasks: Uint32Array
  readonly nodes: Uint32Array
  /** 1 where the node was in trial for this job. */
  readonly trial: Uint8Array
}
