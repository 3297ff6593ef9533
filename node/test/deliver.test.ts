import { protocols } from '@piecework/network'
import { RowsView, rowCommit } from '@piecework/protocol'
import { describe, expect, it } from 'vitest'
import { Deliver } from '../src/deliver.ts'
import { Recorder } from '../src/record.ts'
import { beginScene, type Scene, settled } from './support/scene.ts'

/** Two rows of epoch 0, which all verifiers have. */
async function work(scene: Scene): Promise<void> {
  const record = new Recorder({
    ...scene.ports,
    batchIntervalMs: 0,
    pass: ({ signed }) => void scene.network.publish('batches', signed),
  })
  const moment = await scene.moment()
  await record.see(moment)
  for (const task of [0, 1]) {
    const output = new TextEncoder().encode(`output ${task}`)
    await record.keep({ epoch: 0, job: 0, task, units: 1, output, until: 2, endedAt: scene.time })
  }
  await record.see(moment)
  await settled()
}

const rows = [
  { seq: 0, row: 0 },
  { seq: 0, row: 1 },
]

describe('deliver', () => {
  it('hands all outputs to all checkers after the seal, once', async () => {
    const scene = await beginScene()
    await work(scene)
    const deliver = new Deliver(scene.ports)
    await deliver.see(await scene.moment(), undefined)
    expect(scene.scripted.flatMap(({ delivered }) => delivered)).toEqual([])
    await scene.net.postInventories(0)
    await scene.net.seal(0)
    const moment = await scene.moment()
    await deliver.see(moment, undefined)
    await deliver.see({ ...moment, slot: moment.slot + 2 }, undefined)
    for (const { delivered, batches } of scene.scripted) {
      const [openings = []] = delivered.map((one) => one.openings)
      expect(delivered).toHaveLength(1)
      const view = new RowsView(batches[0]?.rows ?? new Uint8Array())
      const commits = openings.map(({ salt, output }) => rowCommit({ nodeKey: scene.nodeKey, salt, output }))
      expect(commits).toEqual([0, 1].map((row) => view.commit(row)))
    }
    expect(deliver.counts).toEqual({ delivered: 6 })
  })

  it('tries again with a checker that is away, and with one that does not have the batch yet', async () => {
    const scene = await beginScene()
    await work(scene)
    await scene.net.postInventories(0)
    await scene.net.seal(0)
    const moment = await scene.moment()
    const [away, behind] = scene.scripted
    const batches = behind?.batches.splice(0) ?? []
    const awayKey = away?.script.key.publicKey ?? new Uint8Array()
    scene.networks.cut(scene.nodeKey, awayKey)
    const deliver = new Deliver(scene.ports)
    await expect(deliver.see(moment, undefined)).rejects.toThrow('no way to peer')
    expect(deliver.counts).toEqual({ delivered: 2 })
    expect(await deliver.see({ ...moment, slot: moment.slot + 1 }, undefined)).toBe('rested')
    scene.networks.heal(scene.nodeKey, awayKey)
    behind?.batches.push(...batches)
    await deliver.see({ ...moment, slot: moment.slot + 2 }, undefined)
    expect(deliver.counts).toEqual({ delivered: 6 })
  })

  it('delivers a carried stint to the checkers that it gets later', async () => {
    const scene = await beginScene()
    await work(scene)
    await scene.net.settle(0)
    const deliver = new Deliver(scene.ports)
    const carried = { epoch: 0, outcome: 'carried', rows: 2, paidRows: 0, pay: 0n, reason: '' } as const
    const word = { epoch: 0, standing: undefined, results: [{ ...carried, checkers: [1] }] }
    await deliver.see(await scene.moment(), word)
    expect(scene.scripted.map(({ delivered }) => delivered.length)).toEqual([0, 1, 0])
  })

  it('opens rows to verifiers that ask, after the seal and not before', async () => {
    const scene = await beginScene()
    await work(scene)
    const deliver = new Deliver(scene.ports)
    deliver.start()
    await deliver.see(await scene.moment(), undefined)
    const asker = scene.scripted[0]?.script.network ?? scene.network
    const ask = () => asker.ask(protocols.open, { epoch: 0, rows }, scene.nodeKey)
    await expect(ask()).rejects.toThrow('epoch 0 is not sealed')
    await scene.net.settle(0)
    await deliver.see(await scene.moment(), undefined)
    const { openings } = await ask()
    expect(openings.map(({ output }) => new TextDecoder().decode(output))).toEqual(['output 0', 'output 1'])
    const stranger = scene.networks.join(new Uint8Array(32).fill(9))
    await stranger.start()
    await expect(stranger.ask(protocols.open, { epoch: 0, rows }, scene.nodeKey)).rejects.toThrow(
      'only verifiers',
    )
  })
})
