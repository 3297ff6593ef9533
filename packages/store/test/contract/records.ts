// What every store of settings, acknowledgements, evidence and batches does.
import { toHex } from '@piecework/protocol'
import { expect, it } from 'vitest'
import { bytesSetting, jsonSetting, textSetting, u64Setting } from '../../src/index.ts'
import { chainOf, stintOf } from '../support/batches.ts'
import { bytes, collect, hashOf, refusal, text } from '../support/collect.ts'
import { type Machine, useMachine } from '../support/machine.ts'

export function recordsContract(newMachine: () => Promise<Machine>): void {
  const on = useMachine(newMachine)

  it('remembers settings of every type, and refuses what is none', async () => {
    const name = textSetting('name')
    const epoch = u64Setting('epoch')
    const raw = bytesSetting('raw')
    const list = jsonSetting('list', (value) => {
      if (!Array.isArray(value)) throw new TypeError('no list')
      return value.map(String)
    })
    await on.store.settings.set(name, 'Ännchen')
    await on.store.settings.set(epoch, 2n ** 64n - 1n)
    await on.store.settings.set(raw, Uint8Array.of(1, 2))
    await on.store.settings.set(list, ['a'])
    await on.store.settings.set(list, ['a', 'b'])
    await on.reopen()
    expect(await on.store.settings.get(name)).toBe('Ännchen')
    expect(await on.store.settings.get(epoch)).toBe(2n ** 64n - 1n)
    expect(await on.store.settings.get(raw)).toEqual(Uint8Array.of(1, 2))
    expect(await on.store.settings.get(list)).toEqual(['a', 'b'])
    await expect(on.store.settings.get(u64Setting('raw'))).rejects.toEqual(refusal('setting/invalid'))
    await expect(on.store.settings.get(jsonSetting('name', String))).rejects.toEqual(
      refusal('setting/invalid'),
    )
    await expect(on.store.settings.set(raw, bytes(65_537))).rejects.toEqual(refusal('setting/invalid'))
    await expect(on.store.settings.set(textSetting(''), 'x')).rejects.toEqual(refusal('setting/invalid'))
    await on.store.settings.delete(name)
    expect(await on.store.settings.get(name)).toBeUndefined()
  })

  it('keeps the newest acknowledgement of each verifier', async () => {
    const stint = stintOf(1, 7)
    const ack = (verifierId: number, seq: number) => ({ ...stint, verifierId, seq, signed: bytes(180) })
    const [old, newest, second] = [ack(5, 1), ack(5, 3), ack(2, 1)]
    for (const one of [old, newest, second]) expect(await on.store.acks.put(one)).toBe(true)
    expect(await on.store.acks.put(ack(5, 2))).toBe(false)
    await on.store.acks.put({ ...ack(5, 9), ...stintOf(2, 7) })
    await on.reopen()
    expect((await collect(on.store.acks.of(stint))).map(({ signed }) => toHex(signed))).toEqual(
      [second, newest].map(({ signed }) => toHex(signed)),
    )
    await on.store.acks.prune(8)
    expect(await collect(on.store.acks.of(stint))).toEqual([])
  })

  it('keeps evidence by epoch and node, a few pieces each', async () => {
    const evidence = Array.from({ length: 9 }, () => bytes(100))
    const at = (epoch: number, i: number) => ({ ...stintOf(1, epoch), evidence: evidence[i] ?? bytes(1) })
    for (const i of [0, 1, 1, 0, 2, 3, 4, 5, 6, 7]) await on.store.evidence.put(at(7, i))
    await expect(on.store.evidence.put(at(7, 8))).rejects.toEqual(refusal('evidence/full'))
    await on.store.evidence.put(at(8, 8))
    await on.reopen()
    expect((await collect(on.store.evidence.of(stintOf(1, 7)))).map(toHex)).toEqual(
      evidence.slice(0, 8).map(toHex),
    )
    const since = await collect(on.store.evidence.since(8))
    expect(since.map(({ epoch, nodeKey }) => [epoch, toHex(nodeKey)])).toEqual([
      [8, toHex(stintOf(1, 8).nodeKey)],
    ])
    await on.store.evidence.prune(8)
    expect(await collect(on.store.evidence.since(0))).toHaveLength(1)
  })

  it('keeps files of an epoch by their names, whatever fills the room for content', async () => {
    await on.store.close()
    await on.open({ contentQuotaBytes: 1_000 })
    const content = bytes(1_000)
    await on.store.content.put(hashOf(content), [content])
    await on.store.content.pin(hashOf(content), true)
    const [first, second, later] = [bytes(3_000), bytes(10), bytes(20)]
    await on.store.duties.keep(7, [
      { name: 'report', bytes: bytes(5) },
      { name: 'inventory', bytes: second },
    ])
    await on.store.duties.keep(7, [{ name: 'report', bytes: first }])
    await on.store.duties.keep(8, [{ name: 'report', bytes: later }])
    await on.store.results.keep(7, [{ name: 'report', bytes: second }])
    await on.reopen()
    expect(await on.store.duties.find(7, 'report')).toEqual(first)
    expect(await on.store.duties.find(7, 'rep')).toBeUndefined()
    expect(await on.store.duties.find(7, 'inventory')).toEqual(second)
    await on.store.duties.prune(8)
    for (const name of ['inventory', 'report']) expect(await on.store.duties.find(7, name)).toBeUndefined()
    expect(await on.store.duties.find(8, 'report')).toEqual(later)
    expect(await on.store.results.find(7, 'report')).toEqual(second)
  })

  it("keeps everybody's batches by epoch, node and seq", async () => {
    const chains = [chainOf(1, 7, 3), chainOf(2, 7, 2), chainOf(1, 8, 1)]
    await Promise.all(chains.flat().map((batch) => on.store.batches.put([batch])))
    await on.reopen()
    expect(text(await collect(on.store.batches.of(stintOf(1, 7))))).toBe(
      text((chains[0] ?? []).map(({ signed }) => signed)),
    )
    expect(await collect(on.store.batches.in(7))).toHaveLength(5)
    await on.store.batches.prune(8)
    expect([await collect(on.store.batches.in(7)), (await collect(on.store.batches.in(8))).length]).toEqual([
      [],
      1,
    ])
  })
}
