// What is acted on: as many endpoints as have to agree say the same, of no earlier time than was shown, and of none
// that can't have come yet.
import { describe, expect, it } from 'vitest'
import {
  type Address,
  addressOf,
  encode,
  finalRoot,
  type RawAccount,
  readNetwork,
  verifierForm,
  wantVerifier,
} from '../src/index.ts'
import { Cluster, dead, hang, programId, type Scripted, scripted } from './support/scripted.ts'

const some = (byte: number): Address => addressOf(new Uint8Array(32).fill(byte))

function account(lamports: bigint): RawAccount {
  return { owner: programId, lamports, data: Uint8Array.of(1, 2, 3) }
}

function clusterOf(lamports: bigint, slot = 1_000): Cluster {
  const cluster = new Cluster()
  cluster.slot = slot
  cluster.accounts.set(some(1), account(lamports))
  return cluster
}

async function lamportsIn({ chain, time }: Scripted): Promise<bigint | undefined> {
  const { value } = await time.during(chain.accounts([some(1)]))
  return value[0]?.lamports
}

const truth = () => clusterOf(5n).endpoint()
const lie = () => clusterOf(6n).endpoint()

describe('of several endpoints', () => {
  it('more than half have to agree, where nothing else is said', async () => {
    expect(await lamportsIn(scripted([lie(), truth(), truth()]))).toBe(5n)
    await expect(lamportsIn(scripted([lie(), truth()]))).rejects.toMatchObject({ code: 'rpc/disagree' })
    expect(await lamportsIn(scripted([truth(), truth()]))).toBe(5n)
  })

  it('a dead one is made up for by another', async () => {
    const gone = new Cluster().endpoint({ getMultipleAccounts: dead })
    const silent = new Cluster().endpoint({ getMultipleAccounts: hang })
    expect(await lamportsIn(scripted([gone, truth(), truth()]))).toBe(5n)
    expect(await lamportsIn(scripted([truth(), silent, truth()]))).toBe(5n)
    await expect(lamportsIn(scripted([truth(), gone]))).rejects.toMatchObject({ code: 'rpc/unreachable' })
  })

  it('the answer is as of a slot that all have reached', async () => {
    const early = clusterOf(5n, 990)
    const late = clusterOf(5n, 1_010)
    const { chain, time } = scripted([late.endpoint(), early.endpoint()])
    expect((await time.during(chain.accounts([some(1)]))).slot).toBe(990)
  })

  it('one that is a moment behind is waited for', async () => {
    const behind = clusterOf(4n)
    const two = scripted([truth(), behind.endpoint()])
    const reading = lamportsIn(two)
    await two.time.advance(100)
    behind.accounts.set(some(1), account(5n))
    expect(await reading).toBe(5n)
  })
})

