// What holds money back for a while, by every Chain alike: the outflow window, a pause, and a claim that came before.
// Each test goes on where the one before ended.
import {
  accountsLedger,
  DEPOSIT,
  type Harness,
  jobsLedger,
  type Ledger,
  longParams,
  TERMS,
  TestNetwork,
} from '@piecework/testkit/settlement'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  associatedTokens,
  claimCarried,
  claimOwn,
  createAssociatedTokens,
  openPage,
  pause,
  resume,
  type Signer,
  type TransactionInstruction,
} from '../src/index.ts'

const WINDOW = 300
const PAUSE = 400
/** Everything here happens under young roots. */
const PARAMS = longParams({
  maturity: 7_000,
  outflowLimit: 500n,
  outflowWindow: WINDOW,
  maxPause: PAUSE,
})

export function chainLimits(name: string, make: () => Promise<Harness>): void {
  describe(name, () => {
    let harness: Harness
    let network: TestNetwork
    let worker: Signer
    let poor: Signer

    beforeAll(async () => {
      harness = await make()
      network = new TestNetwork(harness)
      worker = harness.key('worker')
      poor = harness.key('poor')
      await network.begin(PARAMS)
      await network.does([network.job(5n)])
      await agree(0)
      const { payer, mint } = harness
      const tokens = [worker, poor].map(({ address: wallet }) =>
        createAssociatedTokens({ payer: payer.address, wallet, mint }),
      )
      await network.does([openPage(network.chain.at, { payer: payer.address, number: 0 }), ...tokens])
    })

    afterAll(() => harness.stop())

    /** After each epoch the worker is owed 150 more. */
    const amountOf = (number: number): bigint => 500n + 150n * BigInt(number)
    const ledgerOf = (number: number): Ledger =>
      accountsLedger([
        { wallet: worker, amount: amountOf(number) },
        { wallet: poor, amount: 300n },
      ])

    async function agree(number: number): Promise<void> {
      await network.settle(number)
      const jobs = jobsLedger(harness.payer, 1_000n + 200n * BigInt(number))
      await network.agree(number, { accounts: ledgerOf(number), jobs })
    }

    const own = (rootEpoch: number): TransactionInstruction => {
      const proof = ledgerOf(rootEpoch).proof(1)
      const leaf = {
        ...TERMS,
        rootEpoch,
        index: 1,
        wallet: worker.address,
        amount: amountOf(rootEpoch),
        proof,
      }
      const { mint } = harness
      return claimOwn(network.chain.at, {
        leaf,
        mint,
        destination: associatedTokens(worker.address, mint).address,
      })
    }
    const carried = (): TransactionInstruction => {
      const { mint } = harness
      const leaf = { ...TERMS, rootEpoch: 0, index: 2, wallet: poor.address, amount: 300n }
      const feeDestination = associatedTokens(worker.address, mint).address
      return claimCarried(network.chain.at, {
        leaf: { ...leaf, proof: ledgerOf(0).proof(2) },
        mint,
        fee: 0n,
        feeDestination,
      })
    }

    it('lets no more out in a window than its limit, and begins another when it is over', async () => {
      await network.does([own(0)], worker)
      const { outflow, outflowFrom } = await network.state()
      expect([outflow, await network.balance(worker)]).toEqual([500n, 500n])
      expect(await network.refuses([carried()])).toBe('OutflowLimit')
      await network.until(outflowFrom + WINDOW)
      await network.does([carried()])
      const next = await network.state()
      expect(next.outflow).toBe(300n)
      expect(next.outflowFrom).toBeGreaterThanOrEqual(outflowFrom + WINDOW)
      expect([await network.balance(poor), await network.balance(worker)]).toEqual([300n, 500n])
    })

    it('pays under a later root what was not claimed before, and no root twice', async () => {
      await agree(1)
      await network.does([own(1)], worker)
      expect(await network.balance(worker)).toBe(650n)
      expect(await network.refuses([own(1)], worker)).toBe('NothingToClaim')
      expect(await network.refuses([own(0)], worker)).toBe('NothingToClaim')
      const { totals } = await network.state()
      expect(totals).toMatchObject({ paid: 950n, claimed: 950n, charged: 1_200n, deposited: DEPOSIT })
    })

    it('goes on by itself when a pause has run out, and is not paused again for as long', async () => {
      const { at } = network.chain
      const authority = harness.creator.address
      await agree(2)
      await network.does([pause(at, authority)])
      expect(await network.refuses([network.job(6n)])).toBe('Paused')
      expect(await network.refuses([own(2)], worker)).toBe('Paused')
      const { pausedAt, pauseUntil, pauseAgainFrom } = await network.state()
      expect([pauseUntil, pauseAgainFrom]).toEqual([pausedAt + PAUSE, pausedAt + 2 * PAUSE])
      await network.until(pauseUntil)
      expect(await network.refuses([resume(at, authority)])).toBe('NotPaused')
      await network.does([network.job(6n)])
      await network.does([own(2)], worker)
      expect(await network.balance(worker)).toBe(800n)
      expect(await network.refuses([pause(at, authority)])).toBe('PauseTooSoon')
      await network.until(pauseAgainFrom)
      await network.does([pause(at, authority)])
      expect((await network.state()).pauseUntil).toBeGreaterThan(pauseAgainFrom)
    })
  })
}
