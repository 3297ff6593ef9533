// When and whom this verifier measures in an epoch: a function of its secret, so that no node knows, and anybody can
// compute it afterwards.
import { compareBytes } from '@piecework/protocol'
import { bytesOfPlans, lotOf, type MeasuringPlan, momentsOf } from '@piecework/work'

export interface MeasuredJob {
  readonly job: number
  readonly plan: MeasuringPlan
  /** Who may do it. */
  readonly nodes: readonly { readonly node: number; readonly nodeKey: Uint8Array }[]
}

export interface PlanInput {
  readonly secret: Uint8Array
  readonly epoch: number
  /** Slots: the first, and the one after the last. */
  readonly from: number
  readonly to: number
  readonly jobs: readonly MeasuredJob[]
  /** In each direction. */
  readonly bytes: number
}

export interface PlannedMoment {
  readonly slot: number
  readonly job: number
  readonly node: number
  readonly nodeKey: Uint8Array
  readonly moment: number
}

/** As many nodes as there are bytes for, by lot; each with all of its moments. Ascending by slot. */
export function planMeasuring({ jobs, bytes, ...when }: PlanInput): readonly PlannedMoment[] {
  const { secret, epoch } = when
  const all = jobs.flatMap(({ job, plan, nodes }) =>
    nodes.map(({ node, nodeKey }) => {
      return { job, plan, node, nodeKey, lot: lotOf({ secret, epoch, nodeKey, job }) }
    }),
  )
  all.sort((a, b) => compareBytes(a.lot, b.lot))
  let left = bytes
  const planned: PlannedMoment[] = []
  for (const { job, plan, node, nodeKey } of all) {
    left -= bytesOfPlans([plan])
    if (left < 0) break
    const slots = momentsOf({ ...when, nodeKey, job, count: plan.moments })
    for (const [moment, slot] of slots.entries()) planned.push({ slot, job, node, nodeKey, moment })
  }
  return planned.sort((a, b) => a.slot - b.slot)
}
