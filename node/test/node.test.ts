// A node through an epoch: what it is dealt becomes tokens in its wallet.
import { addressOf, claimCarried, createAssociatedTokens, openPage } from '@piecework/chain'
import { RowsView } from '@piecework/protocol'
import { accountsLedger, jobsLedger, TERMS } from '@piecework/testkit/settlement'
import { describe, expect, it } from 'vitest'
import { makeNode, type NodeDaemon } from '../src/index.ts'
import { echoKinds, echoSpec, noSandbox } from './support/echo.ts'
import { beginScene, type Scene, until } from './support/scene.ts'
import { aStanding } from './support/verifier.ts'

function nodeIn(scene: Scene): NodeDaemon {
  const config = {
    wallet: addressOf(scene.wallet),
    attributes: [],
    parallel: 2,
    claimFrom: 1n,
    preset: 'local',
  } as const
  return makeNode(config, { ...scene.ports, kinds: echoKinds, sandbox: noSandbox })
}

describe('a node', () => {
  it('does what it is dealt, delivers it, and claims what it earned', async () => {
    const scene = await beginScene()
    const job = await scene.job(1n, echoSpec())
    for (const one of scene.scripted) {
      one.standing = aStanding
      one.deals.set(0, [
        { job, task: 0 },
        { job, task: 1 },
        { job, task: 2 },
      ])
    }
    const node = nodeIn(scene)
    await node.start()
    await until(scene, () => node.status().batches.acknowledged > 0)
    const [batch] = scene.scripted[0]?.batches ?? []
    expect(batch?.epoch).toBe(0)
    expect([0, 1, 2].map((row) => new RowsView(batch?.rows ?? new Uint8Array()).task(row)).sort()).toEqual([
      0, 1, 2,
    ])

    await scene.net.postInventories(0)
    await scene.net.seal(0)
    await until(scene, () => node.status().delivered >= 9)
    for (const one of scene.scripted)
      expect(one.delivered.flatMap(({ openings }) => openings)).toHaveLength(3)
    await scene.net.commit(0)

    const wallet = { address: addressOf(scene.wallet), sign: () => Promise.reject(new Error('no secret')) }
    const accounts = accountsLedger([{ wallet, amount: 500n }])
    await scene.net.does([scene.net.job(2n)])
    await scene.net.agree(0, { accounts, jobs: jobsLedger(scene.net.payer, 500n) })
    for (const one of scene.scripted) {
      one.epoch = 0
      one.results = [{ epoch: 0, outcome: 'paid', rows: 3, paidRows: 3, pay: 500n, reason: '', checkers: [] }]
      one.ledger = {
        epoch: 0,
        leaves: [{ index: 1, amount: 500n, done: false, ...TERMS, proof: accounts.proof(1) }],
      }
    }
    scene.scripted[1]?.carries(async ({ epoch, leaf, wallet: owner }) => {
      const { index, amount, minAmount, maxFee, rest, proof } = leaf
      const claimed = {
        rootEpoch: epoch,
        index,
        wallet: addressOf(owner),
        amount,
        minAmount,
        maxFee,
        rest,
        proof,
      }
      const claim = claimCarried(scene.chain.at, { leaf: claimed, mint: scene.net.harness.mint, fee: 0n })
      const { payer, harness } = scene.net
      const tokens = createAssociatedTokens({
        payer: payer.address,
        wallet: claimed.wallet,
        mint: harness.mint,
      })
      const page = openPage(scene.chain.at, { payer: payer.address, number: 0 })
      const signature = await scene.net.does([page, tokens, claim])
      return { signature, paid: amount, fee: 0n }
    })
    await until(scene, () => node.status().claims.length > 0)
    expect(await scene.net.balance(wallet)).toBe(500n)
    const status = node.status()
    expect(status.earnings).toEqual({ earned: 500n, claimed: 500n, account: 1, epoch: 0 })
    expect(status.latencies.count).toBe(1)
    expect(status.latencies.p50).toBeGreaterThan(1)
    expect(status.troubles).toEqual([])
    await node.stop()
  })
})
