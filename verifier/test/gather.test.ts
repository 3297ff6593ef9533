// Gather: an inventory of somebody who means harm counts only if everybody can compute with it.
import { addressOf, postValues } from '@piecework/chain'
import { protocols } from '@piecework/network'
import {
  enrolmentCodec,
  enrolmentHash,
  genesisState,
  inventoryRoot,
  joinEnrolment,
  keyFromSecret,
  makeInventory,
  partHash,
  readBatch,
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
  const { header, buckets, ...lists } = parts
  const pieces = [...buckets, lists.enrolments, lists.known, lists.appeals]
  const held = new Map([
    [toHex(root), header],
    ...pieces.map((piece) => [toHex(partHash(piece)), piece] as const),
    ...given,
  ])
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
