// Gather: an inventory of somebody who means harm counts only if everybody can compute with it.
import { addressOf, postValues } from '@piecework/chain'
import { protocols } from '@piecework/network'
import {
  enrolmentCodec,
  enrolmentHash,
  genesisState,
  type InventoryParts,
  inventoryRoot,
  joinEnrolment,
  keyFromSecret,
  makeInventory,
  partHash,
  readBatch,
  readInventory,
  type SigningKey,
  toHex,
  ZERO_HASH,
} from '@piecework/protocol'
import { readKnown, signKnown } from '@piecework/work'
import { describe, expect, it } from 'vitest'
import { Gather } from '../src/gather.ts'
import { type Bare, bare, batchOf, hashOf, node, stranger } from './support/bare.ts'

interface Listed {
  /** Of node 0. */
  readonly head?: Uint8Array
  readonly seq?: number
  readonly enrolments?: readonly Uint8Array[]
  readonly known?: readonly Uint8Array[]
  /** What its verifier gives, by hash. */
  readonly given: ReadonlyMap<string, Uint8Array>
}

/** A network with two nodes. */
async function withNodes(): Promise<Bare> {
  const all = await bare()
  const { networkId } = all.shared
  const listed = { wallet: hashOf('wallet'), kinds: [], attributes: [] }
  const terms = { expiresAtEpoch: 100, vouched: 0n, minAmount: 0n, maxFee: 0n }
  const nodes = [node, stranger].map(({ publicKey: nodeKey }) => ({ nodeKey, ...listed, ...terms }))
  all.shared.nodes.see(genesisState({ networkId, nodes, kinds: [], trialRows: 5 }))
  return all
}

function byHash({ buckets, ...lists }: InventoryParts): readonly (readonly [string, Uint8Array])[] {
  const parts = [...buckets, lists.enrolments, lists.known, lists.appeals]
  return parts.map((part) => [toHex(partHash(part)), part] as const)
}

/** Verifier 1 posts such an inventory, and serves it: whose are here when it was gathered. */
async function gathered(
  all: Bare,
  { head, seq = 0, enrolments = [], known = [], given }: Listed,
): Promise<number[]> {
  const { net, chain, shared, networks, moment } = all
  const { networkId, nodes } = shared
  const contents = { networkId, epoch: 0, verifierId: 1, secretHash: ZERO_HASH, known, appeals: [] }
  const count = head === undefined ? 0 : 1
  const heads = { nodes: new Uint32Array(count), seqs: new Uint32Array(count).fill(seq) }
  const parts = makeInventory(
    { ...contents, ...heads, heads: head ?? new Uint8Array(), enrolments },
    nodes.bucketOf,
  )
  const root = inventoryRoot(networkId, parts.header)
  const held = new Map([[toHex(root), parts.header], ...byHash(parts), ...given])
  const other = networks.join(keyFromSecret(hashOf('key of vote key 1')).publicKey)
  // It has no chains: a batch in place of one would be false, and whoever sends what is false is left alone for a while.
  other.answer(protocols.data, async ({ sort, hashes }) => ({
    found: hashes.map((hash) => (sort === 'heads' ? undefined : held.get(toHex(hash)))),
  }))
  await other.start()
  await net.until((await net.epoch(0)).endsAt)
  const posts = [{ voteKey: addressOf(other.self), value: root }]
  await net.does([postValues(chain.at, { what: 'inventory', number: 0, posts })])
  shared.others.see(await moment())
  const work = shared.epochs.open(0)
  const gather = new Gather(shared)
  await gather.see(await moment())
  await gather.idle()
  return [...work.inventories.keys()]
}

