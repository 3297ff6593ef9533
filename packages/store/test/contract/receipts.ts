// What every receipt log does.
import { describe, expect, it } from 'vitest'
import type { Place } from '../../src/index.ts'
import { batchOf, chainOf, openingOf, stintOf } from '../support/batches.ts'
import { bytes, collect, refusal, text } from '../support/collect.ts'
import { type Machine, useMachine } from '../support/machine.ts'

export function receiptsContract(newMachine: () => Promise<Machine>): void {
  const on = useMachine(newMachine)

  describe('its receipt log', () => {
    it('gives the same bytes in their order, also after it was opened again', async () => {
      const chain = chainOf(1, 7, 5)
      for (const { signed } of chain) expect(await on.store.receipts.append(signed)).toEqual(signed)
      for (const { signed } of chainOf(2, 7, 2)) await on.store.receipts.append(signed)
      await on.reopen()
      const held = await collect(on.store.receipts.batches(stintOf(1, 7)))
      expect(text(held)).toBe(text(chain.map(({ signed }) => signed)))
      expect((await on.store.receipts.head(stintOf(1, 7)))?.seq).toBe(4)
      expect(await on.store.receipts.head(stintOf(3, 7))).toBeUndefined()
    })

    it('takes the same batch again, and refuses another in its place', async () => {
      const [first, second] = chainOf(1, 7, 2)
      for (const batch of [first, second, first]) await on.store.receipts.append(batch?.signed ?? bytes(0))
      const other = batchOf(1, { epoch: 7, after: first, label: 'other' })
      await expect(on.store.receipts.append(other.signed)).rejects.toEqual(refusal('guard/conflict'))
      await on.reopen()
      await expect(on.store.receipts.append(other.signed)).rejects.toEqual(refusal('guard/conflict'))
      expect((await on.store.receipts.head(stintOf(1, 7)))?.hash).toEqual(second?.hash)
    })

    it('refuses a batch that does not follow the newest, and permits nothing by that', async () => {
      const chain = chainOf(1, 7, 3)
      const stray = chain[2]?.signed ?? bytes(0)
      await expect(on.store.receipts.append(stray)).rejects.toEqual(refusal('receipts/out-of-order'))
      for (const { signed } of chain) await on.store.receipts.append(signed)
      const place: Place = { what: 'batch', epoch: 7, key: stintOf(1, 7).nodeKey, at: 2 }
      expect(await on.store.guard.permitted(place)).toEqual(chain[2]?.hash)
    })

    it('lets one of many different batches at one place win', async () => {
      const rivals = Array.from({ length: 8 }, (_, i) => batchOf(1, { epoch: 7, label: `rival ${i}` }))
      const ends = await Promise.allSettled(rivals.map(({ signed }) => on.store.receipts.append(signed)))
      expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      const reasons = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []))
      expect(reasons).toEqual(Array.from({ length: 7 }, () => refusal('guard/conflict')))
    })

    it('keeps openings from before their batch until they are let go', async () => {
      const stint = stintOf(1, 7)
      const openings = [0, 1, 2].map((task) => openingOf(1, task))
      const [early, ...late] = openings
      if (early !== undefined) await on.store.receipts.keep(stint, early)
      await on.store.receipts.append(batchOf(1, { epoch: 7 }).signed, late)
      await on.reopen()
      for (const opening of openings) {
        expect(await on.store.receipts.opening(stint, opening.row.commit)).toEqual(opening)
      }
      expect(await collect(on.store.receipts.openings(stint))).toHaveLength(3)
      await on.store.receipts.pruneOpenings(8)
      expect(await collect(on.store.receipts.openings(stint))).toEqual([])
      expect(await collect(on.store.receipts.batches(stint))).toHaveLength(1)
    })

    it('forgets epochs, and the guard does not', async () => {
      for (const epoch of [6, 7, 8]) await on.store.receipts.append(batchOf(1, { epoch }).signed)
      await on.store.receipts.prune(8)
      const lengths = [6, 7, 8].map(async (epoch) => collect(on.store.receipts.batches(stintOf(1, epoch))))
      expect((await Promise.all(lengths)).map(({ length }) => length)).toEqual([0, 0, 1])
      const other = batchOf(1, { epoch: 7, label: 'other' })
      await expect(on.store.receipts.append(other.signed)).rejects.toEqual(refusal('guard/conflict'))
    })
  })
}
