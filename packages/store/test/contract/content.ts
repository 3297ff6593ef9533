// What every store of content and of states does.
import { pageState, toHex } from '@piecework/protocol'
import { describe, expect, it } from 'vitest'
import { bytes, collect, hashOf, refusal } from '../support/collect.ts'
import { type Machine, useMachine } from '../support/machine.ts'
import { stateOf } from '../support/states.ts'

export function contentContract(newMachine: () => Promise<Machine>): void {
  const on = useMachine(newMachine)

  describe('its content', () => {
    const lengths = [0, 1, 1_048_575, 1_048_576, 1_048_577, 2_500_000]

    it.each(lengths)('gives back %i bytes, however they were cut', async (length) => {
      const content = bytes(length)
      const pieces = [content.subarray(0, 10), content.subarray(10, 700_000), content.subarray(700_000)]
      expect(await on.store.content.put(hashOf(content), pieces)).toBe(true)
      expect(await on.store.content.put(hashOf(content), pieces)).toBe(false)
      await on.reopen()
      const found = await on.store.content.get(hashOf(content))
      const back = found === undefined ? [] : await collect(found)
      expect(Buffer.concat(back).equals(content)).toBe(true)
      expect(await on.store.content.size(hashOf(content))).toBe(length)
      expect(await on.store.content.used()).toEqual({ items: 1, bytes: length })
      await on.store.content.delete(hashOf(content))
      expect(await on.store.content.has(hashOf(content))).toBe(false)
      expect(await on.store.content.used()).toEqual({ items: 0, bytes: 0 })
    })

    it('refuses bytes with another hash, and keeps none of them', async () => {
      const wanted = hashOf(bytes(5))
      for (const length of [10, 3_000_000]) {
        await expect(on.store.content.put(wanted, [bytes(length)])).rejects.toEqual(
          refusal('content/wrong-hash'),
        )
      }
      expect(await on.store.content.has(wanted)).toBe(false)
      expect(await on.store.content.used()).toEqual({ items: 0, bytes: 0 })
    })

    it('has one item of two that put the same at once', async () => {
      const content = bytes(1_500_000)
      const puts = [1, 2, 3].map(() => on.store.content.put(hashOf(content), [content]))
      expect((await Promise.all(puts)).filter((added) => added)).toHaveLength(1)
      expect(await on.store.content.used()).toEqual({ items: 1, bytes: content.length })
      expect(await collect(on.store.content.hashes())).toEqual([hashOf(content)])
    })

    it('lets the oldest go when its quota is full, and what is pinned never', async () => {
      await on.store.close()
      await on.open({ contentQuotaBytes: 1_000 })
      const items = Array.from({ length: 6 }, () => bytes(300))
      const put = async (item: Uint8Array): Promise<boolean> => on.store.content.put(hashOf(item), [item])
      for (const item of items.slice(0, 3)) await put(item)
      expect(await on.store.content.pin(hashOf(items[0] ?? bytes(0)), true)).toBe(true)
      for (const item of items.slice(3)) await put(item)
      const there = await Promise.all(items.map((item) => on.store.content.has(hashOf(item))))
      expect(there).toEqual([true, false, false, false, true, true])
      expect(on.store.content.counters()).toMatchObject({ evicted: 3, evictedBytes: 900, refused: 0 })
      for (const item of items.slice(4)) await on.store.content.pin(hashOf(item), true)
      await expect(put(items[1] ?? bytes(0))).rejects.toEqual(refusal('content/no-room'))
      await expect(put(bytes(1_001))).rejects.toEqual(refusal('content/no-room'))
      expect(on.store.content.counters()).toMatchObject({ refused: 2 })
      await on.store.content.pin(hashOf(items[0] ?? bytes(0)), false)
      expect(await put(items[1] ?? bytes(0))).toBe(true)
      expect(await on.store.content.has(hashOf(items[0] ?? bytes(0)))).toBe(false)
    })
  })

  describe('its states', () => {
    it('restores any of the newest, whose pages are shared, and lets older ones go', async () => {
      const hashes: string[] = []
      for (let epoch = -1; epoch < 5; epoch++) {
        hashes.push(toHex((await on.store.states.save(stateOf(epoch))).stateHash))
      }
      await on.reopen()
      expect((await on.store.states.all()).map(({ epoch }) => epoch)).toEqual([2, 3, 4])
      expect((await on.store.states.newest())?.epoch).toBe(4)
      for (const epoch of [2, 3, 4]) {
        const { stateHash } = pageState(await on.store.states.restore(epoch))
        expect(toHex(stateHash)).toBe(hashes[epoch + 1])
      }
      await expect(on.store.states.restore(1)).rejects.toEqual(refusal('state/unknown'))
    })
  })
}
