// A backup is taken as a whole or not at all, whatever became of its bytes.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  MemoryDisks,
  readBackupFile,
  restoreMemoryStore,
  StoreError,
  textSetting,
  writeBackupFile,
} from '../src/index.ts'
import { chainOf, stintOf } from './support/batches.ts'
import { bytes, collect, refusal } from './support/collect.ts'
import { memoryMachine, NETWORK } from './support/machine.ts'

let whole: Uint8Array
let folder: string

async function* inPieces(backup: Uint8Array, size = 1000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < backup.length; at += size) yield backup.subarray(at, at + size)
}

const restore = (disks: MemoryDisks, backup: AsyncIterable<Uint8Array>, networkId: Uint8Array = NETWORK) =>
  restoreMemoryStore(disks, { networkId, backup, signFromEpoch: 8 })

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backup-'))
  const store = await memoryMachine().open()
  for (const { signed } of chainOf(1, 7, 3)) await store.receipts.append(signed)
  await store.settings.set(textSetting('name'), 'home')
  await writeBackupFile(join(folder, 'backup'), store.backup(0))
  whole = new Uint8Array(await readFile(join(folder, 'backup')))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('a backup', () => {
  it('is one file, and restores from it', async () => {
    expect(await readdir(folder)).toEqual(['backup'])
    const disks = new MemoryDisks()
    await restore(disks, readBackupFile(join(folder, 'backup')))
    const store = await memoryMachine(disks).open()
    expect(await collect(store.receipts.batches(stintOf(1, 7)))).toHaveLength(3)
    // It said from where on it signs: its first start adds nothing to that.
    expect(await store.guard.begin(10)).toBe(false)
    expect(await store.guard.floor()).toBe(8)
  })

  it('is refused when a bit of it is another, and nothing opens what was begun', async () => {
    // Of a header that is none, nothing is begun.
    const headerBytes = 56
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length * 8 - 1), async (bit) => {
        const changed = whole.with(bit >> 3, (whole[bit >> 3] ?? 0) ^ (1 << (bit & 7)))
        const disks = new MemoryDisks()
        await expect(restore(disks, inPieces(changed))).rejects.toEqual(refusal('backup/invalid'))
        const opened = memoryMachine(disks).open()
        if (bit < headerBytes * 8) await expect(opened).resolves.toBeDefined()
        else await expect(opened).rejects.toEqual(refusal('backup/unfinished'))
      }),
      { numRuns: 200 },
    )
  })

  it('is refused when it is cut short, or longer, and restored again all the same', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), async (length) => {
        const disks = new MemoryDisks()
        await expect(restore(disks, inPieces(whole.subarray(0, length)))).rejects.toEqual(
          refusal('backup/invalid'),
        )
        const longer = new Uint8Array([...whole, 0])
        await expect(restore(disks, inPieces(longer))).rejects.toEqual(refusal('backup/invalid'))
        await restore(disks, inPieces(whole, 1 + (length % 97)))
        const store = await memoryMachine(disks).open()
        expect(await store.settings.get(textSetting('name'))).toBe('home')
      }),
      { numRuns: 30 },
    )
  })

  it('is refused when it is of another network', async () => {
    await expect(restore(new MemoryDisks(), inPieces(whole), bytes(32))).rejects.toEqual(
      refusal('backup/invalid'),
    )
  })

  it('that is not there, or has no folder, is said so, and changes nothing', async () => {
    const missing = join(folder, 'missing', 'backup')
    const disks = new MemoryDisks()
    await expect(restore(disks, readBackupFile(missing))).rejects.toEqual(refusal('disk/failed'))
    const store = await memoryMachine(disks).open()
    await expect(writeBackupFile(missing, store.backup(0))).rejects.toEqual(refusal('disk/failed'))
  })

  it('lowers no floor that stands here', async () => {
    const disks = new MemoryDisks()
    const before = await memoryMachine(disks).open()
    await before.guard.raiseFloor(100)
    const other = await memoryMachine().open()
    await other.guard.raiseFloor(50)
    await restore(disks, other.backup(0))
    expect(await (await memoryMachine(disks).open()).guard.floor()).toBe(100)
  })

  it('is no backup when it is anything else: a typed error, and little memory', async () => {
    async function* endless(): AsyncGenerator<Uint8Array> {
      yield whole.subarray(0, 56)
      for (;;) yield new Uint8Array(65_536).fill(0xff)
    }
    await expect(restore(new MemoryDisks(), endless())).rejects.toEqual(refusal('backup/invalid'))
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (junk) => {
        await expect(restore(new MemoryDisks(), inPieces(junk))).rejects.toBeInstanceOf(StoreError)
      }),
    )
  })
})
