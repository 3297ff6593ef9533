// Check: the order in which drawn rows are checked.
import type { Due } from '@piecework/protocol'
import { describe, expect, it } from 'vitest'
import { type DrawnRow, waitingRows } from '../src/check.ts'
import type { StintCheck } from '../src/common/epoch-work.ts'
import { hashOf } from './support/bare.ts'

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
