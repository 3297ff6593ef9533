// About which rows of evidence a kind is asked: those of which somebody has to have the job's content.
import { describe, expect, test } from 'vitest'
import { isAnswerable, type JobLife } from '../src/evidence.ts'
import { NEVER } from '../src/state/state.ts'

describe('a kind is asked about a row', () => {
  const params = { evidenceEpochs: 6 }
  const life = { job: { leaseEpochs: 2 }, openSlot: 5, closedAt: NEVER }
  const asked = (rowEpoch: number, epoch: number, changed: Partial<JobLife> = {}): boolean =>
    isAnswerable({ ...life, ...changed }, rowEpoch, { epoch, params })

  test('while evidence of it counts', () => {
    expect([asked(3, 9), asked(3, 10), asked(9, 9), asked(10, 9)]).toEqual([true, false, true, false])
  })

  test('of a job that opened, up to its last lease', () => {
    expect(asked(3, 3, { openSlot: NEVER })).toBe(false)
    // Dealt in epoch 3 for the last time: the leases end with epoch 5.
    expect([asked(5, 8, { closedAt: 4 }), asked(6, 8, { closedAt: 4 })]).toEqual([true, false])
  })
})
