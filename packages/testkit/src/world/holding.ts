// What verifiers hold of an epoch, and the inventories they post of it.
import {
  bucketIn,
  type EnrolmentInput,
  type HeldBatch,
  type InventoryData,
  inventoryCodec,
  inventoryRoot,
  makeInventory,
  ZERO_HASH,
} from '@piecework/protocol'
import type { Sent } from './contributor.ts'
import type { Scene } from './plans.ts'

export interface Held {
  /** Ascending by node. */
  readonly sent: readonly { readonly node: number; readonly sent: Sent }[]
  readonly enrolments: readonly EnrolmentInput[]
}

export interface PostedInventory {
  readonly data: InventoryData
  readonly root: Uint8Array
}

/** All batches of a node that anybody holds. */
export function holdInventory({ sent }: Held): (node: number) => readonly HeldBatch[] {
  const byNode = new Map(sent.map(({ node, sent: one }) => [node, one]))
  return (node) => {
    const one = byNode.get(node)
    if (one === undefined) return []
    return one.other === undefined ? one.batches : [...one.batches, ...one.other]
  }
}

export function inventoriesOf(world: Scene, epoch: number, held: Held): PostedInventory[] {
  return world.verifiers.flatMap(({ behaviour = {} }, verifierId) => {
    if (behaviour.posts?.(epoch) === false) return []
    const listed = held.sent.filter(({ node, sent }) => {
      return behaviour.omits?.(node) !== true && sent.goesTo(verifierId)
    })
    return [inventoryOf(world, { epoch, verifierId, held: { ...held, sent: listed } })]
  })
}

interface Holder {
  readonly epoch: number
  readonly verifierId: number
  readonly held: Held
}

function inventoryOf({ networkId, state }: Scene, { epoch, verifierId, held }: Holder): PostedInventory {
  // An equivocator sends its other chain to every other verifier.
  const chains = held.sent.map(({ sent }) =>
    verifierId % 2 === 1 ? (sent.other ?? sent.batches) : sent.batches,
  )
  const heads = chains.map((chain) => chain.at(-1))
  const columns = {
    nodes: Uint32Array.from(held.sent, ({ node }) => node),
    seqs: Uint32Array.from(heads, (head) => head?.seq ?? 0),
    heads: new Uint8Array(Buffer.concat(heads.map((head) => head?.hash ?? ZERO_HASH))),
  }
  const enrolments = held.enrolments.map(({ hash }) => hash).sort(Buffer.compare)
  const lists = { enrolments, known: [], appeals: [] }
  const parts = makeInventory(
    { networkId, epoch, verifierId, secretHash: ZERO_HASH, ...columns, ...lists },
    bucketIn(state.nodes),
  )
  const header = inventoryCodec.decode(parts.header)
  return { data: { header, ...columns, ...lists }, root: inventoryRoot(networkId, parts.header) }
}
