// Results: what a node is told of each of its stints, after a restart too.
import { STATUS_EPOCHS } from '@piecework/network'
import type { Earned } from '@piecework/protocol'
import { MemoryDisks, openMemoryStore, type Store } from '@piecework/store'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { type Judged, Results } from '../src/results.ts'

const NODE = 7

let disks: MemoryDisks
let store: Store
let results: Results

async function open(): Promise<void> {
  store = await openMemoryStore(disks, {
    ...{ networkId: new Uint8Array(32), contentQuotaBytes: 1_000, retainStates: 1 },
  })
  results = new Results(store.results)
}

beforeEach(async () => {
  disks = new MemoryDisks()
  await open()
})

/** With two rows, of which none is left out. */
function dueOf(epoch: number, node = NODE): Judged {
  const stint = { epoch, node, table: { flags: new Uint8Array(2) }, start: 0, end: 2 }
  return { stint, checkers: [0, 1, 2], rule: 'half' }
}

interface Came {
  readonly due?: readonly Judged[]
  readonly carried?: readonly Judged[]
  readonly earned?: readonly Earned[]
}

function settle(epoch: number, { due = [], carried = [], earned = [] }: Came): Promise<void> {
  const undecided = carried.map(({ stint, checkers }) => ({ ...stint, checkers, findings: [] }))
  return results.take({
    applied: { state: { epoch, carried: undecided }, earned },
    due: [...due, ...carried],
  })
}

const earnedFor = (epoch: number, rows: number, pay: bigint): Earned => ({ epoch, node: NODE, rows, pay })

describe('what became of a stint', () => {
  it('is told apart from that of another one of the same node, decided in the same epoch', async () => {
    await settle(3, {
      due: [dueOf(1), dueOf(2), dueOf(3)],
      earned: [earnedFor(1, 2, 40n), earnedFor(3, 1, 10n)],
    })
    expect(await results.of(NODE, 0)).toMatchObject([
      { epoch: 1, outcome: 'paid', rows: 2, paidRows: 2, pay: 40n, reason: '' },
      { epoch: 2, outcome: 'failed', rows: 2, paidRows: 0, pay: 0n },
      { epoch: 3, outcome: 'paid', rows: 2, paidRows: 1, pay: 10n },
    ])
  })

  it('is the newest that is known of it', async () => {
    await settle(1, { carried: [dueOf(1)] })
    expect(await results.of(NODE, 0)).toMatchObject([{ epoch: 1, outcome: 'carried' }])
    expect(await results.paidIn(1)).toEqual([])
    await settle(2, { due: [dueOf(1)], earned: [earnedFor(1, 2, 40n)] })
    expect(await results.of(NODE, 0)).toMatchObject([{ epoch: 1, outcome: 'paid', pay: 40n }])
    expect(await results.of(NODE, 2)).toEqual([])
  })

  it('grows by what is judged later', async () => {
    await settle(1, { due: [dueOf(1)], earned: [earnedFor(1, 0, 0n)] })
    await settle(4, { earned: [earnedFor(1, 1, 30n)] })
    await settle(6, { earned: [earnedFor(1, 1, 5n)] })
    expect(await results.of(NODE, 0)).toMatchObject([
      { epoch: 1, outcome: 'paid', rows: 2, paidRows: 2, pay: 35n, checkers: [0, 1, 2], reason: '' },
    ])
  })

  it('is the same when its epoch is settled again after a power cut', async () => {
    for (const _ of ['once', 'again']) {
      await settle(1, { due: [dueOf(1), dueOf(1, 9)], earned: [earnedFor(1, 2, 40n)] })
    }
    expect(await results.of(NODE, 0)).toHaveLength(1)
    expect(await results.paidIn(1)).toEqual([NODE])
  })
})

describe('after a restart', () => {
  it('the results of all epochs are there, however many are in memory', async () => {
    const last = 40
    for (let epoch = 0; epoch <= last; epoch++) {
      await settle(epoch, { due: [dueOf(epoch)], earned: [earnedFor(epoch, 2, BigInt(epoch))] })
    }
    const before = await results.of(NODE, 0)
    expect(before.map(({ pay }) => pay)).toEqual(Array.from({ length: last + 1 }, (_, i) => BigInt(i)))
    await store.close()
    await open()
    results.begin(last)
    expect(await results.of(NODE, 0)).toEqual(before)
    expect(await results.paidIn(5)).toEqual([NODE])
    await results.prune(30)
    expect((await results.of(NODE, 0)).map(({ epoch }) => epoch)).toEqual(
      before.slice(30).map(({ epoch }) => epoch),
    )
  })

  it('a question looks through the newest of them, and through none that were let go', async () => {
    const last = 300
    for (let epoch = 0; epoch <= last; epoch++) await settle(epoch, { due: [dueOf(epoch)] })
    const read = vi.spyOn(store.results, 'find')
    results = new Results(store.results)
    results.begin(last)
    const told = await results.of(NODE, 0)
    expect([told.length, told[0]?.epoch, read.mock.calls.length]).toEqual([
      STATUS_EPOCHS,
      last - STATUS_EPOCHS + 1,
      STATUS_EPOCHS,
    ])
    read.mockClear()
    await results.prune(last - 9)
    expect([(await results.of(NODE, 0)).length, read.mock.calls.length]).toEqual([10, 10])
    read.mockClear()
    expect([(await results.of(NODE, last)).length, read.mock.calls.length]).toEqual([1, 1])
  })
})
