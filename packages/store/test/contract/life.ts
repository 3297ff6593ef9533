// How every store is backed up, restored and closed, and whose it is.
import { expect, it } from 'vitest'
import { textSetting } from '../../src/index.ts'
import { batchOf, chainOf, openingOf, stintOf } from '../support/batches.ts'
import { bytes, collect, refusal } from '../support/collect.ts'
import { type Machine, NETWORK, useMachine } from '../support/machine.ts'

export function lifeContract(newMachine: () => Promise<Machine>): void {
  const on = useMachine(newMachine)

  it('moves what cannot be lost to another machine, and signs nothing there that may be signed already', async () => {
    for (const { signed } of [...chainOf(1, 6, 1), ...chainOf(1, 7, 2)])
      await on.store.receipts.append(signed)
    await on.store.receipts.keep(stintOf(1, 7), openingOf(1, 0))
    await on.store.settings.set(textSetting('name'), 'home')
    const backup = await collect(on.store.backup(7))
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
    const late = on.store.guard.permit({ what: 'vote', epoch: 1, key: bytes(32), at: 0 }, bytes(32))
    await Promise.all([on.store.close(), on.store.close()])
    await late
    await expect(on.store.receipts.append(chainOf(1, 7, 1)[0]?.signed ?? bytes(0))).rejects.toEqual(
      refusal('store/closed'),
    )
    await expect(on.store.content.has(bytes(32))).rejects.toEqual(refusal('store/closed'))
  })

  it('belongs to one network', async () => {
    await on.store.close()
    await expect(on.machine.open({ networkId: bytes(32) })).rejects.toEqual(refusal('store/other-network'))
  })
}
