// Vote: one for the right candidate, none for what differs or leaves something out.
import { addressOf } from '@piecework/chain'
import { toHex } from '@piecework/protocol'
import { describe, expect, it } from 'vitest'
import { proposalName } from '../src/common/compute.ts'
import { roundsFrom } from '../src/common/moment.ts'
import { Offers } from '../src/offers.ts'
import { type Proposal, proposalCodec } from '../src/proposal.ts'
import { Reveals } from '../src/reveals.ts'
import { Vote } from '../src/vote.ts'
import { hashOf, stranger } from './support/bare.ts'
import { reportOf } from './support/reports.ts'
import { propose, putForward, type Settling, settling } from './support/settling.ts'

/** As after a restart of somebody else's computer: only what was fetched or kept is there. */
async function proposalOf(all: Settling, inventories: readonly number[]): Promise<Proposal> {
  const { shared } = all
  const { proposal, hash } = await propose(all, inventories)
  shared.epochs.open(0).computed.clear()
  await shared.duties.prune(1)
  expect(await shared.duties.find(0, proposalName(hash))).toBeUndefined()
  return proposal
}

async function proposed(all: Settling, proposal: Proposal): Promise<Uint8Array> {
  const hash = await putForward(all, proposal)
  expect((await all.net.epoch(0)).candidate.attestation).toEqual(hash)
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

  it.each(['factsHash', 'inputsRoot', 'nodesRoot', 'workforceRoot', 'stateHash'] as const)(
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

  it.each(['accounts', 'slashes'] as const)('is refused to a candidate with other %s', async (ledger) => {
    const all = await settling()
    const right = await proposalOf(all, [0, 1, 2])
    const root = { ...right.attestation[ledger], root: hashOf('another') }
    const proposal = { ...right, attestation: { ...right.attestation, [ledger]: root } }
    all.given.set(toHex(await proposed(all, proposal)), proposalCodec.encode(proposal))
    const { vote, see } = voterOf(all)
    await see()
    expect(vote.votes).toBe(0)
    expect(all.shared.log).toMatchObject({ lines: [{ fields: { why: 'its inputs give something else' } }] })
  })

  it('is given without an inventory that came too late for the proposer', async () => {
    const all = await settling()
    const proposal = await proposalOf(all, [0, 2])
    all.given.set(toHex(await proposed(all, proposal)), proposalCodec.encode(proposal))
    const { inventories } = all.shared.epochs.open(0)
    const held = inventories.get(1)
    if (held === undefined) throw new Error('there is no inventory of verifier 1')
    inventories.set(1, { ...held, since: roundsFrom(await all.net.epoch(0)) })
    const { vote, see } = voterOf(all)
    await see()
    expect(vote.votes).toBe(1)
  })

  it('is given without an inventory that is here and did not get on chain in time', async () => {
    const all = await settling()
    const proposal = await proposalOf(all, [0, 1, 2])
    all.given.set(toHex(await proposed(all, proposal)), proposalCodec.encode(proposal))
    const { inventories } = all.shared.epochs.open(0)
    const posted = inventories.get(0)
    if (posted === undefined) throw new Error('there is no inventory of verifier 0')
    inventories.set(3, posted)
    const { vote, see } = voterOf(all)
    await see()
    expect(vote.votes).toBe(1)
  })

  it('is refused to a candidate without a report that was here in time', async () => {
    const all = await settling({ isReported: true })
    const proposal = await proposalOf(all, [0, 1, 2])
    all.given.set(toHex(await proposed(all, proposal)), proposalCodec.encode(proposal))
    const other = all.networks.join(stranger.publicKey)
    await other.start()
    const heard = Promise.withResolvers<Uint8Array>()
    other.subscribe('reveals', async ({ bytes }) => {
      heard.resolve(bytes)
      return 'sound'
    })
    const { vote, see } = voterOf(all)
    await see()
    expect(vote.votes).toBe(0)
    expect(all.shared.log).toMatchObject({
      lines: [{ fields: { why: 'it leaves out the report of verifier 1' } }],
    })
    // So that the next proposer has it.
    expect(await heard.promise).toEqual(reportOf(all.shared.networkId, 0).bytes)
  })

  it('is given without a report that came too late for the proposer', async () => {
    const all = await settling({ isReported: true })
    const proposal = await proposalOf(all, [0, 1, 2])
    all.given.set(toHex(await proposed(all, proposal)), proposalCodec.encode(proposal))
    const { reveals } = all.shared.epochs.open(0)
    const held = reveals.get(1)
    if (held === undefined) throw new Error('there is no report of verifier 1')
    reveals.set(1, { ...held, since: roundsFrom(await all.net.epoch(0)) })
    const { vote, see } = voterOf(all)
    await see()
    expect(vote.votes).toBe(1)
  })
})
