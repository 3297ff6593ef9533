// What measuring is made of: secrets, who is measured when, and scores of what was found.
import { toHex } from '@piecework/protocol'
import { MemoryDisks, openMemoryStore } from '@piecework/store'
import { MemoryNetworks, SeededRandom } from '@piecework/testkit'
import { secretHashOf } from '@piecework/work'
import { describe, expect, it } from 'vitest'
import { MeasuredLinks } from '../src/common/measured.ts'
import { measuringOver } from '../src/common/measuring.ts'
import { type PlanInput, planMeasuring } from '../src/common/measuring-plan.ts'
import { Secrets } from '../src/common/secrets.ts'

const store = (disks: MemoryDisks) =>
  openMemoryStore(disks, {
    networkId: new Uint8Array(32),
    contentQuotaBytes: 1_000_000,
    retainStates: 1,
  })
const keyOf = (byte: number): Uint8Array => new Uint8Array(32).fill(byte)

describe('secrets', () => {
  const secretsOn = async (disks: MemoryDisks, seed: string): Promise<Secrets> => {
    const random = new SeededRandom(seed)
    const { duties } = await store(disks)
    return new Secrets({ duties, randomBytes: (length) => random.bytes(length) })
  }

  it('are the same after a restart, another for each epoch, and named two epochs before', async () => {
    const disks = new MemoryDisks()
    const before = await secretsOn(disks, 'one')
    const [named, third] = [await before.namedIn(1), await before.of(3)]
    expect(named).toEqual(secretHashOf(third))
    expect(await before.of(4)).not.toEqual(third)
    const after = await secretsOn(disks, 'another')
    expect(await after.of(3)).toEqual(third)
    expect(await Promise.all([after.of(9), after.of(9)])).toEqual([await after.of(9), await after.of(9)])
  })

  it('are told by their hash once their epoch is settled, and not before', async () => {
    const secrets = await secretsOn(new MemoryDisks(), 'one')
    const secret = await secrets.of(5)
    const hash = secretHashOf(secret)
    expect(await secrets.opened(hash, 4)).toBeUndefined()
    expect(await secrets.opened(hash, 5)).toEqual(secret)
    expect(await secrets.opened(hash, 7)).toEqual(secret)
    expect(await secrets.opened(hash, 5 + 8)).toBeUndefined()
    expect(await secrets.opened(keyOf(1), 5)).toBeUndefined()
  })
})

describe('the plan of an epoch', () => {
  const nodes = Array.from({ length: 100 }, (_, node) => ({ node, nodeKey: keyOf(node) }))
  const plan = { moments: 3, bytes: 1_000 }
  const input: PlanInput = {
    ...{ secret: keyOf(200), epoch: 7, from: 300, to: 330, bytes: 1_000_000 },
    jobs: [{ job: 4, plan, nodes }],
  }
  const measured = (changed: Partial<PlanInput>): ReadonlySet<number> =>
    new Set(planMeasuring({ ...input, ...changed }).map(({ node }) => node))

  it('has every moment of every node, in the order of slots within the epoch', () => {
    const planned = planMeasuring(input)
    expect(planned).toHaveLength(300)
    const slots = planned.map(({ slot }) => slot)
    expect(slots).toEqual(slots.toSorted((a, b) => a - b))
    expect([slots[0], slots.at(-1)].every((slot = 0) => slot >= 300 && slot < 330)).toBe(true)
  })

  it('takes no more than there are bytes for, other nodes with another secret, and none in half', () => {
    const bytes = 10 * 3_000 + 2_999
    expect(measured({ bytes }).size).toBe(10)
    expect(planMeasuring({ ...input, bytes })).toHaveLength(30)
    expect(measured({ bytes, secret: keyOf(201) })).not.toEqual(measured({ bytes }))
    expect(measured({ bytes, epoch: 8 })).not.toEqual(measured({ bytes }))
    expect(measured({ bytes: 0 }).size).toBe(0)
  })
})

describe('what was measured', () => {
  const one = (node: number, moment: number, score: number) => {
    return { job: 2, node, moment, score, address: score === 0 ? '' : `198.51.100.${node}` }
  }
  const shared = { address: '198.51.100.9' }

  it('is the mean over moments, shared behind one address, job by job, also after a restart', async () => {
    const disks = new MemoryDisks()
    const links = new MeasuredLinks((await store(disks)).results)
    await links.add(5, [one(1, 0, 800_000), { ...one(2, 0, 600_000), ...shared }])
    await links.add(5, [
      one(1, 1, 0),
      { ...one(3, 0, 600_000), ...shared },
      { ...one(1, 0, 100_000), job: 1 },
    ])
    await links.add(6, [one(1, 0, 1)])
    for (const all of [links, new MeasuredLinks((await store(disks)).results)]) {
      expect(await all.scoresOf(5, 1)).toEqual([
        { job: 1, score: 100_000 },
        { job: 2, score: 400_000 },
      ])
      expect(await all.scoresOf(5, 2)).toEqual([{ job: 2, score: 300_000 }])
      expect(await all.scoresOf(5, 4)).toEqual([])
    }
  })
})

describe('over the network', () => {
  const mostMs = 100
  it('blames a node for not being there, and nobody when this machine reaches no one', async () => {
    const networks = new MemoryNetworks()
    const [checker, other] = [networks.join(keyOf(1)), networks.join(keyOf(2))]
    await checker.start()
    const opened: string[] = []
    const measuring = measuringOver({
      ...{ network: checker, mostMs, stopwatch: () => checker.linkMs, randomBytes: () => keyOf(9) },
      opened: ({ address }) => opened.push(address),
    })
    const codeOf = (opening: Promise<unknown>): Promise<unknown> =>
      opening.then(
        () => 'opened',
        (error) => error.code,
      )
    expect(await codeOf(measuring.open(other.self, 1))).toBe('network/stopped')
    await other.start()
    expect(await codeOf(measuring.open(keyOf(3), 1))).toBe('link/broken')
    expect(await codeOf(measuring.open(other.self, 1))).toBe('link/broken')
    other.takeLinks(async (link) => {
      for await (const bytes of link.received) await link.send(bytes)
    })
    other.shape = { address: '198.51.100.1', bytesPerMs: 1 }
    const link = await measuring.open(other.self, 60_000)
    expect(opened).toEqual(['198.51.100.1'])
    expect(await codeOf(measuring.open(other.self, 1))).toBe('network/busy')
    // However long the kind would wait: it takes more than what one link may.
    await link.send(new Uint8Array(mostMs + 1))
    const received = link.received[Symbol.asyncIterator]()
    expect(toHex((await received.next()).value).length).toBe(2 * (mostMs + 1))
    expect(await codeOf(received.next())).toBe('link/broken')
    expect(await codeOf(link.send(keyOf(1)))).toBe('link/broken')
  })
})
