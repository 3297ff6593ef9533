// The facts of an epoch, from a chain that leaves out what a verifier must not miss.
import { createHash } from 'node:crypto'
import { type Facts, factsCodec, kindsCodec } from '@piecework/protocol'
import { longParams, memoryHarness, TestNetwork } from '@piecework/testkit/settlement'
import { describe, expect, it } from 'vitest'
import {
  type Chain,
  type ChainDealFacts,
  dealFactsOf,
  type FoundAccount,
  type Params,
  readFacts,
  readJobs,
  readNetwork,
  withKinds,
} from '../src/index.ts'

function sha256(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(bytes).digest())
}

async function settledNetwork(jobs: number, changed: Partial<Params> = {}): Promise<TestNetwork> {
  const network = new TestNetwork(memoryHarness())
  await network.begin(longParams(changed))
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

/** What deals ask of the chain, of the epochs 0 to `to`. */
async function dealFactsTo(chain: Chain, to: number): Promise<readonly ChainDealFacts[]> {
  const { value: state } = await readNetwork(chain)
  const { value: jobs } = await readJobs(chain)
  return dealFactsOf(chain, { state, jobs, from: 0, to, known: 0 })
}

describe('facts of a deal', () => {
  it('are there as soon as the epoch begins, and are those of the facts', async () => {
    const network = new TestNetwork(memoryHarness())
    const { chain } = network
    await network.begin(longParams())
    for (const nonce of [0n, 1n]) await network.does([network.job(nonce)])
    await network.does([network.holding(0n, 2)])
    const early = await dealFactsTo(chain, 0)
    await network.settle(0)
    const facts = await readFacts(chain, { ...wanted, asOf: 'seal', commitment: 'confirmed' })
    for (const [name, value] of Object.entries(early[0] ?? {})) expect(facts).toHaveProperty(name, value)
    expect(early[0]?.opened).toHaveLength(1)
    const [, next] = await dealFactsTo(chain, 1)
    expect(next).toMatchObject({ epoch: 1, created: [], opened: [], startSlot: facts.endSlot })
    await expect(dealFactsTo(chain, 3)).rejects.toMatchObject({ code: 'facts/too-early' })
  })
})

describe('facts as of the seal', () => {
  it('say what was posted until then, and no commit', async () => {
    const network = new TestNetwork(memoryHarness())
    const { chain } = network
    await network.begin(longParams())
    await network.postInventories(0)
    const seal = { ...wanted, asOf: 'seal', commitment: 'confirmed' } as const
    await expect(readFacts(chain, seal)).rejects.toMatchObject({ code: 'facts/too-early' })
    await network.seal(0)
    const before = await readFacts(chain, seal)
    expect(before.posted).toHaveLength(3)
    await network.commit(0)
    expect(await readFacts(chain, seal)).toEqual(before)
    await network.untilFacts(await network.epoch(0))
    const whole = await readFacts(chain, wanted)
    expect(whole).toEqual({ ...before, posted: whole.posted })
    expect(whole.posted.map(({ inventory }) => inventory)).toEqual(
      before.posted.map(({ inventory }) => inventory),
    )
  })
})

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

  it('are whole with the parameters of kinds whose hash is on chain, and with no others', async () => {
    const kinds: Facts['kinds'] = [
      { kind: 1, version: 1, allocation: 'dealt', checking: 'exact', rate: 50_000, cap: 0 },
    ]
    const bytes = kindsCodec.encode(kinds)
    const { chain } = await settledNetwork(0, { kindsHash: sha256(bytes) })
    const facts = await readFacts(chain, wanted)
    const whole = withKinds(facts, bytes)
    expect(whole.kinds).toEqual(kinds)
    expect(factsCodec.decode(factsCodec.encode(whole))).toEqual(whole)
    const other = kindsCodec.encode(kinds.map((one) => ({ ...one, rate: 60_000 })))
    expect(() => withKinds(facts, other)).toThrow(expect.objectContaining({ code: 'facts/wrong-kinds' }))
    const garbage = Uint8Array.of(1, 2, 3)
    expect(() => withKinds({ ...facts, kindsHash: sha256(garbage) }, garbage)).toThrow(
      expect.objectContaining({ code: 'facts/wrong-kinds' }),
    )
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
