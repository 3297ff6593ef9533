// About which rows of evidence a kind is asked: those of which somebody has to have the job's content.
import { describe, expect, test } from 'vitest'
import { isAnswerable, type JobLife } from '../src/evidence.ts'
import { NEVER } from '../src/state/state.ts'

describe('a kind is asked about a row', () => {
  const life = { job: { leaseEpochs: 2 }, openSlot: 5, closedAt: NEVER }
  const asked = (rowEpoch: number, changed: Partial<JobLife> = {}): boolean =>
    isAnswerable({ ...life, ...changed }, rowEpoch)

  test('of a job that opened, up to its last lease', () => {
    expect([asked(3), asked(3, { openSlot: NEVER })]).toEqual([true, false])
    // Dealt in epoch 3 for the last time: the leases end with epoch 5.
    expect([asked(5, { closedAt: 4 }), asked(6, { closedAt: 4 })]).toEqual([true, false])
  })
})
