// Whose row of a standing job would count, as far as the newest state tells.
import type { Job, State, Work } from '@piecework/protocol'
import { isActive } from '@piecework/protocol'

export interface TakersOf {
  readonly job: Job
  readonly epoch: number
  readonly idleEpochs: number
  readonly work: Pick<Work, 'eligible'>
}

export interface Taker {
  readonly node: number
  readonly nodeKey: Uint8Array
}

export function takersIn(
  { nodes, owners }: State,
  { job, epoch, idleEpochs, work }: TakersOf,
): readonly Taker[] {
  const test = work.eligible(job)
  return nodes.flatMap((one, node) => {
    const { nodeKey, owner, attributes, kinds } = one
    const does = kinds.some(({ kind, capacity }) => kind === job.kind && capacity > 0)
    const wallet = owners[owner]?.wallet
    if (!does || wallet === undefined || !isActive(one, epoch, { idleEpochs })) return []
    // As rows of what is not dealt are judged.
    const asked = { index: node, nodeKey, wallet, attributes, skilled: false }
    return test === undefined || test(asked) ? [{ node, nodeKey }] : []
  })
}
