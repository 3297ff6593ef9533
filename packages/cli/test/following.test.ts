// Following a job: what is asked for when, and when all is in.
import { describe, expect, it } from 'vitest'
import { Following } from '../src/job/following.ts'
import type { Gathered, ResultRow } from '../src/job/results.ts'

const rowOf = (task: number): ResultRow => ({
  ...{ task, node: 0, units: 1, at: 0, epoch: 0, batch: 'ab', row: task, output: '' },
  ...{ answers: 1, agreement: 1, agrees: true, result: '', confidence: null },
})

/** What chain and verifiers say at a look. */
interface Look {
  readonly final: number
  readonly ledger?: { readonly epoch: number; readonly done: boolean }
  readonly settled: number
  readonly tasks: readonly number[]
  /** One of the verifiers goes away while it is asked. */
  readonly isTorn?: boolean
}

async function played(looks: readonly Look[]) {
  let now = looks[0] as Look
  const asked: number[] = []
  const written: { tasks: readonly number[]; isAll: boolean }[] = []
  const following = new Following({
    lastFinal: async () => now.final,
    charged: async () => now.ledger,
    gather: async (beyond): Promise<Gathered> => {
      asked.push(beyond)
      if (now.settled <= beyond) return { settled: beyond, rows: [] }
      return { settled: now.isTorn === true ? beyond : now.settled, rows: now.tasks.map(rowOf) }
    },
    write: async ({ rows }, isAll) => void written.push({ tasks: rows.map(({ task }) => task), isAll }),
  })
  const ends: boolean[] = []
  for (const look of looks) {
    now = look
    ends.push(await following.look())
  }
  return { asked, written, ends }
}

const due = { epoch: 1, done: false }
const done = { epoch: 1, done: true }

describe('following a job', () => {
  it('asks nobody before the first epoch is final, nor again before there is another', async () => {
    const first = { final: 0, ledger: { epoch: 0, done: false }, settled: 0, tasks: [1] }
    const { asked, written, ends } = await played([
      { final: -1, settled: -1, tasks: [] },
      first,
      first,
      { final: 1, ledger: due, settled: 1, tasks: [1, 2] },
    ])
    expect(asked).toEqual([-1, 0])
    expect(written.map(({ tasks }) => tasks)).toEqual([[1], [1, 2]])
    expect(ends).toEqual([false, false, false, false])
  })

  it('waits for the ledger of the epoch that is settled, and then writes all, also what was held back', async () => {
    const { asked, written, ends } = await played([
      { final: 1, ledger: { epoch: 0, done: false }, settled: 1, tasks: [1, 2] },
      { final: 1, ledger: done, settled: 1, tasks: [1, 2] },
    ])
    expect(asked).toEqual([-1, 1])
    expect(written).toEqual([
      { tasks: [1, 2], isAll: false },
      { tasks: [1, 2], isAll: true },
    ])
    expect(ends).toEqual([false, true])
  })

  it('does not end while a verifier has not settled the epoch in which the job was done', async () => {
    const { written, ends } = await played([
      { final: 1, ledger: done, settled: 0, tasks: [1] },
      { final: 1, ledger: done, settled: 0, tasks: [1] },
      { final: 1, ledger: done, settled: 1, tasks: [1, 2] },
    ])
    expect(ends).toEqual([false, false, true])
    expect(written.at(-1)).toEqual({ tasks: [1, 2], isAll: true })
  })

  it('asks again for what one that went away may have held', async () => {
    const { asked, written, ends } = await played([
      { final: 1, ledger: done, settled: 1, tasks: [1], isTorn: true },
      { final: 1, ledger: done, settled: 1, tasks: [1, 2] },
    ])
    expect(asked).toEqual([-1, -1])
    expect(written).toEqual([
      { tasks: [1], isAll: false },
      { tasks: [1, 2], isAll: true },
    ])
    expect(ends).toEqual([false, true])
  })
})
