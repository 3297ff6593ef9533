// Attest: one proposal for each round, whatever happens to its proposer.
import { addressOf, postValues, seatsOf } from '@piecework/chain'
import { protocols } from '@piecework/network'
import {
  drawProposer,
  inventoryRoot,
  keyFromSecret,
  kindsCodec,
  makeInventory,
  partHash,
  toHex,
  ZERO_HASH,
} from '@piecework/protocol'
import { describe, expect, it } from 'vitest'
import { Attest } from '../src/attest.ts'
import { roundsFrom } from '../src/common/moment.ts'
import { Gather } from '../src/gather.ts'
import { Offers } from '../src/offers.ts'
import { type Bare, bare, hashOf } from './support/bare.ts'

/** All three posted empty inventories, which are here; nothing was committed, and the first round has begun. */
async function settling(): Promise<Bare> {
  const rules = kindsCodec.encode([])
  const all = await bare(undefined, { kindsHash: hashOf(Buffer.from(rules).toString()) })
  const { net, chain, shared, networks, moment } = all
  await shared.content.keep(hashOf(Buffer.from(rules).toString()), rules)
  const { networkId, nodes } = shared
  await net.until((await net.epoch(0)).endsAt)
  const given = new Map<string, Uint8Array>()
  const posts = [0, 1, 2].map((verifierId) => {
    const none = {
      heads: new Uint8Array(),
      nodes: new Uint32Array(),
      seqs: new Uint32Array(),
      enrolments: [],
    }
    const contents = {
      networkId,
      epoch: 0,
      verifierId,
      secretHash: ZERO_HASH,
      known: [],
      appeals: [],
      ...none,
    }
    const { header, buckets, ...lists } = makeInventory(contents, nodes.bucketOf)
    const value = inventoryRoot(networkId, { ...lists, header, buckets }.header)
    given.set(toHex(value), header)
    for (const piece of [...buckets, lists.enrolments, lists.known, lists.appeals])
      given.set(toHex(partHash(piece)), piece)
    return { voteKey: net.voteKey(verifierId), value }
  })
  for (const id of [1, 2]) {
    const other = networks.join(keyFromSecret(hashOf(`key of vote key ${id}`)).publicKey)
    other.answer(protocols.data, async ({ hashes }) => ({
      found: hashes.map((hash) => given.get(toHex(hash))),
    }))
    await other.start()
  }
  await net.does([postValues(chain.at, { what: 'inventory', number: 0, posts })])
  shared.others.see(await moment())
  shared.epochs.open(0)
  const gather = new Gather(shared)
  await gather.see(await moment())
  await gather.idle()
  await net.until(roundsFrom(await net.seal(0)))
  return all
}

/** Of whoever proposes in this round; as after a restart, when nothing is in memory. */
async function proposedBy({ net, shared, moment }: Bare, wallet: string): Promise<unknown> {
  const epoch = await net.epoch(0)
  const drawn = drawProposer({ seed: epoch.seed, round: 0, candidates: seatsOf(epoch) }) ?? -1
  const voteKey = keyFromSecret(hashOf(`key of vote key ${drawn}`)).publicKey
  expect(addressOf(voteKey)).toBe(net.voteKey(drawn))
  const offers = new Offers(addressOf(voteKey))
  const now = await moment(roundsFrom(epoch))
  offers.see(now)
  await new Attest({ ...shared, voteKey, offers, settler: () => hashOf(wallet) }).see(now)
  return offers.list()
}

describe('a proposer', () => {
  it('offers after a restart what it proposed before, whoever settles now', async () => {
    const all = await settling()
    const first = await proposedBy(all, 'one settler')
    expect(first).toMatchObject([{ what: 'proposal', epoch: 0, round: 0 }])
    expect(await proposedBy(all, 'another settler')).toEqual(first)
  })

  it('would propose something else to another settler', async () => {
    const [one, other] = [await settling(), await settling()]
    expect(await proposedBy(one, 'one settler')).not.toEqual(await proposedBy(other, 'another settler'))
  })
})
