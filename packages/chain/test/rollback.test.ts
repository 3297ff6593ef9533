// A slot that is not final can be rolled back: what counts as final never was in it, and what was sent is sent again.
import type { MemoryChain } from '@piecework/testkit'
import { accountsLedger, localParams, memoryHarness, TestNetwork } from '@piecework/testkit/settlement'
import { beforeEach, describe, expect, it } from 'vitest'
import { createNetwork, finalRoot, readNetwork, type SendOutcome, sealEpoch } from '../src/index.ts'
import { keyNamed, mint, nameHash, programId } from './support/localnet.ts'

const FINALITY = 10
const payer = keyNamed('payer')
let chain: MemoryChain
let network: TestNetwork

beforeEach(() => {
  const harness = memoryHarness()
  chain = harness.chain
  network = new TestNetwork(harness)
})

function creation() {
  const genesisHash = new Uint8Array(32)
  const input = { creator: payer.address, mint, nameHash, genesisHash, params: localParams() }
  return { instructions: [createNetwork(programId, input)], payer }
}

describe('a rollback', () => {
  it('takes back what was only confirmed', async () => {
    expect(await chain.during(chain.send(creation()))).toMatchObject({ kind: 'landed' })
    expect((await readNetwork(chain)).value.network.started).toBe(false)
    chain.rollBack()
    await expect(readNetwork(chain)).rejects.toMatchObject({ code: 'account/missing' })
    expect(await chain.during(chain.send(creation()))).toMatchObject({ kind: 'landed' })
  })

  it('leaves what is final', async () => {
    await chain.during(chain.send({ ...creation(), commitment: 'finalized' }))
    chain.rollBack()
    expect((await readNetwork(chain)).value.network.lastFinal).toBe(-1)
  })

  it('only delays who waits for finality', async () => {
    let outcome: SendOutcome | undefined
    const sending = chain.send({ ...creation(), commitment: 'finalized' }).then((found) => {
      outcome = found
    })
    await chain.during(Promise.resolve())
    chain.tick(1)
    const rolledBackAt = chain.clock.slot()
    chain.rollBack()
    expect(outcome).toBeUndefined()
    await chain.during(sending)
    expect(outcome).toMatchObject({ kind: 'landed' })
    expect(outcome?.kind === 'landed' && outcome.slot).toBeGreaterThan(rolledBackAt)
    chain.rollBack()
    expect((await readNetwork(chain)).value.network.authority).toBe(payer.address)
  })

  it('is told to whoever watches', async () => {
    const heard: boolean[] = []
    chain.onAccount(chain.at.network, ({ value }) => heard.push(value !== undefined))
    await chain.during(chain.send(creation()))
    chain.rollBack()
    expect(heard).toEqual([false, true, false])
  })

  it('never takes back a final root, nor shows one that is not', async () => {
    await network.begin(localParams({ length: 60 }))
    await network.postInventories(0)
    await network.seal(0)
    await network.commit(0)
    const accounts = accountsLedger([])
    await network.propose(0, { accounts })
    await network.vote(0, await network.seated(0))
    await network.finalize(0)
    expect((await readNetwork(chain)).value.network.lastFinal).toBe(0)
    expect(await finalRoot(chain)).toBeUndefined()
    chain.rollBack()
    expect((await readNetwork(chain)).value.network.lastFinal).toBe(-1)
    await network.finalize(0)
    chain.tick(FINALITY)
    const root = await finalRoot(chain)
    expect(root).toMatchObject({ epoch: 0, accounts: accounts.ledger })
    chain.rollBack()
    expect(await finalRoot(chain)).toEqual(root)
  })

  it('gives another seed, which is why a seed counts once it is final', async () => {
    await network.begin(localParams({ length: 60 }))
    await network.postInventories(0)
    const { target } = await network.epoch(0)
    await network.until(target + 1)
    await network.does([sealEpoch(chain.at, 0)])
    const first = (await network.epoch(0)).seed
    chain.rollBack()
    await network.does([sealEpoch(chain.at, 0)])
    expect((await network.epoch(0)).seed).not.toEqual(first)
  })
})
