// What gossip brings to a verifier in an epoch: chains of signed batches, a few of them early, some again.
import {
  type HeldBatch,
  h,
  keyFromSecret,
  type Row,
  readBatch,
  type SigningKey,
  signBatch,
  u32le,
  viewOf,
  ZERO_HASH,
} from '@piecework/protocol'

export const NODES = 200
export const BATCHES_PER_NODE = 20
export const ROWS = 64
export const BATCHES: number = NODES * BATCHES_PER_NODE
export const EPOCH = 0

/** Of the batches, this share comes before the one that it follows, and this share comes once more. */
const OUT_OF_ORDER = 0.1
const DUPLICATES = 0.25

/** A number below `bound` that is the same in every run. */
function below(bound: number, ...label: readonly number[]): number {
  return viewOf(h('pw/shuffle', ...label.map(u32le))).getUint32(0, true) % bound
}

export function keyOfNode(node: number): SigningKey {
  return keyFromSecret(h('pw/enrol', u32le(node)))
}

function rowsOf(node: number, seq: number): Row[] {
  return Array.from({ length: ROWS }, (_, i) => {
    const commit = h('pw/commit', u32le(node), u32le(seq), u32le(i))
    return { job: i % 5, task: seq * ROWS + i, units: 1, at: 1_790_000_000, commit }
  })
}

export function chainsIn(
  networkId: Uint8Array,
  length: number = BATCHES_PER_NODE,
): readonly (readonly HeldBatch[])[] {
  return Array.from({ length: NODES }, (_, node) => chainOf(networkId, node, length))
}

export function chainOf(networkId: Uint8Array, node: number, length: number = BATCHES_PER_NODE): HeldBatch[] {
  const key = keyOfNode(node)
  const chain: HeldBatch[] = []
  while (chain.length < length) {
    const seq = chain.length
    const prev = chain.at(-1)?.hash ?? ZERO_HASH
    const place = { networkId, epoch: EPOCH, nodeKey: key.publicKey, seq, prev }
    chain.push(readBatch(signBatch({ ...place, rows: rowsOf(node, seq) }, key.sign)))
  }
  return chain
}

/** All nodes at once, each batch in bytes of its own. */
export function arrivals(chains: readonly (readonly HeldBatch[])[]): Uint8Array[] {
  const timed: { readonly at: number; readonly signed: Uint8Array }[] = []
  for (const [node, chain] of chains.entries()) {
    for (const { seq, signed } of chain) {
      const early = below(1000, node, seq, 1) < 1000 * OUT_OF_ORDER
      const at = 1000 * (early ? seq - 1.5 : seq) + below(400, node, seq, 2)
      timed.push({ at, signed })
      if (below(1000, node, seq, 3) < 1000 * DUPLICATES) timed.push({ at: at + 1500, signed: signed.slice() })
    }
  }
  return timed.sort((a, b) => a.at - b.at).map(({ signed }) => signed)
}
