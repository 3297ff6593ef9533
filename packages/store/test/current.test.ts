// A database whose CURRENT is gone: LevelDB by itself would make a new one out of what the old log holds.
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openLevelDisk } from '../src/disk/level.ts'
import { chainOf, stintOf } from './support/batches.ts'
import { bytes, collect, hashOf, refusal } from './support/collect.ts'
import { type LevelMachine, levelMachine, NETWORK } from './support/machine.ts'

let machine: LevelMachine
beforeEach(async () => {
  machine = await levelMachine()
})
afterEach(() => machine.end())

const chain = chainOf(1, 7, 2)
const place = (name: string): string => join(machine.folder, name)

it('is begun again where it can be fetched, not made of what its log has', async () => {
  const contents = [bytes(1_000), bytes(2_000)]
  // The first is in a table by then, the second in the log.
  for (const content of contents) {
    const store = await machine.open()
    await store.content.put(hashOf(content), [content])
    await store.close()
  }
  await rm(place('bulk/CURRENT'))
  const store = await machine.open()
  expect(store.counters().bulkDiscarded).toBe(true)
  for (const content of contents) await store.content.put(hashOf(content), [content])
  expect(await store.content.used()).toEqual({ items: 2, bytes: 3_000 })
})

it('is refused where it must not be lost, also by a restore', async () => {
  const store = await machine.open()
  for (const { signed } of chain) await store.receipts.append(signed)
  const backup = await collect(store.backup(0))
  await store.close()
  await rm(place('kept/CURRENT'))
  await expect(machine.open()).rejects.toEqual(refusal('store/corrupt'))
  const restore = { networkId: NETWORK, backup: Readable.from(backup), signFromEpoch: 9 }
  await expect(machine.restore(restore)).rejects.toEqual(refusal('store/corrupt'))
})

it('is not made anew by a running process that opens it again', async () => {
  const key = bytes(8)
  await mkdir(place('alone'))
  const disk = await openLevelDisk(place('alone'), 'index')
  await disk.write([{ key, value: key }])
  await rm(place('alone/CURRENT'))
  await expect(disk.recover()).rejects.toEqual(refusal('store/corrupt'))
  await expect(disk.get(key)).rejects.toEqual(refusal('store/corrupt'))
  await disk.close()
})

it('is nothing that a first start leaves which was cut off', async () => {
  await mkdir(place('kept'), { recursive: true })
  for (const name of ['MANIFEST-000001', '000001.dbtmp', '000003.log'])
    await writeFile(place(`kept/${name}`), '')
  const store = await machine.open()
  for (const { signed } of chain) await store.receipts.append(signed)
  expect(await store.receipts.head(stintOf(1, 7))).toBeDefined()
})
