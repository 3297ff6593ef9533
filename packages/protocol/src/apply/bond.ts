// What stands behind a node's work, and what should.
import type { Facts, Params } from '../facts.ts'
import { HISTORY_EPOCHS, NEVER, type NodeHistory, type NodeRecord } from '../state/state.ts'
import type { Draft, Mutable } from './draft.ts'

/** Bond plus vouch: what counts wherever a bond does. */
export function standing(node: NodeRecord): bigint {
  return node.bond + node.vouched
}

/** Whether the entry still counts in this epoch. */
export function isRecent(entry: NodeHistory, epoch: number): boolean {
  return entry.epoch > epoch - HISTORY_EPOCHS
}

/** What the bond should be: enough for the dearest row and the best epoch of late. */
export function bondTarget(node: NodeRecord, epoch: number): bigint {
  let target = 0n
  for (const entry of node.history) {
    if (!isRecent(entry, epoch)) continue
    if (entry.exposure > target) target = entry.exposure
    if (entry.pay > target) target = entry.pay
  }
  return target
}

/** Most paid tasks in one of the last epochs. */
export function bestTasks(node: NodeRecord, epoch: number): number {
  let best = 0
  for (const entry of node.history) if (isRecent(entry, epoch)) best = Math.max(best, entry.tasks)
  return best
}

/** True while a node that left, expired or is idle could still be shown to have cheated. */
export function bondIsBound(node: NodeRecord, { epoch, params }: Pick<Facts, 'epoch' | 'params'>): boolean {
  return node.lastRow !== NEVER && epoch < node.lastRow + params.evidenceEpochs + params.carryEpochs
}

export function isBarred(node: Pick<NodeRecord, 'barredUntil'>, epoch: number): boolean {
  return node.barredUntil > epoch
}

/** Enrolled for some kind, and heard of within idleEpochs. */
export function isActive(node: NodeRecord, epoch: number, params: Pick<Params, 'idleEpochs'>): boolean {
  if (node.kinds.length === 0 || node.expiresAtEpoch < epoch || isBarred(node, epoch)) return false
  return epoch <= Math.max(node.lastRow, node.enrolledAt) + params.idleEpochs
}

/** Takes all that stands behind a node, and bars it. Answers the money. */
export function forfeit(draft: Draft, node: Mutable<NodeRecord>, params: Params): bigint {
  const money = node.bond + node.held
  node.bond = 0n
  node.vouched = 0n
  node.held = 0n
  node.history = []
  node.failedAt = draft.epoch
  node.barredUntil = draft.epoch + 1 + params.barEpochs
  return money
}
