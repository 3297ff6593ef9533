// Reveals: one verifier that signs many reports fills nobody's memory, and keeps nobody from voting.
import { addressOf, postValues } from '@piecework/chain'
import { protocols } from '@piecework/network'
import { toHex } from '@piecework/protocol'
import { describe, expect, it } from 'vitest'
import { epochOf, revealsFrom } from '../src/common/moment.ts'
import { Reveals } from '../src/reveals.ts'
import { bare } from './support/bare.ts'
import { reporter, reportOf } from './support/reports.ts'

/** Verifier 1 committed to its report of node 0, and reveals are taken. */
async function revealing({ commits = true } = {}) {
  const all = await bare()
  const { net, chain, shared, networks, moment } = all
  const other = networks.join(reporter.publicKey)
  await other.start()
  const committed = reportOf(shared.networkId, 0)
  await net.postInventories(0)
  const { sealedSlot, challenge } = await net.seal(0)
  await net.until(sealedSlot + challenge)
  const posts = [{ voteKey: addressOf(other.self), value: committed.commit }]
  if (commits) await net.does([postValues(chain.at, { what: 'commit', number: 0, posts })])
  const now = await moment()
  const epoch = epochOf(now, 0) ?? (await net.epoch(0))
  await net.until(revealsFrom(epoch))
  const work = shared.epochs.open(0)
  const reveals = new Reveals(shared)
  reveals.start()
  shared.others.see(now)
  await reveals.see(await moment(revealsFrom(epoch)))
  const spread = (node: number) =>
    other.publish('reveals', reportOf(shared.networkId, node).bytes).catch(() => {})
  return { ...all, other, epoch, work, reveals, spread, committed }
}

describe('reveals', () => {
  it('keep the report that was committed, and one other as proof against its verifier', async () => {
    const { work, spread } = await revealing()
    for (const node of [0, 1, 2, 3]) await spread(node)
    expect([...work.reveals.keys()]).toEqual([1])
    expect(work.others.size).toBe(1)
  })

  it('hold nothing against a verifier whose commit is not seen here', async () => {
    const { work, spread } = await revealing({ commits: false })
    await spread(0)
    expect([work.reveals.size, work.others.size]).toEqual([0, 0])
  })

  it('take beside it the one that a proposal names', async () => {
    const { work, spread, other, reveals, epoch, shared } = await revealing()
    for (const node of [1, 2]) await spread(node)
    const named = reportOf(shared.networkId, 3)
    other.answer(protocols.data, async ({ hashes }) => ({ found: hashes.map(() => named.bytes) }))
    await reveals.fetch(work, epoch, { reveals: [], others: [{ verifierId: 1, commit: named.commit }] })
    expect(work.others.get(toHex(named.commit))?.bytes).toEqual(named.bytes)
  })
})
