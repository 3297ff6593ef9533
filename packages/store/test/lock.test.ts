// Whoever comes second to a folder touches nothing in it.
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { chainOf, stintOf } from './support/batches.ts'
import { bytes, collect, refusal } from './support/collect.ts'
import { type LevelMachine, levelMachine, NETWORK } from './support/machine.ts'

let machine: LevelMachine
beforeEach(async () => {
  machine = await levelMachine()
})
afterEach(() => machine.end())

const [batch] = chainOf(1, 7, 1)

it('a store in use is refused to a second start and to a restore, and none of its files is renamed', async () => {
  const store = await machine.open()
  // As LevelDB leaves one while it writes it: without a footer.
  const unfinished = '999999.ldb'
  for (const part of ['kept', 'bulk']) await writeFile(join(machine.folder, part, unfinished), bytes(5_000))
  async function* none(): AsyncGenerator<Uint8Array> {}
  await expect(machine.open()).rejects.toEqual(refusal('store/locked'))
  const restore = { networkId: NETWORK, backup: none(), signFromEpoch: 8 }
  await expect(machine.restore(restore)).rejects.toEqual(refusal('store/locked'))
  for (const part of ['kept', 'bulk']) expect(await readdir(join(machine.folder, part))).toContain(unfinished)
  await store.receipts.append(batch?.signed ?? bytes(0))
  await store.close()
  const again = await machine.open()
  // Closed once more, the first lets go of nothing that is the second's.
  await store.close()
  await expect(machine.open()).rejects.toEqual(refusal('store/locked'))
  expect(await collect(again.receipts.batches(stintOf(1, 7)))).toEqual([batch?.signed])
})

it('a start that is refused lets go of the folder', async () => {
  await (await machine.open()).close()
  await expect(machine.open({ networkId: bytes(32) })).rejects.toEqual(refusal('store/other-network'))
  await (await machine.open()).close()
})

it('damage in the lock, which holds nothing, keeps nobody out', async () => {
  const store = await machine.open()
  await store.receipts.append(batch?.signed ?? bytes(0))
  await store.close()
  const lock = join(machine.folder, 'lock')
  for (const name of await readdir(lock)) await writeFile(join(lock, name), bytes(100))
  const again = await machine.open()
  expect(await collect(again.receipts.batches(stintOf(1, 7)))).toEqual([batch?.signed])
})
