// A node that is gone without a word, and comes back with what its disk holds.
import { addressOf } from '@piecework/chain'
import { RowsView, toHex } from '@piecework/protocol'
import { type ReceiptLog, type Store, u64Setting } from '@piecework/store'
import { describe, expect, it } from 'vitest'
import { makeNode, type NodeDaemon } from '../src/index.ts'
import { Recorder } from '../src/record.ts'
import { echoKinds, echoSpec, noSandbox } from './support/echo.ts'
import { beginScene, type Scene, slots, until } from './support/scene.ts'
import { aStanding } from './support/verifier.ts'

function nodeIn(scene: Scene, store: Store = scene.store): NodeDaemon {
  const config = {
    wallet: addressOf(scene.wallet),
    attributes: [],
    parallel: 2,
    claimFrom: 1n,
    preset: 'local',
  } as const
  return makeNode(config, { ...scene.ports, store, kinds: echoKinds, sandbox: noSandbox })
}

describe('a node that crashed', () => {
  it('signs on from its last batch, and does nothing twice', async () => {
    const scene = await beginScene()
    const job = await scene.job(1n, echoSpec())
    const tasks = [0, 1, 2, 3].map((task) => ({ job, task }))
    for (const one of scene.scripted) {
      one.standing = aStanding
      one.acknowledges = false
      one.deals.set(0, tasks.slice(0, 2))
    }
    const [verifier] = scene.scripted
    const first = nodeIn(scene)
    await first.start()
    await until(scene, () => (verifier?.batches.length ?? 0) > 0)
    const before = toHex(verifier?.batches[0]?.signed ?? new Uint8Array())
    await scene.crash()

    for (const one of scene.scripted) one.deals.set(0, tasks)
    const again = nodeIn(scene)
    await again.start()
    await until(scene, () => (verifier?.batches.length ?? 0) > 1)
    expect(toHex(verifier?.batches[0]?.signed ?? new Uint8Array())).toBe(before)
    expect(verifier?.batches.map(({ seq }) => seq)).toEqual([0, 1])
    expect(verifier?.batches[1]?.prev).toEqual(verifier?.batches[0]?.hash)
    const rows = (verifier?.batches ?? []).flatMap(({ rows }) => {
      const view = new RowsView(rows)
      return Array.from({ length: view.count }, (_, row) => view.task(row))
    })
    expect(rows.toSorted()).toEqual([0, 1, 2, 3])
    await again.stop()
    await first.stop()
  })

  it('puts what it had done into the next epoch, when it was away for the end of one', async () => {
    const scene = await beginScene()
    const job = await scene.job(1n, echoSpec())
    for (const one of scene.scripted) {
      one.standing = aStanding
      one.deals.set(0, [{ job, task: 0 }])
    }
    const [verifier] = scene.scripted
    const first = nodeIn(scene)
    await first.start()
    await until(scene, () => first.status().tasks.done === 1)
    expect(verifier?.batches).toEqual([])
    await scene.crash()
    await scene.net.until((await scene.net.epoch(0)).endsAt + 1)
    const again = nodeIn(scene)
    await again.start()
    await until(scene, () => (verifier?.batches.length ?? 0) > 0)
    expect(verifier?.batches.map(({ epoch, seq }) => [epoch, seq])).toEqual([[1, 0]])
    await slots(scene, 4)
    expect(again.status()).toMatchObject({ epoch: 1, batches: { acknowledged: 1 }, tasks: { done: 0 } })
    await again.stop()
    await first.stop()
  })

  it('signs again in the next epoch what too few verifiers had in time', async () => {
    const scene = await beginScene()
    const job = await scene.job(1n, echoSpec())
    for (const one of scene.scripted) {
      one.standing = aStanding
      one.acknowledges = false
      one.deals.set(0, [{ job, task: 0 }])
    }
    const [verifier] = scene.scripted
    const node = nodeIn(scene)
    await node.start()
    await until(scene, () => (verifier?.batches.length ?? 0) > 0)
    await until(scene, () => (verifier?.batches.length ?? 0) > 1)
    expect(verifier?.batches.map(({ epoch, seq }) => [epoch, seq])).toEqual([
      [0, 0],
      [1, 0],
    ])
    expect(verifier?.batches[1]?.rows.slice(16)).toEqual(verifier?.batches[0]?.rows.slice(16))
    await node.stop()
  })

  it('signs each row again once, also when the disk does not give all of them the first time', async () => {
    const scene = await beginScene()
    const job = await scene.job(1n, echoSpec())
    for (const one of scene.scripted) {
      one.standing = aStanding
      one.acknowledges = false
      one.deals.set(0, [{ job, task: 0 }])
    }
    const [verifier] = scene.scripted
    const { store } = scene
    let read = 0
    const receipts: ReceiptLog = {
      ...store.receipts,
      opening: async (stint, commit) => {
        read += 1
        if (read === 2) throw new Error('the disk is ill')
        return store.receipts.opening(stint, commit)
      },
    }
    const node = nodeIn(scene, { ...store, receipts })
    await node.start()
    await until(scene, () => (verifier?.batches.length ?? 0) > 0)
    for (const one of scene.scripted)
      one.deals.set(
        0,
        [0, 1].map((task) => ({ job, task })),
      )
    await until(scene, () => verifier?.batches.some(({ epoch }) => epoch === 1) === true)
    await slots(scene, 4)
    expect(verifier?.batches.map(({ epoch, seq, rowCount }) => [epoch, seq, rowCount])).toEqual([
      [0, 0, 1],
      [0, 1, 1],
      [1, 0, 2],
    ])
    await node.stop()
  })

  it('signs again what was signed, and may never have left, before its epoch was over', async () => {
    const scene = await beginScene()
    const job = await scene.job(1n, echoSpec())
    for (const one of scene.scripted) {
      one.standing = aStanding
      one.deals.set(0, [{ job, task: 0 }])
      scene.networks.cut(scene.nodeKey, one.script.key.publicKey)
    }
    const [verifier] = scene.scripted
    const moment = await scene.moment()
    const output = new TextEncoder().encode('hello 0')
    const record = new Recorder({ ...scene.ports, batchIntervalMs: 0, pass: () => {} })
    await record.see(moment)
    await record.keep({ epoch: 0, job, task: 0, units: 1, output, until: 2, endedAt: scene.time })
    await record.see(moment)
    // As its start noted it.
    await scene.store.settings.set(u64Setting('node/oldest'), 0n)
    await scene.store.guard.begin(0)
    await scene.crash()
    await scene.net.until((await scene.net.epoch(0)).endsAt + 3)
    for (const one of scene.scripted) scene.networks.heal(scene.nodeKey, one.script.key.publicKey)
    const node = nodeIn(scene)
    await node.start()
    await until(scene, () => (verifier?.batches.length ?? 0) > 0)
    expect(verifier?.batches.map(({ epoch, seq }) => [epoch, seq])).toEqual([[1, 0]])
    expect(node.status().tasks.done).toBe(0)
    await node.stop()
  })

  it('goes on when its verifiers come back, and remembers what was wrong', async () => {
    const scene = await beginScene()
    const job = await scene.job(1n, echoSpec())
    for (const one of scene.scripted) {
      one.standing = aStanding
      one.deals.set(0, [{ job, task: 0 }])
      scene.networks.cut(scene.nodeKey, one.script.key.publicKey)
    }
    const node = nodeIn(scene)
    await node.start()
    await until(scene, () => node.status().troubles.some(({ stage }) => stage === 'deal'))
    for (const one of scene.scripted) scene.networks.heal(scene.nodeKey, one.script.key.publicKey)
    await until(scene, () => node.status().batches.acknowledged === 1)
    await until(scene, () => node.status().troubles.length === 0)
    expect(
      node
        .status()
        .lastErrors.map(({ stage }) => stage)
        .toSorted(),
    ).toEqual(['deal', 'follow'])
    expect(scene.log.lines.filter(({ event }) => event === 'stage-waits')).toHaveLength(2)
    await node.stop()
  })

  it('starts also when the job of what it had done is gone from the chain', async () => {
    const scene = await beginScene()
    const record = new Recorder({ ...scene.ports, batchIntervalMs: 60_000, pass: () => {} })
    await record.see(await scene.moment())
    const output = new Uint8Array(3)
    await record.keep({ epoch: 0, job: 77, task: 0, units: 1, output, until: 2, endedAt: scene.time })
    for (const one of scene.scripted) one.standing = aStanding
    await scene.crash()
    const node = nodeIn(scene)
    await node.start()
    await until(scene, () => node.status().enrolled)
    expect(node.status()).toMatchObject({ rows: { rows: 0, waiting: 0 }, troubles: [] })
    await node.stop()
  })
})

