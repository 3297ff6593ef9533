// An epoch of a network, step by step, by every Chain alike: what the program does and what the twin in memory plays are
// the same.
import { attestationHash, epochSeed, equalBytes, factsCodec, ZERO_HASH } from '@piecework/protocol'
import {
  accountsLedger,
  DEPOSIT,
  type Harness,
  longParams,
  posted,
  proposal,
  STAKES,
  TestNetwork,
} from '@piecework/testkit/settlement'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  bytesOf,
  type Chain,
  closeJob,
  finalize,
  finalRoot,
  nextRound,
  postValues,
  propose,
  readFacts,
  readJobs,
  readNetwork,
  sealEpoch,
  startOf,
  vote,
} from '../src/index.ts'

const PARAMS = longParams()

export function chainLife(name: string, make: () => Promise<Harness>): void {
  describe(name, () => {
    let harness: Harness
    let chain: Chain
    let network: TestNetwork

    beforeEach(async () => {
      harness = await make()
      chain = harness.chain
      network = new TestNetwork(harness)
      await network.begin(PARAMS)
    })

    afterEach(() => harness.stop())

    const nothing = { accounts: accountsLedger([]) }

    it('starts with seeds, a snapshot and two starts', async () => {
      const { network: state, epochs } = (await readNetwork(chain)).value
      expect(state).toMatchObject({ started: true, nextSeal: 0, lastFinal: -1 })
      expect(epochs.map(({ number }) => number)).toEqual([-2, -1, 0, 1])
      const [before, last, first, next] = epochs
      expect(before?.seed).not.toEqual(last?.seed)
      expect(first).toMatchObject({ state: 'open', seatCount: 3, stakeTotal: 6_000n, stakeCounted: 6_000n })
      expect(first?.endsAt).toBe((first?.startsAt ?? 0) + PARAMS.length)
      expect(first?.target).toBe(Infinity)
      expect(next?.startsAt).toBe(first?.endsAt)
      const starts = [first?.startsAt, next?.startsAt, undefined]
      expect([startOf(state, 0), startOf(state, 1), startOf(state, 2)]).toEqual(starts)
      expect(await network.refuses([sealEpoch(chain.at, 0)])).toBe('SealTooEarly')
    })

    it('opens a job when more than a third of stake holds it', async () => {
      const { payer } = harness
      await network.does([network.job(5n)])
      await network.does([network.holding(5n, 1)])
      const address = chain.at.job(payer.address, 5n)
      const waiting = (await readJobs(chain, { requester: payer.address })).value
      const job = { address, index: 0, openSlot: 0, holderCount: 1, deposit: DEPOSIT, verifierBps: 1_500 }
      expect(waiting).toMatchObject([job])
      expect(await network.refuses([network.holding(5n, 1)])).toBe('AlreadyPosted')
      await network.does([network.holding(5n, 0)])
      const [open] = (await readJobs(chain)).value
      expect(open?.openSlot).toBeGreaterThan(open?.createdSlot ?? Infinity)
      expect(open?.holders.slice(0, open.holderCount)).toEqual([1, 0])
      expect(await network.refuses([network.holding(5n, 2)])).toBe('JobOpen')
      const { network: state } = (await readNetwork(chain)).value
      expect(state).toMatchObject({ nextJob: 1, totals: { deposited: DEPOSIT } })
      const other = await readJobs(chain, { requester: harness.key('another requester').address })
      expect(other.value).toEqual([])
    })

    it('refuses jobs that make no sense', async () => {
      expect(await network.refuses([network.job(6n, { deposit: 1n })])).toBe('DepositTooSmall')
      expect(await network.refuses([network.job(6n, { price: 0n })])).toBe('WrongRule')
      await network.does([network.job(6n)])
      expect(await network.refuses([network.job(6n)])).toBe('AlreadyExists')
      const closing = closeJob(chain.at, { requester: harness.payer.address, nonce: 6n })
      await network.does([closing])
      expect(await network.refuses([closing])).toBe('JobClosed')
    })

    it('says what the facts of an epoch are, once they are settled', async () => {
      await network.does([network.job(5n)])
      await network.does([network.holding(5n, 0, 1, 2)])
      const wanted = { epoch: 0, verifiers: 0, jobs: 0 } as const
      await expect(readFacts(chain, wanted)).rejects.toMatchObject({ code: 'facts/too-early' })
      const sealed = await network.settle(0)
      await network.untilFacts(sealed)
      const facts = await readFacts(chain, wanted)
      expect(facts).toMatchObject({
        networkId: bytesOf(chain.at.network),
        epoch: 0,
        previous: ZERO_HASH,
        startSlot: sealed.startsAt,
        endSlot: sealed.endsAt,
        seed: sealed.seed,
        dealSeed: (await network.epoch(-2)).seed,
        kindsHash: PARAMS.kindsHash,
        params: { epochSlots: PARAMS.length, evidenceEpochs: 20, slashFalseTraceBps: 500 },
        posted: [0, 1, 2].map((id) => ({
          verifierId: id,
          inventory: posted('inventory', 0, id),
          reportCommit: posted('commit', 0, id),
        })),
        created: [{ index: 0, kind: 1, rule: 'piece', price: 10n, deposit: DEPOSIT }],
        opened: [{ job: 0 }],
        closed: [],
      })
      const operator = bytesOf(harness.payer.address)
      const seats = STAKES.map((stake, id) => ({ id, stake, weight: Number(stake), operator }))
      expect(facts.snapshot).toMatchObject(seats)
      expect(facts.joined).toEqual([0, 1, 2].map((id) => ({ id, operator })))
      const { kindsHash: _, ...onChain } = facts
      const whole = { ...onChain, kinds: [] }
      expect(factsCodec.decode(factsCodec.encode(whole))).toEqual(whole)
      const known = await readFacts(chain, { ...wanted, verifiers: 3, jobs: 1 })
      expect([known.joined, known.created, known.opened]).toEqual([[], [], facts.opened])
      await network.agree(0, nothing)
      await harness.tick(40)
      await expect(readFacts(chain, wanted)).rejects.toMatchObject({ code: 'facts/gone' })
    })

    it('takes posts in their windows alone', async () => {
      const voteKey = network.voteKey(0)
      const inventory = postValues(chain.at, {
        what: 'inventory',
        number: 0,
        posts: [{ voteKey, value: ZERO_HASH }],
      })
      const commit = postValues(chain.at, {
        what: 'commit',
        number: 0,
        posts: [{ voteKey, value: ZERO_HASH }],
      })
      expect(await network.refuses([inventory])).toBe('PostTooEarly')
      expect(await network.refuses([commit])).toBe('NotSealed')
      await network.postInventories(0)
      expect(await network.refuses([inventory])).toBe('AlreadyPosted')
      const { sealedSlot, challenge } = await network.seal(0)
      expect(await network.refuses([inventory])).toBe('PostTooLate')
      expect(await network.refuses([commit])).toBe('PostTooEarly')
      await network.until(sealedSlot + challenge + PARAMS.commit)
      expect(await network.refuses([commit])).toBe('PostTooLate')
    })

    it('makes a root final when more than two thirds agree on it, and the cluster on that', async () => {
      const { seed } = await network.settle(0)
      const args = proposal({ number: 0, round: 0 }, nothing)
      const proposed = await network.propose(0, nothing)
      const networkId = bytesOf(chain.at.network)
      const attestation = attestationHash({ ...args, networkId, epoch: 0, seed, previous: ZERO_HASH })
      expect(proposed.candidate.attestation).toEqual(attestation)
      expect(await network.refuses([finalize(chain.at, 0)])).toBe('NoQuorum')
      await network.vote(0, [0, 1])
      expect((await network.epoch(0)).votedSlot).toBe(0)
      const voteKeys = [network.voteKey(0)]
      expect(await network.refuses([vote(chain.at, { number: 0, attestation, voteKeys })])).toBe(
        'AlreadyVoted',
      )
      await network.vote(0, [2])
      expect(await network.refuses([finalize(chain.at, 0)])).toBe('DisputeNotOver')
      expect(await finalRoot(chain)).toBeUndefined()
      await network.finalize(0)
      await harness.tick(40)
      const { accounts, jobs } = args
      expect(await finalRoot(chain)).toMatchObject({ epoch: 0, attestation, accounts, jobs })
    })

    it('begins another round when the one before had no quorum', async () => {
      await network.settle(0)
      await network.propose(0, nothing)
      await network.vote(0, [2])
      const next = nextRound(chain.at, { number: 0, round: 0 })
      expect(await network.refuses([next])).toBe('RoundNotOver')
      await network.until((await network.epoch(0)).roundFrom + PARAMS.round)
      await network.does([next])
      const epoch = await network.epoch(0)
      expect(epoch).toMatchObject({ round: 1, voteMask: 0n, stakeVoted: 0n, votedSlot: 0 })
      expect(equalBytes(epoch.candidate.attestation, ZERO_HASH)).toBe(true)
      const args = proposal({ number: 0, round: 0 }, nothing)
      const stale = propose(chain.at, { ...args, proposer: network.voteKey(0) })
      expect(await network.refuses([stale])).toBe('WrongRound')
      await network.agree(0, nothing)
      expect((await readNetwork(chain)).value.network.lastFinal).toBe(0)
    })

    it('draws its seeds from the hash of a slot that nobody knew', async () => {
      const before = await network.epoch(-2)
      const { seed } = await network.settle(0)
      expect(seed).not.toEqual(before.seed)
      expect(seed).not.toEqual(epochSeed(ZERO_HASH, bytesOf(chain.at.network), 0))
    })
  })
}
