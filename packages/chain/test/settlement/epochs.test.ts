// Four epochs of ten verifiers over the real program, told once: each test goes on where the one before ended.

import { attestationHash, ZERO_HASH } from '@piecework/protocol'
import {
  accountsLedger,
  DEPOSIT,
  JOB_REST,
  jobsLedger,
  longParams,
  proposal,
  TestNetwork,
} from '@piecework/testkit/settlement'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  bytesOf,
  closeJob,
  eventsIn,
  finalize,
  nextRound,
  readJobs,
  refundJob,
  vote,
} from '../../src/index.ts'
import { keyNamed, mint, rpcHarness } from '../support/localnet.ts'

const VERIFIERS = 10
const STAKE = 1_000n
const NONCE = 5n
const PARAMS = longParams()
const ALL = Array.from({ length: VERIFIERS }, (_, id) => id)

describe('four epochs', () => {
  const worker = keyNamed('worker')
  let network: TestNetwork

  beforeAll(async () => {
    network = new TestNetwork(await rpcHarness(), Array(VERIFIERS).fill(STAKE))
    await network.begin(PARAMS)
  })

  afterAll(() => network.harness.stop())

  /** Each epoch charges and pays a hundred more; after the last the job is done. */
  const ledgersOf = (number: number) => ({
    accounts: accountsLedger([{ wallet: worker, amount: BigInt(number + 1) * 100n }]),
    jobs: jobsLedger(network.payer, BigInt(number + 1) * 110n, number === 3),
  })

  /** What anybody computes who knows the facts and the root before. */
  async function expectedAttestation(number: number): Promise<Uint8Array> {
    const { seed, round } = await network.epoch(number)
    const previous = (await network.state()).roots.find(({ epoch }) => epoch === number - 1)?.attestation
    const networkId = bytesOf(network.chain.at.network)
    const fields = proposal({ number, round }, ledgersOf(number))
    return attestationHash({ ...fields, networkId, epoch: number, seed, previous: previous ?? ZERO_HASH })
  }

  it('open a job when more than a third of stake holds it', async () => {
    await network.does([network.job(NONCE)])
    await network.does([network.holding(NONCE, 0, 1, 2)])
    expect((await readJobs(network.chain)).value).toMatchObject([{ holderCount: 3, openSlot: 0 }])
    await network.does([network.holding(NONCE, 9)])
    const [job] = (await readJobs(network.chain)).value
    expect(job?.openSlot).toBeGreaterThan(job?.createdSlot ?? Infinity)
  })

  it('are final by ten votes in one transaction, for the hash that protocol computes', async () => {
    await network.settle(0)
    const { candidate } = await network.propose(0, ledgersOf(0))
    expect(candidate.attestation).toEqual(await expectedAttestation(0))
    const transaction = await network.chain.transaction(await network.vote(0, ALL))
    const votes = eventsIn(transaction?.logs ?? [], network.chain.at.programId)
    expect(votes.map(({ name }) => name)).toEqual(['Voted'])
    expect(await network.epoch(0)).toMatchObject({ voteMask: 0b11_1111_1111n, stakeVoted: STAKE * 10n })
    expect(await network.refuses([finalize(network.chain.at, 0)])).toBe('DisputeNotOver')
    await network.finalize(0)
    expect(await network.state()).toMatchObject({ lastFinal: 0, totals: { paid: 100n, charged: 110n } })
  })

  it('go on in another round when one failed, in which nothing of the first counts', async () => {
    const { at } = network.chain
    await network.settle(1)
    const { candidate, seed } = await network.propose(1, ledgersOf(1))
    await network.vote(1, ALL.slice(0, 6))
    expect(await network.refuses([nextRound(at, { number: 1, round: 0 })])).toBe('RoundNotOver')
    await network.until((await network.epoch(1)).roundFrom + PARAMS.round)
    expect(await network.refuses([finalize(at, 1)])).toBe('NoQuorum')
    await network.does([nextRound(at, { number: 1, round: 0 })])
    const again = await network.epoch(1)
    expect(again).toMatchObject({ round: 1, voteMask: 0n, stakeVoted: 0n, votedSlot: 0, seed })
    const stale = vote(at, {
      number: 1,
      attestation: candidate.attestation,
      voteKeys: [network.voteKey(9)],
    })
    expect(await network.refuses([stale])).toBe('NoCandidate')
    await network.propose(1, ledgersOf(1))
    // Six of ten are too few; the seventh is enough.
    await network.vote(1, ALL.slice(4))
    expect((await network.epoch(1)).stakeVoted).toBe(6n * STAKE)
    expect((await network.epoch(1)).votedSlot).toBe(0)
    await network.vote(1, [0])
    expect((await network.epoch(1)).votedSlot).toBeGreaterThan(0)
    await network.finalize(1)
    expect((await network.state()).lastFinal).toBe(1)
  })

  it('are never skipped, and each names the one before', async () => {
    await network.does([closeJob(network.chain.at, { requester: network.payer.address, nonce: NONCE })])
    for (const number of [2, 3]) {
      await network.settle(number)
      const expected = await expectedAttestation(number)
      await network.agree(number, ledgersOf(number))
      const root = (await network.state()).roots.find(({ epoch }) => epoch === number)
      expect(root?.attestation).toEqual(expected)
    }
    const { roots, totals, lastFinal } = await network.state()
    expect(lastFinal).toBe(3)
    expect(new Set(roots.slice(0, 4).map(({ epoch }) => epoch))).toEqual(new Set([0, 1, 2, 3]))
    expect(totals).toMatchObject({ deposited: DEPOSIT, charged: 440n, paid: 400n, claimed: 0n, refunded: 0n })
  })

  it('give back to the requester what a job that is done did not use, once', async () => {
    const before = await network.balance(network.payer)
    const refund = (number: number) => {
      const proof = ledgersOf(number).jobs.proof(0)
      const amount = BigInt(number + 1) * 110n
      const requester = network.payer.address
      const job = { requester, nonce: NONCE, mint, rest: JOB_REST }
      return refundJob(network.chain.at, { ...job, rootEpoch: number, amount, proof })
    }
    expect(await network.refuses([refund(2)])).toBe('JobNotDone')
    await network.does([refund(3)])
    expect((await network.balance(network.payer)) - before).toBe(DEPOSIT - 440n)
    expect((await readJobs(network.chain)).value).toEqual([])
    expect(await network.refuses([refund(3)])).toBe('WrongOwner')
    const { totals } = await network.state()
    expect(totals.charged + totals.refunded).toBe(totals.deposited)
    expect(await network.vaults()).toEqual([440n, STAKE * 10n])
  })
})
