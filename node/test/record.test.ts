import { BATCH_ROWS, type HeldBatch, RowsView, toHex } from '@piecework/protocol'
import type { ReceiptLog } from '@piecework/store'
import { describe, expect, it } from 'vitest'
import { type Moment, workingEpoch } from '../src/common/moment.ts'
import { Recorder } from '../src/record.ts'
import type { Done } from '../src/work.ts'
import { beginScene, type Scene } from './support/scene.ts'

interface Bench {
  readonly record: Recorder
  readonly batches: HeldBatch[]
}

function recordIn(scene: Scene, receipts: ReceiptLog = scene.store.receipts): Bench {
  const batches: HeldBatch[] = []
  const pass = (batch: HeldBatch): void => void batches.push(batch)
  return { record: new Recorder({ ...scene.ports, receipts, batchIntervalMs: 1_000, pass }), batches }
}

function done(scene: Scene, task: number, changed: Partial<Done> = {}): Done {
  const output = new TextEncoder().encode(`output ${task}`)
  return { epoch: 0, job: 0, task, units: 1, output, until: 2, endedAt: scene.time, ...changed }
}

const tasksOf = ({ rows }: HeldBatch): number[] => {
  const view = new RowsView(rows)
  return Array.from({ length: view.count }, (_, row) => view.task(row))
}

/** The last slots of epoch 0, the first of epoch 1. */
function closing(moment: Moment): { last: Moment; next: Moment } {
  const { closesAt, endsAt } = workingEpoch(moment) ?? { closesAt: 0, endsAt: 0 }
  return { last: { ...moment, slot: closesAt }, next: { ...moment, slot: endsAt } }
}

describe('record', () => {
  it('keeps what opens a row before the row is signed, and signs when the interval is over', async () => {
    const scene = await beginScene()
    const moment = await scene.moment()
    const { record, batches } = recordIn(scene)
    await record.see(moment)
    await record.keep(done(scene, 0))
    const kept = []
    const stint = { epoch: 0, nodeKey: scene.nodeKey }
    for await (const opening of scene.store.receipts.openings(stint)) kept.push(opening.row.task)
    expect(kept).toEqual([0])
    await record.see(moment)
    expect(batches).toEqual([])
    await record.keep(done(scene, 1))
    scene.time += 1_000
    await record.see(moment)
    expect(batches.map(tasksOf)).toEqual([[0, 1]])
    const logged = []
    for await (const signed of scene.store.receipts.batches(stint)) logged.push(toHex(signed))
    expect(logged).toEqual(batches.map(({ signed }) => toHex(signed)))
  })

  it('signs full batches at once, as a chain', async () => {
    const scene = await beginScene()
    const moment = await scene.moment()
    const { record, batches } = recordIn(scene)
    await record.see(moment)
    for (let task = 0; task <= BATCH_ROWS; task++) await record.keep(done(scene, task))
    await record.see(moment)
    expect(batches.map(({ seq, rowCount }) => [seq, rowCount])).toEqual([
      [0, BATCH_ROWS],
      [1, 1],
    ])
    expect(batches[1]?.prev).toEqual(batches[0]?.hash)
  })

  it('signs the last batch of an epoch before its end, and puts later rows into the next', async () => {
    const scene = await beginScene()
    const moment = await scene.moment()
    const { last, next } = closing(moment)
    const { record, batches } = recordIn(scene)
    await record.see(moment)
    await record.keep(done(scene, 0))
    await record.see(last)
    expect(batches.map(({ epoch, rows }) => [epoch, rows.length / 48])).toEqual([[0, 1]])
    await record.keep(done(scene, 1))
    await record.keep(done(scene, 2, { until: 0 }))
    scene.time += 5_000
    await record.see({ ...last, slot: last.slot + 1 })
    expect(batches).toHaveLength(1)
    await record.see(next)
    expect(batches.map(({ epoch, seq }) => [epoch, seq])).toEqual([
      [0, 0],
      [1, 0],
    ])
    expect(batches[1] && tasksOf(batches[1])).toEqual([1])
    expect(record.counts).toEqual({ rows: 2, waiting: 0, tooLate: 1 })
    const commit = new RowsView(batches[1]?.rows ?? new Uint8Array()).commit(0)
    const opening = await scene.store.receipts.opening({ epoch: 1, nodeKey: scene.nodeKey }, commit)
    expect(opening?.row.task).toBe(1)
  })

  it('writes the same bytes again after a failure, and nothing else before', async () => {
    const scene = await beginScene()
    const moment = await scene.moment()
    const tried: string[] = []
    const { receipts } = scene.store
    const failing: ReceiptLog = {
      ...receipts,
      append: async (signed, openings) => {
        tried.push(toHex(signed))
        if (tried.length === 1) throw new Error('the disk is full')
        return receipts.append(signed, openings)
      },
    }
    const { record, batches } = recordIn(scene, failing)
    await record.see(moment)
    await record.keep(done(scene, 0))
    scene.time += 1_000
    await expect(record.see(moment)).rejects.toThrow('the disk is full')
    await record.keep(done(scene, 1))
    scene.time += 1_000
    await record.see(moment)
    expect(tried[1]).toBe(tried[0])
    expect(batches.map(tasksOf)).toEqual([[0], [1]])
  })

  it('leaves an epoch out in which its key may have signed elsewhere, and signs its rows in the first that it may', async () => {
    const scene = await beginScene()
    const moment = await scene.moment()
    const { next } = closing(moment)
    const { record, batches } = recordIn(scene)
    await scene.store.guard.raiseFloor(1)
    await record.see(moment)
    await record.keep(done(scene, 0))
    await record.keep(done(scene, 1))
    scene.time += 1_000
    await record.see(moment)
    await record.keep(done(scene, 2))
    scene.time += 1_000
    await record.see(moment)
    await record.finish(moment)
    expect(record.counts).toEqual({ rows: 0, waiting: 3, tooLate: 0 })
    expect(scene.log.count('rows-wait-for-a-later-epoch')).toBe(1)
    await record.see(next)
    expect(batches.map((batch) => [batch.epoch, batch.seq, ...tasksOf(batch)])).toEqual([[1, 0, 0, 1, 2]])
    expect(record.keptFrom).toBe(Infinity)
  })
})
