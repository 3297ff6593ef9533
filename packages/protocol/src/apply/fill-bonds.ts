// Step 7: pay fills the node's bond up to its target, and the rest is released; it is held while a stint is carried.
import type { Facts } from '../facts.ts'
import type { NodeRecord } from '../state/state.ts'
import { bondIsBound, bondTarget, isActive, isRecent, standing } from './bond.ts'
import type { NodePay } from './charge.ts'
import type { Credits } from './credits.ts'
import { at, type Draft, type Mutable } from './draft.ts'

export interface BondInput {
  readonly facts: Facts
  readonly pays: ReadonlyMap<number, NodePay>
  readonly credits: Credits
}

export function fillBonds(draft: Draft, { facts, pays, credits }: BondInput): void {
  const waiting = new Set(draft.carried.map(({ node }) => node))
  for (let index = 0; index < draft.nodes.length; index++) {
    const node = at(draft.nodes, index)
    const pay = pays.get(index)
    if (pay !== undefined) remember(node, draft.epoch, pay)
    if (waiting.has(index)) {
      node.held += pay?.amount ?? 0n
      continue
    }
    const incoming = node.held + (pay?.amount ?? 0n)
    node.held = 0n
    if (incoming > 0n) credits.toOwner(node.owner, incoming - fill(node, draft.epoch, incoming))
    giveBack(draft, node, { facts, credits })
  }
}

/** Entries that the new one outdoes in every way can never be the greatest again. */
function remember(node: Mutable<NodeRecord>, epoch: number, { amount, exposure, tasks }: NodePay): void {
  const kept = node.history.filter((entry) => {
    return isRecent(entry, epoch) && (entry.exposure > exposure || entry.pay > amount || entry.tasks > tasks)
  })
  node.history = [...kept, { epoch, exposure, pay: amount, tasks }]
}

/** Puts what the bond lacks aside. Answers how much that is. */
function fill(node: Mutable<NodeRecord>, epoch: number, incoming: bigint): bigint {
  const lacking = bondTarget(node, epoch) - standing(node)
  if (lacking <= 0n) return 0n
  const taken = lacking < incoming ? lacking : incoming
  node.bond += taken
  return taken
}

/** Whoever left, and can no longer be shown to have cheated, gets its bond back. */
function giveBack(
  draft: Draft,
  node: Mutable<NodeRecord>,
  { facts, credits }: Pick<BondInput, 'facts' | 'credits'>,
): void {
  if (node.bond === 0n || isActive(node, draft.epoch, facts.params) || bondIsBound(node, facts)) return
  credits.toOwner(node.owner, node.bond)
  node.bond = 0n
}
