// What every store does, whatever lies below it.
import { createHash } from 'node:crypto'
import { pageState, toHex } from '@piecework/protocol'
import { SeededRandom } from '@piecework/testkit'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { bytesSetting, jsonSetting, type Place, type Store, textSetting, u64Setting } from '../src/index.ts'
import { batchOf, chainOf, openingOf, stintOf } from './support/batches.ts'
import { collect } from './support/collect.ts'
import { type Machine, NETWORK } from './support/machine.ts'
import { stateOf } from './support/states.ts'

const random = new SeededRandom('store contract')
const bytes = (length: number): Uint8Array => random.bytes(length)
const hashOf = (content: Uint8Array): Uint8Array =>
  new Uint8Array(createHash('sha256').update(content).digest())
const refusal = (code: string) => expect.objectContaining({ name: 'StoreError', code })
const text = (parts: readonly Uint8Array[]): string => Buffer.concat(parts).toString('hex')

export function storeContract(name: string, newMachine: () => Promise<Machine>): void {
  describe(`a store: ${name}`, () => {
    let machine: Machine
    let store: Store
    beforeEach(async () => {
      machine = await newMachine()
      store = await machine.open()
    })
    afterEach(async () => {
      await store.close()
      await machine.end()
    })
    const reopen = async (): Promise<void> => {
      await store.close()
      store = await machine.open()
    }

    describe('its receipt log', () => {
      it('gives the same bytes in their order, also after it was opened again', async () => {
        const chain = chainOf(1, 7, 5)
        for (const { signed } of chain) expect(await store.receipts.append(signed)).toEqual(signed)
        for (const { signed } of chainOf(2, 7, 2)) await store.receipts.append(signed)
        await reopen()
        const held = await collect(store.receipts.batches(stintOf(1, 7)))
        expect(text(held)).toBe(text(chain.map(({ signed }) => signed)))
        expect((await store.receipts.head(stintOf(1, 7)))?.seq).toBe(4)
        expect(await store.receipts.head(stintOf(3, 7))).toBeUndefined()
      })

      it('takes the same batch again, and refuses another in its place', async () => {
        const [first, second] = chainOf(1, 7, 2)
        for (const batch of [first, second, first]) await store.receipts.append(batch?.signed ?? bytes(0))
        const other = batchOf(1, { epoch: 7, after: first, label: 'other' })
        await expect(store.receipts.append(other.signed)).rejects.toEqual(refusal('guard/conflict'))
        await reopen()
        await expect(store.receipts.append(other.signed)).rejects.toEqual(refusal('guard/conflict'))
        expect((await store.receipts.head(stintOf(1, 7)))?.hash).toEqual(second?.hash)
      })

      it('refuses a batch that does not follow the newest, and permits nothing by that', async () => {
        const chain = chainOf(1, 7, 3)
        const stray = chain[2]?.signed ?? bytes(0)
        await expect(store.receipts.append(stray)).rejects.toEqual(refusal('receipts/out-of-order'))
        for (const { signed } of chain) await store.receipts.append(signed)
        const place: Place = { what: 'batch', epoch: 7, key: stintOf(1, 7).nodeKey, at: 2 }
        expect(await store.guard.permitted(place)).toEqual(chain[2]?.hash)
      })

      it('lets one of many different batches at one place win', async () => {
        const rivals = Array.from({ length: 8 }, (_, i) => batchOf(1, { epoch: 7, label: `rival ${i}` }))
        const ends = await Promise.allSettled(rivals.map(({ signed }) => store.receipts.append(signed)))
        expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
        const reasons = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []))
        expect(reasons).toEqual(Array.from({ length: 7 }, () => refusal('guard/conflict')))
      })

      it('keeps openings from before their batch until they are let go', async () => {
        const stint = stintOf(1, 7)
        const openings = [0, 1, 2].map((task) => openingOf(1, task))
        const [early, ...late] = openings
        if (early !== undefined) await store.receipts.keep(stint, early)
        await store.receipts.append(batchOf(1, { epoch: 7 }).signed, late)
        await reopen()
        for (const opening of openings) {
          expect(await store.receipts.opening(stint, opening.row.commit)).toEqual(opening)
        }
        expect(await collect(store.receipts.openings(stint))).toHaveLength(3)
        await store.receipts.pruneOpenings(8)
        expect(await collect(store.receipts.openings(stint))).toEqual([])
        expect(await collect(store.receipts.batches(stint))).toHaveLength(1)
      })

      it('forgets epochs, and the guard does not', async () => {
        for (const epoch of [6, 7, 8]) await store.receipts.append(batchOf(1, { epoch }).signed)
        await store.receipts.prune(8)
        const lengths = [6, 7, 8].map(async (epoch) => collect(store.receipts.batches(stintOf(1, epoch))))
        expect((await Promise.all(lengths)).map(({ length }) => length)).toEqual([0, 0, 1])
        const other = batchOf(1, { epoch: 7, label: 'other' })
        await expect(store.receipts.append(other.signed)).rejects.toEqual(refusal('guard/conflict'))
      })
    })

    describe('its signing guard', () => {
      const key = bytes(32)
      const acts = ['batch', 'inventory', 'commit', 'report', 'vote'] as const

      it.each(acts)('permits one %s for each place, as often as it is asked', async (what) => {
        const [one, other] = [bytes(32), bytes(32)]
        const place = { what, epoch: 9, key, at: 2 }
        await store.guard.permit(place, one)
        await reopen()
        await store.guard.permit(place, one)
        await expect(store.guard.permit(place, other)).rejects.toEqual(refusal('guard/conflict'))
        await store.guard.permit({ ...place, at: 3 }, other)
        await store.guard.permit({ ...place, epoch: 10 }, other)
        await store.guard.permit({ ...place, key: bytes(32) }, other)
        expect(await store.guard.permitted(place)).toEqual(one)
      })

      it('permits nothing new in epochs that it has forgotten, or that were signed for elsewhere', async () => {
        const place = { what: 'vote', epoch: 9, key, at: 0 } as const
        const hash = bytes(32)
        await store.guard.permit(place, hash)
        await store.guard.raiseFloor(10)
        await store.guard.permit(place, hash)
        await expect(store.guard.permit({ ...place, at: 1 }, hash)).rejects.toEqual(refusal('guard/too-old'))
        await store.guard.prune(12)
        await reopen()
        expect(await store.guard.floor()).toBe(12)
        await expect(store.guard.permit(place, hash)).rejects.toEqual(refusal('guard/too-old'))
        await expect(store.receipts.append(batchOf(1, { epoch: 11 }).signed)).rejects.toEqual(
          refusal('guard/too-old'),
        )
        await store.guard.raiseFloor(3)
        expect(await store.guard.floor()).toBe(12)
      })
    })

    describe('its content', () => {
      const lengths = [0, 1, 1_048_575, 1_048_576, 1_048_577, 2_500_000]

      it.each(lengths)('gives back %i bytes, however they were cut', async (length) => {
        const content = bytes(length)
        const pieces = [content.subarray(0, 10), content.subarray(10, 700_000), content.subarray(700_000)]
        expect(await store.content.put(hashOf(content), pieces)).toBe(true)
        expect(await store.content.put(hashOf(content), pieces)).toBe(false)
        await reopen()
        const found = await store.content.get(hashOf(content))
        const back = found === undefined ? [] : await collect(found)
        expect(Buffer.concat(back).equals(content)).toBe(true)
        expect(await store.content.size(hashOf(content))).toBe(length)
        expect(await store.content.used()).toEqual({ items: 1, bytes: length })
        await store.content.delete(hashOf(content))
        expect(await store.content.has(hashOf(content))).toBe(false)
        expect(await store.content.used()).toEqual({ items: 0, bytes: 0 })
      })

      it('refuses bytes with another hash, and keeps none of them', async () => {
        const wanted = hashOf(bytes(5))
        for (const length of [10, 3_000_000]) {
          await expect(store.content.put(wanted, [bytes(length)])).rejects.toEqual(
            refusal('content/wrong-hash'),
          )
        }
        expect(await store.content.has(wanted)).toBe(false)
        expect(await store.content.used()).toEqual({ items: 0, bytes: 0 })
      })

      it('has one item of two that put the same at once', async () => {
        const content = bytes(1_500_000)
        const puts = [1, 2, 3].map(() => store.content.put(hashOf(content), [content]))
        expect((await Promise.all(puts)).filter((added) => added)).toHaveLength(1)
        expect(await store.content.used()).toEqual({ items: 1, bytes: content.length })
      })

      it('lets the oldest go when its quota is full, and what is pinned never', async () => {
        await store.close()
        store = await machine.open({ contentQuotaBytes: 1_000 })
        const items = Array.from({ length: 6 }, () => bytes(300))
        const put = async (item: Uint8Array): Promise<boolean> => store.content.put(hashOf(item), [item])
        for (const item of items.slice(0, 3)) await put(item)
        expect(await store.content.pin(hashOf(items[0] ?? bytes(0)), true)).toBe(true)
        for (const item of items.slice(3)) await put(item)
        const there = await Promise.all(items.map((item) => store.content.has(hashOf(item))))
        expect(there).toEqual([true, false, false, false, true, true])
        expect(store.content.counters()).toMatchObject({ evicted: 3, evictedBytes: 900, refused: 0 })
        for (const item of items.slice(4)) await store.content.pin(hashOf(item), true)
        await expect(put(items[1] ?? bytes(0))).rejects.toEqual(refusal('content/no-room'))
        await expect(put(bytes(1_001))).rejects.toEqual(refusal('content/no-room'))
        expect(store.content.counters()).toMatchObject({ refused: 2 })
        await store.content.pin(hashOf(items[0] ?? bytes(0)), false)
        expect(await put(items[1] ?? bytes(0))).toBe(true)
        expect(await store.content.has(hashOf(items[0] ?? bytes(0)))).toBe(false)
      })
    })

    describe('its states', () => {
      it('restores any of the newest, whose pages are shared, and lets older ones go', async () => {
        const hashes: string[] = []
        for (let epoch = -1; epoch < 5; epoch++) {
          hashes.push(toHex((await store.states.save(stateOf(epoch))).stateHash))
        }
        await reopen()
        expect((await store.states.all()).map(({ epoch }) => epoch)).toEqual([2, 3, 4])
        expect((await store.states.newest())?.epoch).toBe(4)
        for (const epoch of [2, 3, 4]) {
          const { stateHash } = pageState(await store.states.restore(epoch))
          expect(toHex(stateHash)).toBe(hashes[epoch + 1])
        }
        await expect(store.states.restore(1)).rejects.toEqual(refusal('state/unknown'))
      })
    })

    it('remembers settings of every type, and refuses what is none', async () => {
      const name = textSetting('name')
      const epoch = u64Setting('epoch')
      const raw = bytesSetting('raw')
      const list = jsonSetting('list', (value) => {
        if (!Array.isArray(value)) throw new TypeError('no list')
        return value.map(String)
      })
      await store.settings.set(name, 'Ännchen')
      await store.settings.set(epoch, 2n ** 64n - 1n)
      await store.settings.set(raw, Uint8Array.of(1, 2))
      await store.settings.set(list, ['a'])
      await store.settings.set(list, ['a', 'b'])
      await reopen()
      expect(await store.settings.get(name)).toBe('Ännchen')
      expect(await store.settings.get(epoch)).toBe(2n ** 64n - 1n)
      expect(await store.settings.get(raw)).toEqual(Uint8Array.of(1, 2))
      expect(await store.settings.get(list)).toEqual(['a', 'b'])
      await expect(store.settings.get(u64Setting('raw'))).rejects.toEqual(refusal('setting/invalid'))
      await expect(store.settings.get(jsonSetting('name', String))).rejects.toEqual(
        refusal('setting/invalid'),
      )
      await expect(store.settings.set(raw, bytes(65_537))).rejects.toEqual(refusal('setting/invalid'))
      await expect(store.settings.set(textSetting(''), 'x')).rejects.toEqual(refusal('setting/invalid'))
      await store.settings.delete(name)
      expect(await store.settings.get(name)).toBeUndefined()
    })

    it('keeps the newest acknowledgement of each verifier', async () => {
      const stint = stintOf(1, 7)
      const ack = (verifierId: number, seq: number) => ({ ...stint, verifierId, seq, signed: bytes(180) })
      const [old, newest, second] = [ack(5, 1), ack(5, 3), ack(2, 1)]
      for (const one of [old, newest, second]) expect(await store.acks.put(one)).toBe(true)
      expect(await store.acks.put(ack(5, 2))).toBe(false)
      await store.acks.put({ ...ack(5, 9), ...stintOf(2, 7) })
      await reopen()
      expect((await collect(store.acks.of(stint))).map(({ signed }) => toHex(signed))).toEqual(
        [second, newest].map(({ signed }) => toHex(signed)),
      )
      await store.acks.prune(8)
      expect(await collect(store.acks.of(stint))).toEqual([])
    })

    it('keeps evidence by epoch and node, a few pieces each', async () => {
      const evidence = Array.from({ length: 9 }, () => bytes(100))
      const at = (epoch: number, i: number) => ({ ...stintOf(1, epoch), evidence: evidence[i] ?? bytes(1) })
      for (const i of [0, 1, 1, 0, 2, 3, 4, 5, 6, 7]) await store.evidence.put(at(7, i))
      await expect(store.evidence.put(at(7, 8))).rejects.toEqual(refusal('evidence/full'))
      await store.evidence.put(at(8, 8))
      await reopen()
      expect((await collect(store.evidence.of(stintOf(1, 7)))).map(toHex)).toEqual(
        evidence.slice(0, 8).map(toHex),
      )
      const since = await collect(store.evidence.since(8))
      expect(since.map(({ epoch, nodeKey }) => [epoch, toHex(nodeKey)])).toEqual([
        [8, toHex(stintOf(1, 8).nodeKey)],
      ])
      await store.evidence.prune(8)
      expect(await collect(store.evidence.since(0))).toHaveLength(1)
    })

    it("keeps everybody's batches by epoch, node and seq", async () => {
      const chains = [chainOf(1, 7, 3), chainOf(2, 7, 2), chainOf(1, 8, 1)]
      await Promise.all(chains.flat().map((batch) => store.batches.put([batch])))
      await reopen()
      expect(text(await collect(store.batches.of(stintOf(1, 7))))).toBe(
        text((chains[0] ?? []).map(({ signed }) => signed)),
      )
      expect(await collect(store.batches.in(7))).toHaveLength(5)
      await store.batches.prune(8)
      expect([await collect(store.batches.in(7)), (await collect(store.batches.in(8))).length]).toEqual([
        [],
        1,
      ])
    })

    it('moves what cannot be lost to another machine, and signs nothing there that may be signed already', async () => {
      for (const { signed } of [...chainOf(1, 6, 1), ...chainOf(1, 7, 2)]) await store.receipts.append(signed)
      await store.receipts.keep(stintOf(1, 7), openingOf(1, 0))
      await store.settings.set(textSetting('name'), 'home')
      const backup = await collect(store.backup(7))
      const other = await newMachine()
      const stream = async function* (parts: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
        yield* parts
      }
      const restore = { networkId: NETWORK, backup: stream(backup), signFromEpoch: 9 }
      await other.restore(restore)
      const restored = await other.open()
      try {
        expect(await collect(restored.receipts.batches(stintOf(1, 6)))).toEqual([])
        expect(await collect(restored.receipts.batches(stintOf(1, 7)))).toHaveLength(2)
        expect(await collect(restored.receipts.openings(stintOf(1, 7)))).toEqual([openingOf(1, 0)])
        expect(await restored.settings.get(textSetting('name'))).toBe('home')
        const next = batchOf(1, { epoch: 7, after: chainOf(1, 7, 2).at(-1) })
        await expect(restored.receipts.append(next.signed)).rejects.toEqual(refusal('guard/too-old'))
        const other6 = batchOf(1, { epoch: 6, label: 'other' })
        await expect(restored.receipts.append(other6.signed)).rejects.toEqual(refusal('guard/conflict'))
        await restored.receipts.append(batchOf(1, { epoch: 9 }).signed)
        await restored.close()
        const again = { ...restore, backup: stream(backup) }
        await expect(other.restore(again)).rejects.toEqual(refusal('backup/not-empty'))
      } finally {
        await restored.close()
        await other.end()
      }
    })

    it('closes once, and says so to whoever comes later', async () => {
      const late = store.guard.permit({ what: 'vote', epoch: 1, key: bytes(32), at: 0 }, bytes(32))
      await Promise.all([store.close(), store.close()])
      await late
      await expect(store.receipts.append(chainOf(1, 7, 1)[0]?.signed ?? bytes(0))).rejects.toEqual(
        refusal('store/closed'),
      )
      await expect(store.content.has(bytes(32))).rejects.toEqual(refusal('store/closed'))
    })

    it('belongs to one network', async () => {
      await store.close()
      await expect(machine.open({ networkId: bytes(32) })).rejects.toEqual(refusal('store/other-network'))
    })
  })
}
