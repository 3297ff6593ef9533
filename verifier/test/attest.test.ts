// Attest: one proposal for each round, whatever happens to its proposer.
import { addressOf, seatsOf } from '@piecework/chain'
import { drawProposer, keyFromSecret } from '@piecework/protocol'
import { describe, expect, it } from 'vitest'
import { Attest } from '../src/attest.ts'
import { roundsFrom } from '../src/common/moment.ts'
import { Offers } from '../src/offers.ts'
import { type Bare, hashOf } from './support/bare.ts'
import { settling } from './support/settling.ts'

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