describe('a node that was restored from a backup, while an epoch runs', () => {
  it('signs in the first epoch that it may, what it had done before and what it was dealt since', async () => {
    const scene = await beginScene()
    const job = await scene.job(1n, echoSpec())
    for (const one of scene.scripted) {
      one.standing = aStanding
      one.deals.set(0, [{ job, task: 0 }])
    }
    const [verifier] = scene.scripted
    const first = nodeIn(scene)
    await first.start()
    await until(scene, () => first.status().tasks.done === 1)
    await scene.restore(1)
    for (const one of scene.scripted)
      one.deals.set(
        0,
        [0, 1].map((task) => ({ job, task })),
      )
    const again = nodeIn(scene)
    await again.start()
    await until(scene, () => (verifier?.batches.length ?? 0) > 0)
    await slots(scene, 4)
    expect(verifier?.batches.map(({ epoch, seq, rowCount }) => [epoch, seq, rowCount])).toEqual([[1, 0, 2]])
    expect(again.status().troubles).toEqual([])
    await again.stop()
    await first.stop()
  })
})

describe('a node whose folder is gone', () => {
  it('signs nothing for the epochs that may be under way, and what it did in them in the first after', async () => {
    const scene = await beginScene()
    const job = await scene.job(1n, echoSpec())
    for (const one of scene.scripted) {
      one.standing = aStanding
      one.deals.set(0, [{ job, task: 0 }])
      one.deals.set(1, [{ job, task: 1 }])
    }
    const [verifier] = scene.scripted
    await scene.net.until((await scene.net.epoch(0)).endsAt + 1)
    const first = nodeIn(scene)
    // It began with the network.
    await scene.store.guard.begin(0)
    await first.start()
    await until(scene, () => (verifier?.batches.length ?? 0) > 0)
    expect(verifier?.batches.map(({ epoch, seq }) => [epoch, seq])).toEqual([[1, 0]])

    await scene.lose()
    const again = nodeIn(scene)
    await again.start()
    await until(scene, () => again.status().tasks.done === 2)
    await scene.net.postInventories(0)
    await scene.net.seal(0)
    await until(scene, () => (verifier?.batches.length ?? 0) > 1)
    expect(verifier?.batches.slice(1).map(({ epoch, seq }) => [epoch, seq])).toEqual([[2, 0]])
    expect(scene.log.lines.filter(({ event }) => event === 'store-is-new')).toMatchObject([
      { fields: { signsFrom: 2 } },
    ])
    await again.stop()
    await first.stop()
  })
})
