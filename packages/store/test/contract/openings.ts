// What every store of delivered outputs does.
import { describe, expect, it } from 'vitest'
import type { Stint } from '../../src/index.ts'
import { chainOf, openingOf, stintOf } from '../support/batches.ts'
import { collect } from '../support/collect.ts'
import { type Machine, useMachine } from '../support/machine.ts'

/** More than are moved at once. */
const MANY = 600

export function openingsContract(newMachine: () => Promise<Machine>): void {
  const on = useMachine(newMachine)

  const tasksOf = async (stint: Stint): Promise<number[]> =>
    (await collect(on.store.openings.of(stint))).map(({ row }) => row.task).sort((a, b) => a - b)

  describe('what others delivered', () => {
    it('is found by stint and commit, also after it was opened again', async () => {
      for (const task of [0, 1]) await on.store.openings.keep(stintOf(1, 7), openingOf(1, task))
      await on.store.openings.keep(stintOf(2, 7), openingOf(2, 5))
      await on.reopen()
      expect(await tasksOf(stintOf(1, 7))).toEqual([0, 1])
      const { commit } = openingOf(2, 5).row
      expect(await on.store.openings.find(stintOf(2, 7), commit)).toEqual(openingOf(2, 5))
      expect(await on.store.openings.find(stintOf(1, 7), commit)).toBeUndefined()
      expect(await on.store.openings.find(stintOf(2, 8), commit)).toBeUndefined()
    })

    it('is counted once, until it is let go', async () => {
      const counts: number[] = []
      const look = async (): Promise<number> => counts.push((await on.store.openings.used()).items)
      await look()
      for (const epoch of [6, 7, 7]) await on.store.openings.keep(stintOf(1, epoch), openingOf(1, 0))
      const { bytes } = await on.store.openings.used()
      await on.store.openings.keep(stintOf(2, 7), openingOf(2, 0))
      await look()
      await on.reopen()
      await look()
      await Promise.all([on.store.openings.drop(stintOf(2, 7)), on.store.openings.drop(stintOf(2, 7))])
      await look()
      expect((await on.store.openings.used()).bytes).toBe(bytes)
      expect(await tasksOf(stintOf(1, 7))).toEqual([0])
      await on.store.openings.prune(7)
      await look()
      expect(await tasksOf(stintOf(1, 6))).toEqual([])
      await on.store.openings.prune(8)
      expect(await on.store.openings.used()).toEqual({ items: 0, bytes: 0 })
      expect(counts).toEqual([0, 3, 3, 2, 1])
    })

    it('is no part of what is read as a whole at every start', async () => {
      const before = on.store.counters().kept
      await on.store.openings.keep(stintOf(1, 7), openingOf(1, 0))
      await on.store.openings.prune(8)
      expect(on.store.counters().kept).toEqual(before)
    })

    it('is moved there from where older verifiers kept it', async () => {
      const tasks = Array.from({ length: MANY }, (_, task) => task)
      await Promise.all(tasks.map((task) => on.store.receipts.keep(stintOf(1, 7), openingOf(1, task))))
      const [first] = chainOf(2, 7, 1)
      await on.store.receipts.append(first?.signed ?? new Uint8Array(), [openingOf(2, 0)])
      await on.reopen()
      expect(await tasksOf(stintOf(1, 7))).toEqual([])
      for (const _ of ['once', 'again']) {
        await on.store.close()
        await on.open({ takesAll: true })
        expect(await tasksOf(stintOf(1, 7))).toEqual(tasks)
        expect(await on.store.openings.find(stintOf(2, 7), openingOf(2, 0).row.commit)).toEqual(
          openingOf(2, 0),
        )
        expect((await on.store.openings.used()).items).toBe(MANY + 1)
        expect(await collect(on.store.receipts.openings(stintOf(1, 7)))).toEqual([])
        expect(await collect(on.store.receipts.batches(stintOf(2, 7)))).toHaveLength(1)
      }
    })
  })
}
