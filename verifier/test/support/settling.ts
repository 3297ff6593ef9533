// An epoch without work, up to its first round: what a proposer and those who vote begin with.
import { postValues } from '@piecework/chain'
import { protocols } from '@piecework/network'
import {
  inventoryRoot,
  keyFromSecret,
  kindsCodec,
  makeInventory,
  partHash,
  toHex,
  ZERO_HASH,
} from '@piecework/protocol'
import { roundsFrom } from '../../src/common/moment.ts'
import { Gather } from '../../src/gather.ts'
import { type Bare, bare, hashOf } from './bare.ts'

export interface Settling extends Bare {
  /** What the other two serve, by the hexadecimal of its hash. */
  readonly given: Map<string, Uint8Array>
}

/** All three posted empty inventories, which are here; nothing was committed, and the first round has begun. */
export async function settling(): Promise<Settling> {
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
  return { ...all, given }
}
