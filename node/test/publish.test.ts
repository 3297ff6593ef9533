import { type HeldBatch, readBatch, signBatch, toHex, ZERO_HASH } from '@piecework/protocol'
import { describe, expect, it } from 'vitest'
import { workingEpoch } from '../src/common/moment.ts'
import { Publish } from '../src/publish.ts'
import { beginScene, hashOf, type Scene, settled } from './support/scene.ts'

async function batchIn(scene: Scene, seq: number, prev: Uint8Array = ZERO_HASH): Promise<HeldBatch> {
  const { networkId, nodeKey, key, store } = scene
  const rows = [{ job: 0, task: seq, units: 1, at: 0, commit: hashOf(`row ${seq}`) }]
  const batch = { networkId, epoch: 0, nodeKey, seq, prev, rows }
  return readBatch(await store.receipts.append(signBatch(batch, key.sign)))
}

interface Bench {
  readonly publish: Publish
  readonly lost: HeldBatch[]
}

function publishIn(scene: Scene): Bench {
  const lost: HeldBatch[] = []
  const publish = new Publish({ ...scene.ports, lost: async (batches) => void lost.push(...batches) })
  return { publish, lost }
}

describe('publish', () => {
  it('sends a batch again until it is acknowledged', async () => {
    const scene = await beginScene()
    const moment = await scene.moment()
    const sent: string[] = []
    const network = Object.assign(Object.create(scene.network), {
      publish: async (_: string, message: Uint8Array) => void sent.push(toHex(message)),
    })
    const publish = new Publish({ ...scene.ports, network, lost: async () => {} })
    const first = await batchIn(scene, 0)
    publish.take(first)
    await publish.see(moment)
    await publish.see({ ...moment, slot: moment.slot + 1 })
    expect(sent).toHaveLength(1)
    await publish.see({ ...moment, slot: moment.slot + 2 })
    const second = await batchIn(scene, 1, first.hash)
    publish.take(second)
    expect(publish.heads).toEqual([{ epoch: 0, seq: 1, hash: second.hash }])
    publish.acknowledged({ epoch: 0, seq: 0 })
    await publish.see({ ...moment, slot: moment.slot + 4 })
    publish.acknowledged({ epoch: 0, seq: 1 })
    await publish.see({ ...moment, slot: moment.slot + 6 })
    expect(sent).toEqual([first, first, second].map(({ signed }) => toHex(signed)))
    expect(publish.counts).toEqual({ acknowledged: 2, unacknowledged: 0 })
  })

  it('sends the same bytes after a restart', async () => {
    const scene = await beginScene()
    const batch = await batchIn(scene, 0)
    await scene.restart()
    const { publish } = publishIn(scene)
    await publish.see(await scene.moment())
    await settled()
    expect(scene.scripted.map(({ batches }) => batches.map(({ signed }) => toHex(signed)))).toEqual(
      scene.scripted.map(() => [toHex(batch.signed)]),
    )
  })

  it('gives back what too few have when its epoch takes no more', async () => {
    const scene = await beginScene()
    const moment = await scene.moment()
    const { publish, lost } = publishIn(scene)
    const batch = await batchIn(scene, 0)
    publish.take(batch)
    await publish.see({ ...moment, slot: workingEpoch(moment)?.closesAt ?? 0 })
    expect(lost).toEqual([])
    const { endsAt, grace } = await scene.net.epoch(0)
    await publish.see({ ...moment, slot: endsAt + grace })
    expect(lost).toEqual([batch])
    expect(scene.log.count('batches-unacknowledged')).toBe(1)
    expect(publish.heads).toEqual([])
  })

  it('gives back again what could not be given back, and sends the rest meanwhile', async () => {
    const scene = await beginScene()
    const moment = await scene.moment()
    const lost: HeldBatch[] = []
    let tries = 0
    const publish = new Publish({
      ...scene.ports,
      lost: async (batches) => {
        tries += 1
        if (tries === 1) throw new Error('the chain is away')
        lost.push(...batches)
      },
    })
    const batch = await batchIn(scene, 0)
    publish.take(batch)
    const { endsAt, grace } = await scene.net.epoch(0)
    const { networkId, nodeKey, key } = scene
    const next = { networkId, epoch: 1, nodeKey, seq: 0, prev: ZERO_HASH, rows: [] }
    const row = { job: 0, task: 9, units: 1, at: 0, commit: hashOf('row 9') }
    publish.take(readBatch(signBatch({ ...next, rows: [row] }, key.sign)))
    await expect(publish.see({ ...moment, slot: endsAt + grace })).rejects.toThrow('the chain is away')
    await settled()
    expect(scene.scripted.map(({ batches }) => batches.map(({ epoch }) => epoch))).toEqual(
      scene.scripted.map(() => [1]),
    )
    expect(publish.heads.map(({ epoch }) => epoch)).toEqual([0, 1])
    await publish.see({ ...moment, slot: endsAt + grace + 1 })
    await publish.see({ ...moment, slot: endsAt + grace + 2 })
    expect(lost).toEqual([batch])
    expect(publish.counts).toEqual({ acknowledged: 0, unacknowledged: 1 })
  })
})
