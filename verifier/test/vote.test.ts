// Vote: one for the right candidate, none for what differs or leaves something out.
import { addressOf, propose, seatsOf } from '@piecework/chain'
import { attestationHash, drawProposer, toHex } from '@piecework/protocol'
import { SLOTS_TO_FINALITY } from '@piecework/testkit/settlement'
import { describe, expect, it } from 'vitest'
import { computeEpoch, proposalName } from '../src/common/compute.ts'
import { factsAfter } from '../src/common/facts.ts'
import { Offers } from '../src/offers.ts'
import { type Proposal, proposalCodec } from '../src/proposal.ts'
import { Reveals } from '../src/reveals.ts'
import { Vote } from '../src/vote.ts'
import { hashOf } from './support/bare.ts'
import { type Settling, settling } from './support/settling.ts'

/** What an honest proposer puts together of these inventories. */
async function proposalOf({ shared }: Settling, inventories: readonly number[]): Promise<Proposal> {
  const [work, state] = [shared.epochs.open(0), shared.states.at(-1)]
  if (state === undefined) throw new Error('there is no genesis state')
  const facts = await factsAfter(shared, { state, asOf: 'commits', commitment: 'confirmed' })
  const choice = { round: 0, settler: hashOf('a settler'), inventories, reveals: [], others: [] }
  const { proposal, hash } = await computeEpoch(shared, { work, state, facts, choice })
  // As after a restart of somebody else's computer: only what was fetched or kept is there.
  work.computed.clear()
  await shared.duties.prune(1)
  expect(await shared.duties.find(0, proposalName(hash))).toBeUndefined()
  return proposal
}

/** It is the candidate on chain, and can't be rolled back. Gives its hash. */
async function proposed({ net, chain }: Settling, { attestation }: Proposal): Promise<Uint8Array> {
  const { networkId: _, epoch: number, seed, previous: __, ...rest } = attestation
  const candidates = seatsOf(await net.epoch(number))
  const drawn = drawProposer({ seed, round: rest.round, candidates }) ?? -1
  await net.does([propose(chain.at, { ...rest, number, proposer: net.voteKey(drawn) })])
  const hash = attestationHash(attestation)
  expect((await net.epoch(number)).candidate.attestation).toEqual(hash)
  await net.until((await net.epoch(number)).roundFrom + SLOTS_TO_FINALITY)
  return hash
}

interface Voter {
  readonly vote: Vote
  readonly offers: Offers
  readonly see: () => Promise<unknown>
}

function voterOf({ shared, moment }: Settling): Voter {
  const offers = new Offers(addressOf(shared.voteKey))
  const vote = new Vote({ ...shared, offers, reveals: new Reveals(shared) })
  const see = async (): Promise<unknown> => {
    const now = await moment()
    offers.see(now)
    return vote.see(now)
  }
  return { vote, offers, see }
}

describe('a vote', () => {
  it('is offered once for the right candidate', async () => {
    const all = await settling()
    const proposal = await proposalOf(all, [0, 1, 2])
    const value = await proposed(all, proposal)
    all.given.set(toHex(value), proposalCodec.encode(proposal))
    const { vote, offers, see } = voterOf(all)
    await see()
    expect(await see()).toBe('rested')
    expect(offers.list()).toEqual([{ what: 'vote', epoch: 0, round: 0, value }])
    expect(vote.votes).toBe(1)
  })

  it('needs nobody when what was proposed is on its own disk', async () => {
    const all = await settling()
    const proposal = await proposalOf(all, [0, 1, 2])
    const value = await proposed(all, proposal)
    await all.shared.duties.keep(0, [{ name: proposalName(value), bytes: proposalCodec.encode(proposal) }])
    const { offers, see } = voterOf(all)
    await see()
    expect(offers.list()).toEqual([{ what: 'vote', epoch: 0, round: 0, value }])
  })

  it('waits while nobody gives what was proposed', async () => {
    const all = await settling()
    await proposed(all, await proposalOf(all, [0, 1, 2]))
    const { vote, see } = voterOf(all)
    await expect(see()).rejects.toMatchObject({ code: 'proposal/invalid' })
    expect(vote.votes).toBe(0)
  })

  it.each(['inputsRoot', 'nodesRoot', 'workforceRoot', 'stateHash'] as const)(
    'is refused to a candidate with another %s',
    async (field) => {
      const all = await settling()
      const right = await proposalOf(all, [0, 1, 2])
      const proposal = { ...right, attestation: { ...right.attestation, [field]: hashOf('another') } }
      const hash = await proposed(all, proposal)
      all.given.set(toHex(hash), proposalCodec.encode(proposal))
      const { vote, offers, see } = voterOf(all)
      await see()
      expect([vote.votes, offers.list()]).toEqual([0, []])
      expect(all.shared.log).toMatchObject({
        lines: [{ event: 'candidate-refused', fields: { why: 'its inputs give something else' } }],
      })
    },
  )

  it('is refused to a candidate without an inventory that was here in time', async () => {
    const all = await settling()
    const proposal = await proposalOf(all, [0, 2])
    const hash = await proposed(all, proposal)
    all.given.set(toHex(hash), proposalCodec.encode(proposal))
    const { vote, see } = voterOf(all)
    await see()
    expect(vote.votes).toBe(0)
    expect(all.shared.log).toMatchObject({
      lines: [{ fields: { why: 'it leaves out the inventory of verifier 1' } }],
    })
  })
})
