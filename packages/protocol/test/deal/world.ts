// Workforces and jobs for tests that say what they deal.
import type { DealInput, DealJob } from '../../src/deal.ts'
import type { Job } from '../../src/facts.ts'
import type { JobWindow } from '../../src/workforce.ts'
import { aJob, EPOCH, rulesFor, START_SLOT } from './cases.ts'

export const KIND = 3
/** Out of trial and far from its limit in every test. */
export const RICH: bigint = 10n ** 12n

export interface WorldNode {
  readonly owner: number
  readonly bond: bigint
  readonly capacity: number
}

export interface World {
  readonly nodes: readonly WorldNode[]
  readonly jobs: readonly DealJob[]
  readonly windows?: readonly JobWindow[]
}

/** Node i has index i. */
export function worldInput({ nodes, jobs, windows = [] }: World): DealInput {
  return {
    workforce: {
      epoch: EPOCH,
      nodes: Uint32Array.from(nodes.keys()),
      owners: Uint32Array.from(nodes, ({ owner }) => owner),
      bonds: BigUint64Array.from(nodes, ({ bond }) => bond),
      attributes: nodes.map(() => []),
      kinds: [{ kind: KIND, capacities: Uint32Array.from(nodes, ({ capacity }) => capacity) }],
      windows,
    },
    recent: [],
    jobs,
    startSlot: START_SLOT,
    seed: new Uint8Array(32).fill(7),
    rules: rulesFor([KIND]),
    trialRows: 5,
  }
}

export function nodesOf(count: number, make: (i: number) => Partial<WorldNode> = () => ({})): WorldNode[] {
  return Array.from({ length: count }, (_, i) => ({ owner: i, bond: RICH, capacity: 1, ...make(i) }))
}

/** A job that is open when the epoch starts. */
export function openJob(
  index: number,
  job: Partial<Job> = {},
  eligible?: (node: number) => boolean,
): DealJob {
  const standing = { job: aJob({ ...job, index }), openSlot: START_SLOT - 1 }
  return eligible === undefined ? standing : { ...standing, eligible }
}
