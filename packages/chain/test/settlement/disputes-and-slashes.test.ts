// What verifiers lose: for a candidate that takes something back, and for what the slashes ledger says of them.

import {
  ACCOUNT_DETAIL,
  accountsLedger,
  jobsLedger,
  type Ledger,
  longParams,
  SLASH_DETAIL,
  slashesLedger,
  TestNetwork,
} from '@piecework/testkit/settlement'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  applySlash,
  associatedTokens,
  type DisputePlace,
  finalize,
  nextRound,
  openDispute,
  proveDispute,
  type Signer,
  vote,
} from '../../src/index.ts'
import { keyNamed, mint, rpcHarness } from '../support/localnet.ts'

const STAKE = 10_000n
const VERIFIERS = 4
const OWED = 600n
const PARAMS = longParams()

describe('stakes', () => {
  const [worker, thief] = [keyNamed('worker'), keyNamed('thief')]
  const right = accountsLedger([{ wallet: worker, amount: OWED }])
  const lesser = accountsLedger([
    { wallet: worker, amount: OWED - 1n },
    { wallet: thief, amount: 1n },
  ])
  let network: TestNetwork
  let place: DisputePlace

  beforeAll(async () => {
    network = new TestNetwork(await rpcHarness(), Array(VERIFIERS).fill(STAKE))
    await network.begin(PARAMS)
    place = { epoch: 1, ledger: 'accounts', index: 1, disputer: network.payer.address }
    await network.does([network.job(5n)])
    await network.settle(0)
    await network.agree(0, { accounts: right, jobs: jobsLedger(network.payer, 1_000n) })
    await network.settle(1)
  })

  afterAll(() => network.harness.stop())

  const stakes = async (): Promise<readonly bigint[]> => (await network.roster()).map(({ stake }) => stake)
  const propose = (ledger: Ledger) =>
    network.propose(1, { accounts: ledger, jobs: jobsLedger(network.payer, 1_000n) })

  /** What the leaf is under the candidate, said by whoever opened the dispute. */
  const prove = (ledger: Ledger, wallet: Signer, amount: bigint) =>
    proveDispute(network.chain.at, {
      dispute: place,
      mint,
      destination: associatedTokens(network.payer.address, mint).address,
      owner: wallet.address,
      amount,
      detail: ACCOUNT_DETAIL,
      proof: ledger.proof(1),
    })
  const open = () => {
    const leaf = { owner: worker.address, amount: OWED, detail: ACCOUNT_DETAIL, proof: right.proof(1) }
    return openDispute(network.chain.at, { ...place, ...leaf })
  }

  it('stay whole when a dispute shows nothing wrong', async () => {
    await propose(right)
    await network.vote(1, [0, 1])
    await network.does([open()])
    expect(await network.refuses([prove(right, worker, OWED)])).toBe('NothingWrong')
    expect(await network.refuses([prove(right, worker, OWED - 1n)])).toBe('WrongProof')
    expect(await network.epoch(1)).toMatchObject({ round: 0, voteMask: 0b11n })
    expect(await stakes()).toEqual(Array(VERIFIERS).fill(STAKE))
  })

  it('pay for a candidate that gives an account to another wallet, and it is gone', async () => {
    await network.until((await network.epoch(1)).roundFrom + PARAMS.round)
    const { at } = network.chain
    await network.does([nextRound(at, { number: 1, round: 0 })])
    const stolen = accountsLedger([{ wallet: thief, amount: OWED }])
    const { candidate } = await propose(stolen)
    await network.vote(1, [0, 1, 2])
    expect((await network.epoch(1)).votedSlot).toBeGreaterThan(0)
    const had = await network.balance(network.payer)
    await network.does([prove(stolen, thief, OWED)])

    // A tenth of each voter's stake; a tenth of that is the disputer's, the rest is burned.
    expect(await stakes()).toEqual([9_000n, 9_000n, 9_000n, STAKE])
    expect((await network.balance(network.payer)) - had).toBe(300n)
    expect((await network.state()).totals).toMatchObject({ staked: 37_000n, slashed: 3_000n })
    expect((await network.vaults())[1]).toBe(37_000n)
    const epoch = await network.epoch(1)
    expect(epoch).toMatchObject({ round: 2, voteMask: 0n, stakeVoted: 0n, votedSlot: 0 })
    expect(epoch.candidate.attestation).not.toEqual(candidate.attestation)
    expect(await network.refuses([finalize(at, 1)])).toBe('NoQuorum')
    const late = vote(at, { number: 1, attestation: candidate.attestation, voteKeys: [network.voteKey(3)] })
    expect(await network.refuses([late])).toBe('NoCandidate')
  })

  it('are safe from a dispute once the root is final', async () => {
    await propose(lesser)
    await network.vote(1, [0, 1, 2, 3])
    await network.does([open()])
    await network.finalize(1)
    expect(await network.refuses([prove(lesser, worker, OWED - 1n)])).toBe('DisputeOver')
    expect((await network.state()).lastFinal).toBe(1)
    expect(await stakes()).toEqual([9_000n, 9_000n, 9_000n, STAKE])
  })

  it('are slashed by the ledger, at most a tenth of a stake in one epoch, and the rest in the next', async () => {
    const ledger = slashesLedger(network.payer, [0n, 0n, 0n, 1_500n])
    const slash = (id: number, amount: bigint) =>
      applySlash(network.chain.at, {
        id,
        mint,
        rootEpoch: 2,
        amount,
        detail: SLASH_DETAIL,
        proof: ledger.proof(id),
      })
    const charged = jobsLedger(network.payer, 1_000n)
    await network.settle(2)
    await network.agree(2, { accounts: lesser, jobs: charged, slashes: ledger })
    expect(await network.refuses([slash(3, 1_501n)])).toBe('WrongProof')
    expect(await network.refuses([slash(0, 0n)])).toBe('NothingToSlash')
    await network.does([slash(3, 1_500n)])
    expect((await stakes())[3]).toBe(9_000n)
    expect(await network.refuses([slash(3, 1_500n)])).toBe('NothingToSlash')

    await network.until((await network.epoch(3)).endsAt)
    await network.does([slash(3, 1_500n)])
    expect((await stakes())[3]).toBe(8_500n)
    expect((await network.state()).totals).toMatchObject({ staked: 35_500n, slashed: 4_500n })
    expect((await network.vaults())[1]).toBe(35_500n)
    expect(await network.refuses([slash(3, 1_500n)])).toBe('NothingToSlash')
  })
})
