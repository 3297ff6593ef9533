// Killed at any moment, and started again: whatever was kept is signed, in one chain, in time.
import { type HeldBatch, RowsView, readBatch, ZERO_HASH } from '@piecework/protocol'
import { u64Setting } from '@piecework/store'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { NodeContent } from '../src/common/content.ts'
import { Jobs } from '../src/common/jobs.ts'
import { type Moment, takenEpochs, workingEpoch } from '../src/common/moment.ts'
import { recover } from '../src/common/recover.ts'
import { Recorder } from '../src/record.ts'
import { echoKinds, echoSpec } from './support/echo.ts'
import { beginScene, type Scene } from './support/scene.ts'

type Act = 'work' | 'slot' | 'batch' | 'kill'

async function recorder(scene: Scene, moment: Moment): Promise<Recorder> {
  const { receipts, store, verifiers, nodeKey } = scene.ports
  const record = new Recorder({ ...scene.ports, batchIntervalMs: 1_000, pass: () => {} })
  const content = new NodeContent({ store: store.content, verifiers })
  const jobs = new Jobs({ chain: scene.chain, kinds: echoKinds, content })
  const to = workingEpoch(moment)?.number ?? 0
  const epochs = { nodeKey, from: 0, to, taken: takenEpochs(moment) }
  record.resume((await recover({ receipts, acks: store.acks, verifiers, jobs }, epochs)).waiting)
  await record.see(moment)
  return record
}

async function batchesIn(scene: Scene, epoch: number): Promise<HeldBatch[]> {
  const batches: HeldBatch[] = []
  for await (const signed of scene.store.receipts.batches({ epoch, nodeKey: scene.nodeKey }))
    batches.push(readBatch(signed))
  return batches
}

const tasksOf = ({ rows }: HeldBatch): number[] => {
  const view = new RowsView(rows)
  return Array.from({ length: view.count }, (_, row) => view.task(row))
}

it('loses nothing and signs nothing twice', async () => {
  const acts = fc.array(fc.constantFrom<Act>('work', 'work', 'slot', 'batch', 'kill'), { maxLength: 25 })
  const played = async (list: readonly Act[]): Promise<void> => {
    const scene = await beginScene()
    const job = await scene.job(1n, echoSpec(), { leaseEpochs: 9 })
    await scene.store.settings.set(u64Setting('node/oldest'), 0n)
    let moment = await scene.moment()
    let record = await recorder(scene, moment)
    let done = 0
    for (const act of list) {
      if (act === 'work') {
        const output = new TextEncoder().encode(`hello ${done}`)
        await record.keep({ epoch: 0, job, task: done++, units: 1, output, until: 9, endedAt: scene.time })
      }
      // Epoch 1 begins within the first ten of them.
      if (act === 'slot') moment = { ...moment, slot: moment.slot + 3 }
      if (act === 'batch') scene.time += 1_000
      if (act === 'kill') {
        await scene.crash()
        scene.verifiers.see(moment)
        record = await recorder(scene, moment)
      }
      await record.see(moment)
    }
    scene.time += 60_000
    await record.see({ ...moment, slot: Math.max(moment.slot, workingEpoch(moment)?.endsAt ?? 0) })
    const chains = [await batchesIn(scene, 0), await batchesIn(scene, 1)]
    for (const chain of chains) {
      expect(chain.map(({ seq }) => seq)).toEqual(chain.map((_, seq) => seq))
      expect(chain.map(({ prev }) => prev)).toEqual(
        [ZERO_HASH, ...chain.map(({ hash }) => hash)].slice(0, chain.length),
      )
      const tasks = chain.flatMap(tasksOf)
      expect(new Set(tasks).size).toBe(tasks.length)
    }
    const signed = new Set(chains.flat().flatMap(tasksOf))
    expect([...signed].sort((a, b) => a - b)).toEqual(Array.from({ length: done }, (_, task) => task))
    await scene.store.close()
  }
  await fc.assert(fc.asyncProperty(acts, played), { numRuns: 30 })
})
