// What every signing guard does.
import { describe, expect, it } from 'vitest'
import { batchOf } from '../support/batches.ts'
import { bytes, refusal } from '../support/collect.ts'
import { type Machine, useMachine } from '../support/machine.ts'

export function guardContract(newMachine: () => Promise<Machine>): void {
  const on = useMachine(newMachine)

  describe('its signing guard', () => {
    const key = bytes(32)
    const acts = ['batch', 'inventory', 'commit', 'report', 'vote'] as const

    it.each(acts)('permits one %s for each place, as often as it is asked', async (what) => {
      const [one, other] = [bytes(32), bytes(32)]
      const place = { what, epoch: 9, key, at: 2 }
      await on.store.guard.permit(place, one)
      await on.reopen()
      await on.store.guard.permit(place, one)
      await expect(on.store.guard.permit(place, other)).rejects.toEqual(refusal('guard/conflict'))
      await on.store.guard.permit({ ...place, at: 3 }, other)
      await on.store.guard.permit({ ...place, epoch: 10 }, other)
      await on.store.guard.permit({ ...place, key: bytes(32) }, other)
      expect(await on.store.guard.permitted(place)).toEqual(one)
    })

    it('permits nothing new in epochs that it has forgotten, or that were signed for elsewhere', async () => {
      const place = { what: 'vote', epoch: 9, key, at: 0 } as const
      const hash = bytes(32)
      await on.store.guard.permit(place, hash)
      await on.store.guard.raiseFloor(10)
      await on.store.guard.permit(place, hash)
      await expect(on.store.guard.permit({ ...place, at: 1 }, hash)).rejects.toEqual(refusal('guard/too-old'))
      await on.store.guard.prune(12)
      await on.reopen()
      expect(await on.store.guard.floor()).toBe(12)
      await expect(on.store.guard.permit(place, hash)).rejects.toEqual(refusal('guard/too-old'))
      await expect(on.store.receipts.append(batchOf(1, { epoch: 11 }).signed)).rejects.toEqual(
        refusal('guard/too-old'),
      )
      await on.store.guard.raiseFloor(3)
      expect(await on.store.guard.floor()).toBe(12)
    })

    it('raises its floor when it is new, and never again by that', async () => {
      expect(await on.store.guard.begin(5)).toBe(true)
      expect(await on.store.guard.floor()).toBe(5)
      await on.reopen()
      expect(await on.store.guard.begin(9)).toBe(false)
      expect(await on.store.guard.floor()).toBe(5)
    })
  })
}
