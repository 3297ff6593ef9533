// The facts of an epoch, from a chain that leaves out what a verifier must not miss.
import { longParams, memoryHarness, TestNetwork } from '@piecework/testkit/settlement'
import { describe, expect, it } from 'vitest'
import { type Chain, type FoundAccount, readFacts } from '../src/index.ts'

async function settledNetwork(jobs: number): Promise<TestNetwork> {
  const network = new TestNetwork(memoryHarness())
  await network.begin(longParams())
  for (let nonce = 0; nonce < jobs; nonce++) await network.does([network.job(BigInt(nonce))])
  await network.untilFacts(await network.settle(0))
  return network
}

/** The same chain, seen by an endpoint that leaves out accounts when it is searched. */
function leavingOut(chain: Chain, keep: (found: FoundAccount, place: number) => boolean): Chain {
  const search: Chain['search'] = async (...asked) => {
    const { slot, value } = await chain.search(...asked)
    return { slot, value: value.filter(keep) }
  }
  return {
    at: chain.at,
    clock: chain.clock,
    accounts: (...asked) => chain.accounts(...asked),
    search,
    transaction: (...asked) => chain.transaction(...asked),
    rent: (bytes) => chain.rent(bytes),
    send: (request) => chain.send(request),
    onSlot: (listener) => chain.onSlot(listener),
    onAccount: (address, listener) => chain.onAccount(address, listener),
  }
}

const wanted = { epoch: 0, verifiers: 0, jobs: 0 } as const

describe('facts', () => {
  it('name every job, and none twice', async () => {
    const { chain } = await settledNetwork(3)
    const { created } = await readFacts(chain, wanted)
    expect(created.map(({ index }) => index)).toEqual([0, 1, 2])
    expect((await readFacts(chain, { ...wanted, jobs: 2 })).created.map(({ index }) => index)).toEqual([2])
  })

  it.each([0, 1, 2])('are not given while job %i of three is left out', async (missing) => {
    const { chain } = await settledNetwork(3)
    const blind = leavingOut(chain, (_, place) => place !== missing)
    await expect(readFacts(blind, wanted)).rejects.toMatchObject({ code: 'facts/incomplete' })
  })

  it('of an epoch that is not there yet, or no longer, are not given', async () => {
    const { chain } = await settledNetwork(0)
    await expect(readFacts(chain, { ...wanted, epoch: 1 })).rejects.toMatchObject({ code: 'facts/too-early' })
    await expect(readFacts(chain, { ...wanted, epoch: 2 })).rejects.toMatchObject({ code: 'facts/too-early' })
    await expect(readFacts(chain, { ...wanted, epoch: 900 })).rejects.toMatchObject({
      code: 'facts/too-early',
    })
  })

  it('are those that are final, where nothing else is asked for', async () => {
    const { chain } = await settledNetwork(0)
    const asked: unknown[] = []
    const noting: Chain = {
      ...leavingOut(chain, () => true),
      accounts: (addresses, commitment) => {
        asked.push(commitment)
        return chain.accounts(addresses, commitment)
      },
    }
    await readFacts(noting, wanted)
    await readFacts(noting, { ...wanted, commitment: 'confirmed' })
    expect([...new Set(asked)]).toEqual(['finalized', 'confirmed'])
  })
})
