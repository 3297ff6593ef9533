// Step 13, last: nodes that are gone leave the state, once nothing can come of what they did.
import type { Facts } from '../facts.ts'
import { isPruned, prunedNode } from '../state/pruned.ts'
import type { NodeRecord } from '../state/state.ts'
import { U64_MAX } from '../value.ts'
import { bondIsBound, isActive, isBarred } from './bond.ts'
import { at, changeOwner, type Draft } from './draft.ts'

export function pruneNodes(draft: Draft, facts: Facts): void {
  const gone = draft.nodes.flatMap((node, index) => (isGone(node, facts) ? [index] : []))
  if (gone.length === 0) return
  const named = namedNodes(draft)
  for (const index of gone) if (named[index] !== 1) prune(draft, index)
}

/** Idle, expired or left; without money or a vouch behind it; and no evidence counts any more. */
function isGone(node: NodeRecord, facts: Facts): boolean {
  if (node.bond > 0n || node.held > 0n || node.vouched > 0n || isPruned(node)) return false
  const { epoch, params } = facts
  const answers = bondIsBound(node, facts) || epoch <= node.failedAt + params.evidenceEpochs
  return !answers && !isBarred(node, epoch) && !isActive(node, epoch, params)
}

/** By node: 1 where a deal, a coming workforce, a carried stint or a waiting answer names it. */
function namedNodes({ nodes, dealt, workforces, carried, jobs }: Draft): Uint8Array {
  const named = new Uint8Array(nodes.length)
  const name = (list: Uint32Array): void => {
    for (let i = 0; i < list.length; i++) named[list[i] ?? 0] = 1
  }
  for (const { deal } of dealt) for (const job of deal.jobs) name(job.nodes)
  for (const workforce of workforces) name(workforce.nodes)
  for (const { node } of carried) named[node] = 1
  for (const { tasks } of jobs) {
    for (const { answers } of tasks.values()) for (const { node } of answers) named[node] = 1
  }
  return named
}

/** What it signed before can't be used to enter again: that takes a higher number. */
function prune(draft: Draft, index: number): void {
  const { owner, nonce } = at(draft.nodes, index)
  const { enterFrom } = at(draft.owners, owner)
  const next = nonce < U64_MAX ? nonce + 1n : nonce
  if (next > enterFrom) changeOwner(draft, owner, { enterFrom: next })
  draft.nodes[index] = prunedNode(owner)
  for (const { openNext } of draft.jobs) openNext.delete(index)
}
