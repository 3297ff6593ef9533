// A network's life on a real chain, told once from its creation: what every instruction is for. Each test goes on where
// the one before ended.
import { accountDetail } from '@piecework/protocol'
import {
  accountsLedger,
  DEPOSIT,
  type Harness,
  JOB_REST,
  jobsLedger,
  type Ledger,
  longParams,
  SLASH_DETAIL,
  slashesLedger,
  TERMS,
  TestNetwork,
} from '@piecework/testkit/settlement'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  applySlash,
  associatedTokens,
  type Chain,
  type ClaimedLeaf,
  claimCarried,
  claimOwn,
  closeJob,
  createAssociatedTokens,
  type DisputePlace,
  decodeTokenAccount,
  dropInactive,
  entriesOf,
  finalize,
  nextRound,
  openDispute,
  openPage,
  pause,
  proveDispute,
  readJobs,
  readNetwork,
  refundJob,
  resume,
  SEATS,
  type Signer,
  type TransactionInstruction,
} from '../../src/index.ts'
import { keyNamed, mint, rpcHarness } from '../support/localnet.ts'

const VERIFIERS = 10
const STAKE = 1_000n
const MATURITY = 150

const PARAMS = longParams({ maturity: MATURITY, outflowLimit: 600n })

describe('a network', () => {
  const [worker, poor, silent] = [keyNamed('worker'), keyNamed('poor'), VERIFIERS - 1]
  let harness: Harness
  let chain: Chain
  let network: TestNetwork
  let payer: Signer

  beforeAll(async () => {
    harness = await rpcHarness()
    chain = harness.chain
    payer = harness.payer
    network = new TestNetwork(harness, Array(VERIFIERS).fill(STAKE))
  })

  afterAll(() => harness.stop())

  const state = async () => (await readNetwork(chain)).value
  const owed = (first: bigint, second: bigint): Ledger =>
    accountsLedger([
      { wallet: worker, amount: first },
      { wallet: poor, amount: second },
    ])
  const tokensOf = ({ address: wallet }: Signer): TransactionInstruction =>
    createAssociatedTokens({ payer: payer.address, wallet, mint })
  const destination = associatedTokens(worker.address, mint).address

  interface Claim {
    readonly rootEpoch: number
    readonly ledger: Ledger
    readonly wallet: Signer
    readonly amount: bigint
  }

  const leafOf = ({ rootEpoch, ledger, wallet, amount }: Claim): ClaimedLeaf => {
    const index = wallet === worker ? 1 : 2
    return { ...TERMS, rootEpoch, index, wallet: wallet.address, amount, proof: ledger.proof(index) }
  }
  const own = (claim: Claim) => claimOwn(chain.at, { leaf: leafOf(claim), mint, destination })
  const carried = (claim: Claim, fee: bigint) =>
    claimCarried(chain.at, { leaf: leafOf(claim), mint, fee, feeDestination: destination })

  /** What is owed after each epoch, which only grows; in the last the job is done. */
  const accountsOf = (number: number): Ledger => owed(number === 0 ? 500n : 600n, number < 2 ? 300n : 400n)
  const jobsOf = (number: number): Ledger => jobsLedger(payer, [900n, 1_000n][number] ?? 1_100n, number === 3)
  const ledgersOf = (number: number) => ({ accounts: accountsOf(number), jobs: jobsOf(number) })

  it('is created, joined by ten verifiers, and started', async () => {
    await network.begin(PARAMS)
    const { network: started, roster } = await state()
    expect(started).toMatchObject({ started: true, totals: { staked: STAKE * BigInt(VERIFIERS) } })
    expect(entriesOf(roster)).toHaveLength(VERIFIERS)
  })

  it('opens a job that verifiers hold', async () => {
    await network.does([network.job(5n)])
    await network.does([network.holding(5n, 0, 1, 2)])
    expect((await readJobs(chain)).value).toMatchObject([{ openSlot: 0 }])
    await network.does([network.holding(5n, 3)])
    const [job] = (await readJobs(chain)).value
    expect(job?.openSlot).toBeGreaterThan(0)
  })

  it('settles an epoch, with ten votes in one transaction', async () => {
    await network.settle(0)
    await network.propose(0, ledgersOf(0))
    const all = await network.seated(0)
    expect(all).toHaveLength(VERIFIERS)
    await network.vote(0, all)
    await network.finalize(0)
    expect((await state()).network).toMatchObject({ lastFinal: 0, totals: { paid: 800n, charged: 900n } })
  })

  it('pays claims: by the wallet, and carried for a fee to a token account made on the way', async () => {
    const ledger = accountsOf(0)
    await network.does([openPage(chain.at, { payer: payer.address, number: 0 })])
    const claim = { rootEpoch: 0, ledger, wallet: worker, amount: 500n }
    await network.does([tokensOf(worker), own(claim)], worker)
    expect(await network.balance(worker)).toBe(500n)
    const poorClaim = { rootEpoch: 0, ledger, wallet: poor, amount: 300n }
    expect(await network.balance(poor)).toBe(0n)
    expect(await network.refuses([tokensOf(poor), carried(poorClaim, 50n)])).toBe('OutflowLimit')
    await network.until(((await state()).network.roots[0]?.slot ?? 0) + MATURITY)
    await network.does([tokensOf(poor), carried(poorClaim, 50n)])
    expect([await network.balance(poor), await network.balance(worker)]).toEqual([250n, 550n])
  })

  it('begins another round when one has failed', async () => {
    await network.settle(1)
    await network.propose(1, ledgersOf(1))
    await network.vote(1, (await network.seated(1)).slice(0, 6))
    await network.until((await network.epoch(1)).roundFrom + PARAMS.round)
    expect(await network.refuses([finalize(chain.at, 1)])).toBe('NoQuorum')
    await network.does([nextRound(chain.at, { number: 1, round: 0 })])
    await network.agree(1, ledgersOf(1))
    expect((await state()).network.lastFinal).toBe(1)
  })

  it('cancels a candidate that takes from somebody, at the cost of who voted for it', async () => {
    await network.settle(2)
    const { accounts, jobs } = ledgersOf(2)
    const thieving = owed(599n, 401n)
    await network.propose(2, { accounts: thieving, jobs })
    await network.vote(2, (await network.seated(2)).slice(0, 8))
    const place: DisputePlace = { epoch: 2, ledger: 'accounts', index: 1, disputer: payer.address }
    const leaf = { owner: worker.address, detail: accountDetail(TERMS) }
    const opening = { ...place, ...leaf, amount: 600n, proof: accountsOf(1).proof(1) }
    await network.does([openDispute(chain.at, opening)])
    const tokens = associatedTokens(payer.address, mint).address
    const had = await network.balance(payer)
    const proof = { ...leaf, amount: 599n, proof: thieving.proof(1) }
    await network.does([proveDispute(chain.at, { dispute: place, mint, destination: tokens, ...proof })])

    // A tenth of each voter's stake, of which a tenth is the disputer's.
    expect((await network.balance(payer)) - had).toBe(80n)
    const { network: after, roster } = await state()
    expect(after.totals).toMatchObject({ staked: 9_200n, slashed: 800n })
    expect(entriesOf(roster).map(({ stake }) => stake)).toEqual([...Array(8).fill(900n), 1_000n, 1_000n])
    expect(await network.epoch(2)).toMatchObject({
      round: 1,
      voteMask: 0n,
      candidate: { accounts: { count: 0 } },
    })
    await network.agree(2, { accounts, jobs, slashes: slashesLedger(payer, [0n, 70n]) })
    expect((await state()).network.lastFinal).toBe(2)
  })

  it('slashes who the ledger says', async () => {
    const slashes = slashesLedger(payer, [0n, 70n])
    const slash = { id: 1, mint, rootEpoch: 2, amount: 70n, detail: SLASH_DETAIL, proof: slashes.proof(1) }
    await network.does([applySlash(chain.at, slash)])
    const { network: after, roster } = await state()
    expect(entriesOf(roster)[1]?.stake).toBe(830n)
    expect(after.totals).toMatchObject({ staked: 9_130n, slashed: 870n })
    expect(await network.refuses([applySlash(chain.at, slash)])).toBe('NothingToSlash')
  })

  it('drops a verifier that is gone, so that the others are enough', async () => {
    network.silent.add(silent)
    const seats = 1n << BigInt(silent)
    expect(await network.refuses([dropInactive(chain.at, { number: 3, seats })])).toBe('NotInactive')
    const { seats: seated, endsAt } = await network.epoch(3)
    const patience = (seated[silent]?.activeSlot ?? 0) + PARAMS.length
    await network.until(Math.max(patience, endsAt + PARAMS.grace + PARAMS.inventory))
    await network.does([dropInactive(chain.at, { number: 3, seats })])
    const epoch = await network.epoch(3)
    expect(epoch.stakeCounted).toBe(epoch.stakeTotal - 1_000n)
  })

  it('stops new jobs and new roots while it is paused, and nothing else', async () => {
    await network.does([closeJob(chain.at, { requester: payer.address, nonce: 5n })])
    await network.settle(3)
    const slashes = slashesLedger(payer, [0n, 70n])
    await network.propose(3, { ...ledgersOf(3), slashes })
    await network.vote(3, await network.seated(3))
    await network.does([pause(chain.at, payer.address)])
    expect(await network.refuses([network.job(6n)])).toBe('Paused')
    await network.until((await network.epoch(3)).votedSlot + PARAMS.dispute)
    expect(await network.refuses([finalize(chain.at, 3)])).toBe('Paused')
    const ledger = accountsOf(1)
    await network.does([own({ rootEpoch: 1, ledger, wallet: worker, amount: 600n })], worker)
    expect(await network.balance(worker)).toBe(650n)
    await network.does([resume(chain.at, payer.address)])
    await network.does([finalize(chain.at, 3)])
    expect(await network.refuses([pause(chain.at, payer.address)])).toBe('PauseTooSoon')
    expect((await state()).network.lastFinal).toBe(3)
  })

  it('gives back what a job that is done did not use', async () => {
    const before = await network.balance(payer)
    const refund = { requester: payer.address, nonce: 5n, mint, rootEpoch: 3, amount: 1_100n, rest: JOB_REST }
    await network.does([refundJob(chain.at, { ...refund, proof: jobsOf(3).proof(0) })])
    expect((await network.balance(payer)) - before).toBe(DEPOSIT - 1_100n)
    expect((await readJobs(chain)).value).toEqual([])
  })

  it('lets a larger stake displace the smallest when all seats are taken', async () => {
    for (let count = network.voteKeys.length; count < SEATS; count++)
      await network.does([network.joining(STAKE)])
    // The slashed one is the smallest, with 830.
    const small = network.joining(STAKE - 88n)
    expect(await network.refuses([small])).toBe('StakeTooSmall')
    network.voteKeys.pop()
    await network.does([network.joining(STAKE)])
    const entries = entriesOf((await state()).roster)
    expect(entries).toHaveLength(SEATS + 1)
    expect(entries.filter(({ exitEpoch }) => exitEpoch < Infinity).map(({ id }) => id)).toEqual([1])
  })

  it('has paid no more than it was charged, and holds the rest', async () => {
    const { totals } = (await state()).network
    expect(totals).toMatchObject({
      deposited: DEPOSIT,
      charged: 1_100n,
      refunded: DEPOSIT - 1_100n,
      paid: 1_000n,
    })
    expect(totals.claimed).toBe(900n)
    const [vault, stakes] = (await chain.accounts([chain.at.vault, chain.at.stakeVault])).value
    expect(vault && decodeTokenAccount(vault).amount).toBe(200n)
    expect(stakes && decodeTokenAccount(stakes).amount).toBe(totals.staked)
  })
})
