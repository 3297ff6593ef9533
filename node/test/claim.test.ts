import { addressOf, claimCarried, createAssociatedTokens, openPage } from '@piecework/chain'
import type { LedgerAnswer, RelayAnswer, RelayQuestion } from '@piecework/network'
import { accountsLedger, jobsLedger, SLOTS_TO_FINALITY, TERMS } from '@piecework/testkit/settlement'
import { beforeEach, describe, expect, it } from 'vitest'
import { Claim } from '../src/claim.ts'
import { beginScene, type Scene } from './support/scene.ts'

const AMOUNT = 500n

let scene: Scene
let truth: LedgerAnswer
const landed: number[] = []

beforeEach(async () => {
  scene = await beginScene()
  landed.splice(0)
  const wallet = { address: addressOf(scene.wallet), sign: () => Promise.reject(new Error('no secret here')) }
  const accounts = accountsLedger([{ wallet, amount: AMOUNT }])
  await scene.net.does([scene.net.job(1n)])
  await scene.net.settle(0)
  await scene.net.agree(0, { accounts, jobs: jobsLedger(scene.net.payer, AMOUNT) })
  await scene.net.harness.tick(SLOTS_TO_FINALITY)
  const leaf = { index: 1, amount: AMOUNT, done: false, ...TERMS, proof: accounts.proof(1) }
  truth = { epoch: 0, leaves: [leaf] }
  for (const one of scene.scripted) one.ledger = truth
})

const claimFrom = (threshold: bigint): Claim =>
  new Claim({ ...scene.ports, wallet: scene.wallet, threshold, landed: (epoch) => void landed.push(epoch) })

/** Does what a settler does. */
async function carry({ epoch, leaf, wallet }: RelayQuestion): Promise<RelayAnswer> {
  const { payer, harness } = scene.net
  const { index, amount, minAmount, maxFee, rest, proof } = leaf
  const claimed = {
    rootEpoch: epoch,
    index,
    wallet: addressOf(wallet),
    amount,
    minAmount,
    maxFee,
    rest,
    proof,
  }
  const signature = await scene.net.does([
    openPage(scene.chain.at, { payer: payer.address, number: 0 }),
    createAssociatedTokens({ payer: payer.address, wallet: claimed.wallet, mint: harness.mint }),
    claimCarried(scene.chain.at, { leaf: claimed, mint: harness.mint, fee: 0n }),
  ])
  return { signature, paid: amount, fee: 0n }
}

const balance = (): Promise<bigint> =>
  scene.net.balance({
    address: addressOf(scene.wallet),
    sign: () => Promise.reject(new Error('no secret here')),
  })

describe('claim', () => {
  it('has its claim carried, counts it when the chain says so, and remembers it', async () => {
    const [, second] = scene.scripted
    second?.carries(carry)
    const claim = claimFrom(1n)
    await claim.see(await scene.moment())
    expect(await balance()).toBe(AMOUNT)
    expect(claim.earnings).toEqual({ earned: AMOUNT, claimed: AMOUNT, account: 1, epoch: 0 })
    expect(landed).toEqual([0])
    expect(claim.history.map(({ epoch, paid, account }) => [epoch, paid, account])).toEqual([[0, '500', 1]])

    await scene.restart()
    const again = claimFrom(1n)
    await again.see(await scene.moment())
    expect(again.history).toEqual(claim.history)
    expect(second?.relayed).toHaveLength(1)
  })

  it('believes no leaf that the root of the chain does not prove', async () => {
    const [leaf] = truth.leaves
    if (leaf === undefined) throw new Error('there is no leaf')
    for (const one of scene.scripted) one.carries(carry)
    for (const one of scene.scripted) one.ledger = { epoch: 0, leaves: [{ ...leaf, amount: 9_999n }] }
    const claim = claimFrom(1n)
    await expect(claim.see(await scene.moment())).rejects.toThrow('No verifier answers')
    for (const one of scene.scripted) one.ledger = { epoch: 7, leaves: [leaf] }
    const moment = await scene.moment()
    await expect(claim.see({ ...moment, slot: moment.slot + 100 })).rejects.toThrow('No verifier answers')
    expect(scene.scripted.flatMap(({ relayed }) => relayed)).toEqual([])
    expect(claim.earnings.earned).toBe(0n)
  })

  it('asks one carrier after the other, and says so when none carries', async () => {
    const claim = claimFrom(1n)
    await expect(claim.see(await scene.moment())).rejects.toThrow('no peer that is connected carries claims')
    for (const one of scene.scripted) {
      one.carries(async () => {
        throw new Error('not today')
      })
    }
    const moment = await scene.moment()
    await expect(claim.see({ ...moment, slot: moment.slot + 100 })).rejects.toThrow('not today')
    expect(scene.scripted.map(({ relayed }) => relayed.length)).toEqual([1, 1, 1])
  })

  it('waits until its threshold is reached', async () => {
    for (const one of scene.scripted) one.carries(carry)
    const claim = claimFrom(AMOUNT + 1n)
    await claim.see(await scene.moment())
    expect(claim.earnings).toEqual({ earned: AMOUNT, claimed: 0n, account: 1, epoch: 0 })
    expect(scene.scripted.flatMap(({ relayed }) => relayed)).toEqual([])
  })

  it('asks again when a carrier said more than it did', async () => {
    const [first] = scene.scripted
    first?.carries(async ({ leaf }) => ({ signature: 'of nothing', paid: leaf.amount, fee: 0n }))
    const claim = claimFrom(1n)
    const moment = await scene.moment()
    await claim.see(moment)
    await claim.see({ ...moment, slot: moment.slot + 149 })
    expect(first?.relayed).toHaveLength(1)
    await claim.see({ ...moment, slot: moment.slot + 150 })
    expect(scene.log.count('claim-did-not-land')).toBe(1)
    expect(first?.relayed).toHaveLength(2)
    expect([landed, claim.history]).toEqual([[], []])
  })
})
