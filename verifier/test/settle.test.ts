// Settle: what is final is gone on from at once, and kept when it can't be rolled back any more.
import { type Due, rowCommit } from '@piecework/protocol'
import { describe, expect, it } from 'vitest'
import { FINAL_NAME } from '../src/common/compute.ts'
import type { Computed } from '../src/common/epoch-work.ts'
import { Settle } from '../src/settle.ts'
import { node, output, salt } from './support/bare.ts'
import { finalize, propose, putForward, type Settling, settling, tillFinality } from './support/settling.ts'

interface Following {
  readonly settle: Settle
  readonly see: () => Promise<unknown>
  readonly passed: Computed[]
}

function following({ shared, moment }: Settling): Following {
  const passed: Computed[] = []
  const settle = new Settle({ ...shared, pass: async (computed) => void passed.push(computed) })
  return { settle, passed, see: async () => settle.see(await moment()) }
}

describe('an epoch', () => {
  it('is gone on from when it is final, and passed on once', async () => {
    const all = await settling()
    const { shared } = all
    const { settle, see, passed } = following(all)
    const { proposal, bytes } = await propose(all, [0, 1, 2])
    await putForward(all, proposal)
    await see()
    expect(shared.states.newest?.epoch).toBe(-1)
    await finalize(all)
    for (const _ of ['once', 'again']) await see()
    expect(shared.states.newest?.epoch).toBe(0)
    expect(passed.map(({ applied }) => applied.state.epoch)).toEqual([0])
    expect(await shared.duties.find(0, FINAL_NAME)).toEqual(bytes)
    expect(settle.saved).toBe(-1)
  })

  it('is passed on again when that failed, before anything is built on it', async () => {
    const all = await settling()
    const { shared, moment } = all
    const passed: number[] = []
    let isFull = true
    const pass = async ({ applied }: Computed): Promise<void> => {
      if (isFull) throw new Error('the disk is full')
      passed.push(applied.state.epoch)
    }
    const settle = new Settle({ ...shared, pass })
    await putForward(all, (await propose(all, [0, 1, 2])).proposal)
    await finalize(all)
    await expect(settle.see(await moment())).rejects.toThrow('full')
    expect(shared.states.newest?.epoch).toBe(-1)
    isFull = false
    await settle.see(await moment())
    expect(passed).toEqual([0])
    expect(shared.states.newest?.epoch).toBe(0)
  })

  it('is on disk, and its work let go, when it can not be rolled back', async () => {
    const all = await settling()
    const { shared } = all
    const { settle, see } = following(all)
    await putForward(all, (await propose(all, [0, 1, 2])).proposal)
    await finalize(all)
    await see()
    expect(shared.epochs.get(0)).toBeDefined()
    await tillFinality(all)
    await see()
    expect(settle.saved).toBe(0)
    expect((await shared.store.states.all()).map(({ epoch }) => epoch)).toEqual([0])
    expect(shared.epochs.get(0)).toBeUndefined()
    expect(await shared.duties.find(0, FINAL_NAME)).toBeDefined()
    expect(await see()).toBe('rested')
  })

  it.each([
    ['goes when it failed', [], 0],
    ['stays when it was paid', [{ epoch: 0, node: 0, rows: 1, pay: 1n }], 1],
  ] as const)('lets go of what nobody can ask for: what was delivered %s', async (_, earned, left) => {
    const all = await settling()
    const { shared } = all
    const { see } = following(all)
    const computed = await propose(all, [0, 1, 2])
    const stint = { epoch: 0, node: 0 } as Due['stint']
    const judged = { ...computed, due: [{ stint } as Due], applied: { ...computed.applied, earned } }
    const computedOf0 = shared.epochs.open(0).computed
    for (const name of computedOf0.keys()) computedOf0.set(name, judged)
    const at = { epoch: 0, nodeKey: node.publicKey }
    const row = {
      job: 0,
      task: 0,
      units: 1,
      at: 0,
      commit: rowCommit({ nodeKey: node.publicKey, salt, output }),
    }
    await shared.openings.keep(at, { row, salt, output })
    await putForward(all, computed.proposal)
    await finalize(all)
    await see()
    expect((await shared.openings.used()).items).toBe(1)
    await tillFinality(all)
    await see()
    expect((await shared.openings.used()).items).toBe(left)
  })

  it('that others settled otherwise is none of it', async () => {
    const all = await settling()
    const { see, passed } = following(all)
    await putForward(all, (await propose(all, [0, 2])).proposal)
    all.shared.epochs.open(0).computed.clear()
    await propose(all, [0, 1, 2])
    await finalize(all)
    await see()
    expect(passed).toEqual([])
    expect(all.shared.states.newest?.epoch).toBe(-1)
  })
})