describe('time', () => {
  it('never runs backwards for a reader', async () => {
    const [ahead, behind] = [clusterOf(5n, 1_020), clusterOf(4n, 1_010)]
    let first = true
    const failing = ahead.endpoint({
      getMultipleAccounts: (params) => {
        if (!first) throw new TypeError('fetch failed')
        first = false
        return ahead.endpoint()['getMultipleAccounts']?.(params)
      },
    })
    const two = scripted([failing, behind.endpoint()], { agree: 1 })
    expect(await lamportsIn(two)).toBe(5n)
    const reading = lamportsIn(two)
    await two.time.advance(100)
    behind.slot = 1_020
    behind.accounts.set(some(1), account(5n))
    expect(await reading).toBe(5n)
  })

  it('never runs backwards for two who read at once', async () => {
    const cluster = clusterOf(4n)
    const { promise: overtaken, resolve: goOn } = Promise.withResolvers<void>()
    let calls = 0
    const slow = cluster.endpoint({
      getMultipleAccounts: async (params) => {
        calls += 1
        const answer = cluster.endpoint()['getMultipleAccounts']?.(params)
        if (calls === 1) await overtaken
        return answer
      },
    })
    const one = scripted([slow])
    const first = one.chain.accounts([some(1)])
    await one.time.advance(1)
    cluster.slot += 1
    cluster.accounts.set(some(1), account(5n))
    const second = await one.time.during(one.chain.accounts([some(1)]))
    goOn()
    expect(await one.time.during(first)).toEqual(second)
    expect([second.value[0]?.lamports, calls]).toEqual([5n, 3])
  })

  it('is not believed when an endpoint ignores what it was asked for', async () => {
    const cluster = clusterOf(5n, 1_000)
    const two = scripted([cluster.endpoint({ getMultipleAccounts: () => inSlot(slot, 9) })])
    let slot = 1_000
    await lamportsIn(two)
    slot = 999
    await expect(lamportsIn(two)).rejects.toMatchObject({ code: 'rpc/garbage' })
  })

  it('can not jump', async () => {
    let slot = 1_000
    const one = scripted([clusterOf(5n).endpoint({ getMultipleAccounts: () => inSlot(slot, 9) })])
    await lamportsIn(one)
    slot = 50_000
    await expect(lamportsIn(one)).rejects.toMatchObject({ code: 'rpc/garbage' })
    expect(one.chain.clock.slot()).toBeLessThan(1_100)
  })

  it('is what those that are closest to each other have reached', async () => {
    const clusters = [clusterOf(5n, 90_000), clusterOf(5n, 1_003), clusterOf(5n, 1_000)]
    const { chain, time } = scripted(clusters.map((one) => one.endpoint()))
    await time.during(chain.start())
    expect(chain.clock.slot()).toBe(1_000)
    await chain.stop()
  })

  function inSlot(slot: number, lamports: number): unknown {
    const one = { owner: programId, lamports, data: ['AQID', 'base64'] }
    return { context: { slot }, value: [one] }
  }
})

describe('an account', () => {
  const cluster = new Cluster()
  const { chain, time } = scripted([cluster.endpoint()])
  const place = wantVerifier(chain.at, 3)
  const layout = verifierForm.layout
  const verifier = {
    ...layout.read(new DataView(new ArrayBuffer(layout.size)), 0),
    kind: 3,
    version: 1,
    id: 3,
    network: chain.at.network,
  }

  const reading = (raw: Partial<RawAccount>): (() => unknown) => {
    const right = { owner: programId, lamports: 1n, data: encode(layout, verifier) }
    return () => place.decode({ ...right, ...raw })
  }
  const holding = (changed: object): Partial<RawAccount> => ({
    data: encode(layout, { ...verifier, ...changed }),
  })

  it('is read where it belongs', () => {
    expect(reading({})()).toMatchObject({ id: 3 })
  })

  it.each<[string, Partial<RawAccount>, string]>([
    ['of another program', { owner: some(7) }, 'account/not-ours'],
    ['of another kind', holding({ kind: 4 }), 'account/not-ours'],
    ['of another version', holding({ version: 2 }), 'account/not-ours'],
    ['of another network', holding({ network: some(8) }), 'account/not-ours'],
    ['of another place', holding({ id: 4 }), 'account/not-ours'],
    ['cut short', { data: encode(layout, verifier).subarray(1) }, 'account/not-ours'],
    ['cut at its end', { data: encode(layout, verifier).subarray(0, -1) }, 'account/malformed'],
    ['without a byte', { data: new Uint8Array() }, 'account/not-ours'],
  ])('%s is none', (_, raw, code) => {
    expect(reading(raw)).toThrow(expect.objectContaining({ code }))
  })

  it('that should be there and is not is missing', async () => {
    await expect(time.during(readNetwork(chain))).rejects.toMatchObject({ code: 'account/missing' })
    await expect(time.during(finalRoot(chain))).rejects.toMatchObject({ code: 'account/missing' })
  })
})
