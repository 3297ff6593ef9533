// Check: the order in which drawn rows are checked.
import { type Due, type Facts, REPORT_EVIDENCE, RowsView, readBatch, ZERO_HASH } from '@piecework/protocol'
import { describe, expect, it } from 'vitest'
import { Check, type DrawnRow, type Findings, waitingRows } from '../src/check.ts'
import type { Draw, StintCheck } from '../src/common/epoch-work.ts'
import { commitsFrom } from '../src/common/moment.ts'
import { batchOf, hashOf, node, output, salt } from './support/bare.ts'
import { settling } from './support/settling.ts'

/** All rows of one batch drawn, and here. */
function stintOf(node: number, rows: number): StintCheck {
  const all = new Set(Array.from({ length: rows }, (_, row) => row))
  // The order asks for nothing else of what is due.
  const due = { stint: { epoch: 0, node } } as Due
  const seed = hashOf('seed')
  return { due, nodeKey: seed, seed, batches: [], drawn: [all], held: [all], verdicts: new Map() }
}

describe('checks', () => {
  it('take one row of each stint in turn, so that a slow node holds up nobody else', () => {
    const mine = new Map([
      ['0 0', stintOf(0, 4)],
      ['0 1', stintOf(1, 1)],
      ['0 2', stintOf(2, 2)],
    ])
    const nameOf = ({ check, row }: DrawnRow): string => `${check.due.stint.node}:${row}`
    expect([...waitingRows({ mine })].map(nameOf)).toEqual(['0:0', '1:0', '2:0', '0:1', '2:1', '0:2', '0:3'])
  })
})

/** Of so many stints of one node whose one row is wrong, in an epoch in which so many nodes signed two batches. */
async function foundBeside(equivocations: number, stints = 1): Promise<Findings | undefined> {
  const { shared, net, moment } = await settling()
  const batch = readBatch(batchOf(shared))
  const row = new RowsView(batch.rows).row(0)
  await shared.openings.keep({ epoch: 0, nodeKey: node.publicKey }, { row, salt, output })
  const wrong = { passed: false, trace: ZERO_HASH, why: 'it is another one' }
  const all = { batches: [batch], drawn: [new Set([0])], held: [new Set([0])] }
  const check = { ...stintOf(0, 1), ...all, nodeKey: node.publicKey, verdicts: new Map([['0 0', wrong]]) }
  const work = shared.epochs.open(0)
  // What was found asks for nothing else of the draw.
  const facts = { kinds: [], created: [] } as Partial<Facts> as Facts
  const mine = new Map(Array.from({ length: stints }, (_, i) => [`${i} 0`, check]))
  work.draw = { facts, mine } as Partial<Draw> as Draw
  const twice = { what: 'equivocation', first: batch.signed, second: batch.signed, row: 0 } as const
  for (let i = 0; i < equivocations; i++) work.evidence.push({ ...twice, salt: ZERO_HASH, output })
  let found: Findings | undefined
  const pass = async (findings: Findings): Promise<void> => {
    found = findings
  }
  const stage = new Check({ ...shared, wake: () => {}, pass })
  await stage.see(await moment(commitsFrom(await net.epoch(0)) - 1))
  return found
}

describe('what was found', () => {
  it('shows the wrong row, and gives its stint no trace', async () => {
    const found = await foundBeside(1)
    expect(found?.stints).toMatchObject([{ epoch: 0, node: 0, traces: [] }])
    expect(found?.evidence.map(({ what }) => what)).toEqual(['row', 'equivocation'])
    expect(found?.evidence[0]).toMatchObject({ row: 0, salt, output })
  })

  it('shows one row of a node, though several of its stints are wrong', async () => {
    const found = await foundBeside(0, 3)
    expect(found?.stints.map(({ traces }) => traces)).toEqual([[], [], []])
    expect(found?.evidence).toHaveLength(1)
  })

  it('is no more than a report holds, rows that only checkers see first', async () => {
    const found = await foundBeside(2 * REPORT_EVIDENCE)
    expect(found?.evidence).toHaveLength(REPORT_EVIDENCE)
    expect(found?.evidence[0]?.what).toBe('row')
  })
})
