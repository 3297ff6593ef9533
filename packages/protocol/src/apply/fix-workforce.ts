// Step 13: who can be dealt to three epochs from now, before the seed that deals then exists.
import type { Facts } from '../facts.ts'
import type { NodeRecord, TaskRecord } from '../state/state.ts'
import { RETURNED_OWNERS, RETURNED_TASKS } from '../state/workforce-records.ts'
import type { Work } from '../work.ts'
import type { JobWindow, Workforce, WorkforceKind } from '../workforce.ts'
import { bestTasks, isActive, standing } from './bond.ts'
import type { Rules } from './chain-facts.ts'
import { at, type Draft, type JobDraft } from './draft.ts'
import { isOpen } from './jobs-known.ts'
import { lastEpochOf } from './leases.ts'
import { SkilledNodes, type SkillsAsked } from './skills.ts'

/** Epochs between the state that fixes a workforce and the epoch that it works in. */
export const WORKFORCE_AHEAD = 3

export interface WorkforceContext {
  readonly rules: Rules
  readonly work: Work
  readonly asked: SkillsAsked
}

export function fixWorkforce(
  draft: Draft,
  facts: Facts,
  { rules, work, asked }: WorkforceContext,
): Workforce {
  const epoch = draft.epoch + WORKFORCE_AHEAD
  const { params } = facts
  const takes = (node: NodeRecord): boolean =>
    isActive(node, draft.epoch, params) && node.expiresAtEpoch >= epoch
  const before = dealtBefore(draft)
  const nodes = draft.nodes.flatMap((node, index) => (takes(node) || before[index] === 1 ? [index] : []))
  const dealt = facts.kinds.filter(({ allocation }) => allocation === 'dealt')
  const out = leasesOut(draft, epoch, rules)
  const owners = Uint32Array.from(nodes, (index) => at(draft.nodes, index).owner)
  const skilled = new SkilledNodes(draft, owners, work)
  return {
    epoch,
    nodes: Uint32Array.from(nodes),
    owners,
    bonds: BigUint64Array.from(nodes, (index) => standing(at(draft.nodes, index))),
    attributes: nodes.map((index) => at(draft.nodes, index).attributes),
    kinds: dealt.map(({ kind }): WorkforceKind => {
      const leased = out.get(kind)
      const capacities = Uint32Array.from(nodes, (index) => {
        if (!takes(at(draft.nodes, index))) return 0
        const capacity = capacityOf(draft, { index, kind, trialRows: params.trialRows })
        return Math.max(0, capacity - (leased?.[index] ?? 0))
      })
      return { kind, capacities }
    }),
    // Jobs of other kinds have a window too: nothing is ever dealt of it.
    windows: draft.jobs.filter(isOpen).map((job): JobWindow => {
      const skills = asked.get(job.job.index)
      return skills === undefined ? windowOf(job) : { ...windowOf(job), skilled: skilled.bitsOf(skills) }
    }),
  }
}

/** Nodes that the two deals before may hand something out to. Their owners must be known to the deal after those. */
function dealtBefore({ epoch, nodes, workforces }: Draft): Uint8Array {
  const marked = new Uint8Array(nodes.length)
  for (const workforce of workforces) {
    if (workforce.epoch <= epoch) continue
    for (const { capacities } of workforce.kinds) {
      for (let i = 0; i < capacities.length; i++) {
        if ((capacities[i] ?? 0) > 0) marked[workforce.nodes[i] ?? 0] = 1
      }
    }
  }
  return marked
}

interface CapacityInput {
  readonly index: number
  readonly kind: number
  readonly trialRows: number
}

/** Grows with paid work only, so that identities alone are worth little. */
function capacityOf(draft: Draft, { index, kind, trialRows }: CapacityInput): number {
  const node = at(draft.nodes, index)
  const declared = node.kinds.find((entry) => entry.kind === kind)?.capacity ?? 0
  return Math.min(declared, Math.max(trialRows, 2 * bestTasks(node, draft.epoch)))
}

/** Leases that will still run in that epoch, by kind and node. */
function leasesOut(draft: Draft, epoch: number, rules: Rules): ReadonlyMap<number, Uint32Array> {
  const out = new Map<number, Uint32Array>()
  for (const { deal, used } of draft.dealt) {
    for (const [segment, { job, nodes }] of deal.jobs.entries()) {
      const kind = at(draft.jobs, job).job.kind
      if (lastEpochOf(draft, deal.epoch, job) < epoch || !rules.has(kind)) continue
      const column = out.get(kind) ?? new Uint32Array(draft.nodes.length)
      out.set(kind, column)
      const marks = used[segment] ?? new Uint8Array()
      for (let i = 0; i < nodes.length; i++) {
        const node = nodes[i] ?? 0
        if (marks[i] === 0) column[node] = (column[node] ?? 0) + 1
      }
    }
  }
  return out
}

function windowOf({ job, cursor, inFlight, charged, tasks }: JobDraft): JobWindow {
  const returned = [...tasks.values()].filter(({ missing }) => missing > 0).sort((a, b) => a.task - b.task)
  return {
    job: job.index,
    cursor,
    inFlight,
    charged,
    returned: listable(returned).map(({ task, missing, had, trial }) => ({ task, missing, had, trial })),
  }
}

/** The first ones, as many as one record holds with their owners. */
function listable(returned: readonly TaskRecord[]): readonly TaskRecord[] {
  let owners = 0
  const end = returned.findIndex(({ had }) => {
    owners += had.length
    return owners > RETURNED_OWNERS
  })
  return returned.slice(0, Math.min(end === -1 ? returned.length : end, RETURNED_TASKS))
}
