import { bytesOf, type Signer } from '@piecework/chain'
import { protocols, type RelayAnswer, type RelayQuestion } from '@piecework/network'
import { accountsLedger, jobsLedger, type Ledger, TERMS } from '@piecework/testkit/settlement'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SettlingOptions } from '../src/index.ts'
import { settling } from '../src/index.ts'
import { type RunningSettler, World } from './support/world.ts'

const RELAY = settling.parse({}).relay

describe('carrying claims', () => {
  let world: World
  let asker: Awaited<ReturnType<World['guest']>>
  let workers: readonly Signer[]

  /** A thousand each. */
  const ledgerOf = (epoch: number): Ledger =>
    accountsLedger(workers.map((wallet) => ({ wallet, amount: epoch === 0 ? 500n : 700n })))

  beforeEach(async () => {
    workers = []
    world = await World.begin({
      verifiers: 3,
      ledgers: (epoch) => ({ accounts: ledgerOf(epoch), jobs: jobsLedger(world.network.payer, 5_000n) }),
    })
    workers = Array.from({ length: 6 }, (_, place) => world.network.harness.key(`worker ${place}`))
    await world.network.does([world.network.job(1n)])
    asker = await world.guest('contributor')
  })

  afterEach(() => world.stop())

  async function settlerWith(relay: Partial<SettlingOptions['relay']> = {}): Promise<RunningSettler> {
    const settler = await world.settle('one', { relay: { ...RELAY, ...relay } })
    await world.untilFinal(0)
    await world.until(() => settler.settler.status().done.pages === 1)
    return settler
  }

  function question(index: number, epoch = 0): RelayQuestion {
    const ledger = ledgerOf(epoch)
    const wallet = workers[index - 1]
    if (wallet === undefined) throw new Error('no such worker')
    const leaf = {
      ...TERMS,
      index,
      amount: epoch === 0 ? 500n : 700n,
      done: false,
      proof: ledger.proof(index),
    }
    return { epoch, wallet: bytesOf(wallet.address), leaf }
  }

  function carry(settler: RunningSettler, asked: RelayQuestion): Promise<RelayAnswer> {
    return world.during(asker.ask(protocols.relay, asked, settler.network.self))
  }

  it('pays the wallet, makes its token account on the way, and keeps the fee', async () => {
    const settler = await settlerWith({ fee: 20n, newAccountFee: 25n })
    const [worker, second] = workers
    if (worker === undefined || second === undefined) throw new Error('there are six')
    expect(await carry(settler, question(1))).toMatchObject({ paid: 455n, fee: 45n })
    expect(await world.network.balance(worker)).toBe(455n)
    expect(await world.network.balance(settler.wallet)).toBe(45n)
    await world.untilFinal(1)
    // The next time its account is there.
    expect(await carry(settler, question(1, 1))).toMatchObject({ paid: 180n, fee: 20n })
    expect(settler.settler.status()).toMatchObject({ done: { claims: 2 }, feesEarned: '65', refusals: {} })
  })

  it('never takes more than the wallet allows', async () => {
    const settler = await settlerWith({ fee: 5_000n })
    expect(await carry(settler, question(1))).toMatchObject({ paid: 450n, fee: 50n })
  })

  it('never takes more than the network allows', async () => {
    world = await World.begin({
      verifiers: 3,
      params: { maxClaimFee: 7n },
      ledgers: (epoch) => ({ accounts: ledgerOf(epoch), jobs: jobsLedger(world.network.payer, 5_000n) }),
    })
    await world.network.does([world.network.job(1n)])
    asker = await world.guest('contributor')
    expect(await carry(await settlerWith({ fee: 20n }), question(1))).toMatchObject({ paid: 493n, fee: 7n })
  })

  it('does without a fee where none is asked', async () => {
    const settler = await settlerWith()
    expect(await carry(settler, question(2))).toMatchObject({ paid: 500n, fee: 0n })
    expect(await world.network.balance(settler.wallet)).toBe(0n)
  })

  it('pays nothing twice, and says so', async () => {
    const settler = await settlerWith()
    await carry(settler, question(1))
    await expect(carry(settler, question(1))).rejects.toThrow('has been claimed already')
    expect(settler.settler.status().refusals).toEqual({ 'relay/nothing-due': 1 })
  })

  it('carries one claim of a wallet at a time', async () => {
    const settler = await settlerWith()
    const asked = [question(1), question(1), question(2)].map((one) => carry(settler, one))
    const ends = await Promise.allSettled(asked)
    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(settler.settler.status().refusals).toEqual({ 'relay/busy': 1 })
  })

  it('carries no more than so many of a wallet, and goes on with others', async () => {
    const settler = await settlerWith({ perWallet: 1 })
    await carry(settler, question(1))
    await world.untilFinal(1)
    await expect(carry(settler, question(1, 1))).rejects.toThrow('1 claims of one wallet in 60 minutes')
    expect(await carry(settler, question(2, 1))).toMatchObject({ paid: 700n })
    world.time.pass(60 * 60_000)
    expect(await carry(settler, question(1, 1))).toMatchObject({ paid: 200n })
  })

  it('carries no more than so many in all', async () => {
    const settler = await settlerWith({ total: 2 })
    await carry(settler, question(1))
    await carry(settler, question(2))
    await expect(carry(settler, question(3))).rejects.toThrow('carries 2 claims in 60 minutes')
  })

  it('makes no more than so many token accounts, and carries for those that have one', async () => {
    const settler = await settlerWith({ newAccounts: 1 })
    const third = workers[2]
    if (third === undefined) throw new Error('there are six')
    world.chain.giveTokens(third.address, world.network.harness.mint, 0n)
    await carry(settler, question(1))
    await expect(carry(settler, question(2))).rejects.toThrow('makes 1 token accounts')
    expect(await carry(settler, question(3))).toMatchObject({ paid: 500n })
  })

  it('carries nothing that pays too little', async () => {
    const settler = await settlerWith({ fee: 60n, leastFee: 60n })
    await expect(carry(settler, question(1))).rejects.toThrow('no claim for less than 60')
  })

  it('says that it has no SOL', async () => {
    const settler = await settlerWith()
    world.chain.fund(settler.wallet.address, 9_000n)
    await world.slots(12)
    expect(settler.settler.status().warning).toContain('it can send nothing any more')
    await expect(carry(settler, question(1))).rejects.toThrow('no SOL left')
    world.chain.fund(settler.wallet.address, 1_000_000_000n)
    await world.slots(2)
    expect(settler.settler.status().warning).toBe(null)
    expect(await carry(settler, question(1))).toMatchObject({ paid: 500n })
  })
})
