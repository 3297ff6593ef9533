// Money under final roots, by every Chain alike: claimed by a wallet, carried by another, given back to a requester.
import { attestationHash, ZERO_HASH } from '@piecework/protocol'
import {
  accountsLedger,
  DEPOSIT,
  type Harness,
  JOB_REST,
  jobsLedger,
  type Ledger,
  longParams,
  proposal,
  TERMS,
  TestNetwork,
} from '@piecework/testkit/settlement'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  associatedTokens,
  bytesOf,
  type Chain,
  type ClaimedLeaf,
  claimCarried,
  claimedOf,
  claimOwn,
  closeJob,
  createAssociatedTokens,
  openPage,
  read,
  readFacts,
  readJobs,
  readNetwork,
  refundJob,
  type Signer,
  type TransactionInstruction,
  wantPage,
} from '../src/index.ts'

export function chainMoney(name: string, make: () => Promise<Harness>): void {
  describe(name, () => {
    let harness: Harness
    let chain: Chain
    let network: TestNetwork
    let worker: Signer
    let carried: Signer
    let accounts: Ledger

    /** A job was worked on: 900 charged, 800 of it owed to two wallets. */
    beforeEach(async () => {
      harness = await make()
      chain = harness.chain
      network = new TestNetwork(harness)
      worker = harness.key('worker')
      carried = harness.key('carried')
      accounts = accountsLedger([
        { wallet: worker, amount: 500n },
        { wallet: carried, amount: 300n },
      ])
      await network.begin(longParams())
      await network.does([network.job(5n)])
      await network.does([network.holding(5n, 0, 1, 2)])
      await network.until((await network.epoch(0)).startsAt)
      await network.does([closeJob(chain.at, { requester: harness.payer.address, nonce: 5n })])
      await network.settle(0)
      await network.agree(0, { accounts, jobs: jobsLedger(harness.payer, 900n) })
    })

    afterEach(() => harness.stop())

    const leafOf = (index: number, wallet: Signer, amount: bigint): ClaimedLeaf => ({
      ...TERMS,
      rootEpoch: 0,
      index,
      wallet: wallet.address,
      amount,
      proof: accounts.proof(index),
    })

    const tokensOf = (wallet: Signer): TransactionInstruction =>
      createAssociatedTokens({ payer: harness.payer.address, wallet: wallet.address, mint: harness.mint })

    it('is paid to who it belongs to, once', async () => {
      const { payer, mint } = harness
      const totals = {
        deposited: DEPOSIT,
        charged: 900n,
        paid: 800n,
        claimed: 0n,
        refunded: 0n,
        staked: 6_000n,
      }
      expect((await readNetwork(chain)).value.network).toMatchObject({ lastFinal: 0, totals })
      await network.does([openPage(chain.at, { payer: payer.address, number: 0 })])
      expect(await network.refuses([openPage(chain.at, { payer: payer.address, number: 1 })])).toBe(
        'PageNotNeeded',
      )

      const { address: destination } = associatedTokens(worker.address, mint)
      const own = claimOwn(chain.at, { leaf: leafOf(1, worker, 500n), mint, destination })
      await network.does([tokensOf(worker), own], worker)
      expect(await network.balance(worker)).toBe(500n)
      expect(await network.refuses([own], worker)).toBe('NothingToClaim')

      const carry = { leaf: leafOf(2, carried, 300n), mint, fee: 50n, feeDestination: destination }
      const wrong = (changed: object) => [tokensOf(carried), claimCarried(chain.at, { ...carry, ...changed })]
      expect(await network.refuses(wrong({ fee: 51n }))).toBe('FeeTooHigh')
      expect(await network.refuses(wrong({ leaf: leafOf(2, carried, 301n) }))).toBe('WrongProof')
      expect(await network.refuses(wrong({ leaf: { ...carry.leaf, rootEpoch: 1 } }))).toBe('RootNotKept')
      await network.does([tokensOf(carried), claimCarried(chain.at, carry)])
      expect([await network.balance(carried), await network.balance(worker)]).toEqual([250n, 550n])

      const { page } = (await read(chain, { page: wantPage(chain.at, 0) })).value
      expect([0, 1, 2, 3].map((index) => page && claimedOf(page, index))).toEqual([0n, 500n, 300n, 0n])
      expect((await readNetwork(chain)).value.network.totals.claimed).toBe(800n)
    })

    it('is given back when the job is done', async () => {
      const { payer, mint } = harness
      const refund = { requester: payer.address, nonce: 5n, mint, rest: JOB_REST }
      const notDone = {
        ...refund,
        rootEpoch: 0,
        amount: 900n,
        proof: jobsLedger(payer, 900n).proof(0),
      }
      expect(await network.refuses([refundJob(chain.at, notDone)])).toBe('JobNotDone')

      const first = await network.epoch(0)
      await network.untilFacts(await network.settle(1))
      const { attestation } = (await readNetwork(chain)).value.network.roots[0] ?? {}
      expect(await readFacts(chain, { epoch: 1, verifiers: 3, jobs: 1 })).toMatchObject({
        previous: attestation,
        startSlot: first.endsAt,
        dealSeed: (await network.epoch(-1)).seed,
        joined: [],
        created: [],
        opened: [],
        closed: [{ job: 0 }],
      })

      const done = jobsLedger(payer, 950n, true)
      const args = proposal({ number: 1, round: 0 }, { accounts, jobs: done })
      await network.agree(1, { accounts, jobs: done })
      const { seed, candidate } = await network.epoch(1)
      const networkId = bytesOf(chain.at.network)
      const previous = attestation ?? ZERO_HASH
      expect(candidate.attestation).toEqual(attestationHash({ ...args, networkId, epoch: 1, seed, previous }))
      const before = await network.balance(payer)
      await network.does([
        refundJob(chain.at, { ...refund, rootEpoch: 1, amount: 950n, proof: done.proof(0) }),
      ])
      expect(await network.balance(payer)).toBe(before + DEPOSIT - 950n)
      expect((await readJobs(chain)).value).toEqual([])
      expect((await readNetwork(chain)).value.network.totals.refunded).toBe(DEPOSIT - 950n)
    })
  })
}
