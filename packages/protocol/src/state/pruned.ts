// Nodes that were pruned. Their indices are never given again, and still say whose they were.
import { NEVER, type NodeRecord } from './state.ts'

const NO_KEY: Uint8Array = new Uint8Array()

export function isPruned({ nodeKey }: Pick<NodeRecord, 'nodeKey'>): boolean {
  return nodeKey.length === 0
}

/** What takes the place of a pruned node: it has no key, and nothing counts for it. */
export function prunedNode(owner: number): NodeRecord {
  return {
    nodeKey: NO_KEY,
    owner,
    kinds: [],
    attributes: [],
    expiresAtEpoch: 0,
    nonce: 0n,
    bond: 0n,
    vouched: 0n,
    held: 0n,
    enrolledAt: NEVER,
    lastRow: NEVER,
    failedAt: NEVER,
    barredUntil: NEVER,
    history: [],
  }
}