describe('an inventory', () => {
  it('counts when all of it is here', async () => {
    const all = await withNodes()
    const signed = batchOf(all.shared)
    const { hash } = readBatch(signed)
    expect(await gathered(all, { head: hash, given: new Map([[toHex(hash), signed]]) })).toEqual([1])
  })

  it('does not count with the batches of another node', async () => {
    const all = await withNodes()
    const signed = batchOf(all.shared, {}, stranger)
    const { hash } = readBatch(signed)
    expect(await gathered(all, { head: hash, given: new Map([[toHex(hash), signed]]) })).toEqual([])
  })

  it('brings no batch that is past the end of its chain', async () => {
    const all = await withNodes()
    const signed = batchOf(all.shared, { seq: 600, prev: hashOf('one before') })
    const { hash } = readBatch(signed)
    expect(await gathered(all, { head: hash, given: new Map([[toHex(hash), signed]]) })).toEqual([])
    expect(all.shared.epochs.get(0)?.batches.size).toBe(0)
  })

  it('does not count with an enrolment that nobody signed', async () => {
    const all = await withNodes()
    const { networkId } = all.shared
    const keys = { nodeKey: stranger.publicKey, wallet: hashOf('a wallet') }
    const terms = { kinds: [], attributes: [], minAmount: 0n, maxFee: 0n, expiresAtEpoch: 9 }
    const message = enrolmentCodec.encode({ networkId, ...keys, ...terms, nonce: 1n, stamp: 1n })
    const unsigned = { nodeSignature: new Uint8Array(64), walletSignature: new Uint8Array(64), message }
    const hash = enrolmentHash(networkId, message)
    const given = new Map([[toHex(hash), joinEnrolment(unsigned)]])
    expect(await gathered(all, { enrolments: [hash], given })).toEqual([])
  })
})

describe('parts of inventories', () => {
  interface Posted {
    readonly verifierId: number
    readonly parts: InventoryParts
    readonly root: Uint8Array
  }

  /** What is asked for, question by question, when these inventories are posted and gathered one after the other. */
  async function partsAsked(
    all: Bare,
    { own, posted }: { readonly own?: InventoryParts; readonly posted: readonly Posted[] },
  ): Promise<string[][]> {
    const { net, chain, shared, networks, moment } = all
    const { networkId, nodes } = shared
    const asked: string[][] = []
    const held = new Map(
      posted.flatMap(({ root, parts }) => [[toHex(root), parts.header] as const, ...byHash(parts)]),
    )
    const voters = posted.map(({ verifierId }) => keyFromSecret(hashOf(`key of vote key ${verifierId}`)))
    for (const { publicKey } of voters) {
      const other = networks.join(publicKey)
      other.answer(protocols.data, async ({ sort, hashes }) => {
        if (sort === 'part') asked.push(hashes.map(toHex))
        return { found: hashes.map((hash) => held.get(toHex(hash))) }
      })
      await other.start()
    }
    await net.until((await net.epoch(0)).endsAt)
    shared.others.see(await moment())
    const work = shared.epochs.open(0)
    if (own !== undefined) {
      const root = inventoryRoot(networkId, own.header)
      const { bucketOf } = nodes
      const data = readInventory(own, { networkId, epoch: 0, verifierId: 0, root, bucketOf })
      work.inventory = { parts: own, root }
      work.inventories.set(0, { parts: own, data, since: 0 })
    }
    const gather = new Gather(shared)
    for (const [i, { root, verifierId }] of posted.entries()) {
      const voteKey = addressOf(voters[i]?.publicKey ?? ZERO_HASH)
      const posts = [{ voteKey, value: root }]
      await net.does([postValues(chain.at, { what: 'inventory', number: 0, posts })])
      await gather.see(await moment())
      await gather.idle()
      expect([...work.inventories.keys()]).toContain(verifierId)
    }
    return asked
  }

  function inventoryOf({ shared }: Bare, verifierId: number, head?: Uint8Array): Posted {
    const { networkId, nodes } = shared
    const lists = { enrolments: [], known: [], appeals: [] }
    const listed = Uint32Array.from(head === undefined ? [] : [0])
    const heads = { nodes: listed, seqs: listed, heads: head ?? new Uint8Array() }
    const contents = { networkId, epoch: 0, verifierId, secretHash: ZERO_HASH, ...lists, ...heads }
    const parts = makeInventory(contents, nodes.bucketOf)
    return { verifierId, parts, root: inventoryRoot(networkId, parts.header) }
  }

  /** What others list of node 0: a batch that is here, and the bucket of an inventory with it. */
  async function withBatch(): Promise<{ all: Bare; head: Uint8Array; bucket: string }> {
    const all = await withNodes()
    const batch = readBatch(batchOf(all.shared))
    all.shared.epochs.open(0).batches.set(toHex(batch.hash), batch)
    const { buckets } = inventoryOf(all, 1, batch.hash).parts
    const bucket = buckets.find(({ length }) => length > 0) ?? ZERO_HASH
    return { all, head: batch.hash, bucket: toHex(partHash(bucket)) }
  }

  it('are asked for where they differ from the own ones, and no others', async () => {
    const { all, head, bucket } = await withBatch()
    const own = inventoryOf(all, 0).parts
    expect(await partsAsked(all, { own, posted: [inventoryOf(all, 1, head)] })).toEqual([[bucket]])
  })

  it('are not asked for where all is as in the own ones', async () => {
    const { all, head } = await withBatch()
    const own = inventoryOf(all, 0, head).parts
    expect(await partsAsked(all, { own, posted: [inventoryOf(all, 1, head)] })).toEqual([])
  })

  it('are asked for once when two others list the same', async () => {
    const { all, head, bucket } = await withBatch()
    const own = inventoryOf(all, 0).parts
    const posted = [inventoryOf(all, 1, head), inventoryOf(all, 2, head)]
    expect(await partsAsked(all, { own, posted })).toEqual([[bucket]])
  })

  it('are asked for once when two others list the same, where no own inventory was made', async () => {
    const { all, head, bucket } = await withBatch()
    const posted = [inventoryOf(all, 1, head), inventoryOf(all, 2, head)]
    const [first, ...more] = await partsAsked(all, { posted })
    expect(more).toEqual([])
    // Besides it what all that is empty has alike.
    expect(first).toContain(bucket)
    expect(first).toHaveLength(2)
  })
})

describe('an inventory with known answers', () => {
  interface Opening {
    readonly job: number
    readonly task?: number
    readonly epoch?: number
    readonly by?: SigningKey
  }

  /** Verifier 1 lists these; how many are held then, where it counts and where it does not. */
  async function heldOf(
    openings: readonly Opening[],
  ): Promise<{ counts: boolean; held: number | undefined }> {
    const all = await withNodes()
    const { networkId, epochs } = all.shared
    const signed = openings.map(({ job, task = 0, epoch = 0, by = stranger }) => {
      const answers = [{ task, answer: new Uint8Array(20) }]
      const known = { networkId, epoch, job, keeper: stranger.publicKey, answers, proof: [] }
      const bytes = signKnown(known, by)
      return { hash: readKnown(bytes).hash, bytes }
    })
    const given = new Map(signed.map(({ hash, bytes }) => [toHex(hash), bytes]))
    const counted = await gathered(all, { known: signed.map(({ hash }) => hash), given })
    return { counts: counted.length === 1, held: epochs.get(0)?.known.size }
  }

  it('counts, and they are held', async () => {
    const openings = Array.from({ length: 40 }, (_, job) => ({ job }))
    expect(await heldOf(openings)).toEqual({ counts: true, held: 40 })
  })

  it('does not count when one is of another epoch', async () => {
    expect(await heldOf([{ job: 0, epoch: 1 }])).toEqual({ counts: false, held: 0 })
  })

  it('does not count when one is not signed by its keeper', async () => {
    expect(await heldOf([{ job: 0, by: node }])).toEqual({ counts: false, held: 0 })
  })

  it('does not count with more of a job than an honest one can list, and the rest is not even asked for', async () => {
    const openings = Array.from({ length: 64 }, (_, task) => ({ job: 0, task }))
    expect(await heldOf(openings)).toEqual({ counts: false, held: 8 })
  })

  it('does not count with more of them than there can be', async () => {
    const openings = Array.from({ length: 1_025 }, (_, job) => ({ job }))
    expect(await heldOf(openings)).toEqual({ counts: false, held: 0 })
  })
})
