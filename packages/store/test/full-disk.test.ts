// A database that can't be opened again can be read all the same, or says why it can't.
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Disk, Range } from '../src/disk/disk.ts'
import { openLevelDisk } from '../src/disk/level.ts'
import { refusal } from './support/collect.ts'

const KEY = Uint8Array.of(1)
const VALUE = new Uint8Array(1_000).fill(7)
const ALL: Range = { from: Uint8Array.of(0), to: Uint8Array.of(0xff) }

describe('a database on a disk that stays full', () => {
  let folder: string
  let free: number
  let disk: Disk
  /** What happens between the look at the space and the closing. */
  let meanwhile: () => Promise<void>
  const freeBytes = async (): Promise<number> => {
    await meanwhile()
    return free
  }
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'full-'))
    free = Number.POSITIVE_INFINITY
    meanwhile = async () => {}
    disk = await openLevelDisk(join(folder, 'kept'), 'blocks', { freeBytes })
    await disk.write([{ key: KEY, value: VALUE }])
  })
  afterEach(async () => {
    await disk.close()
    await rm(folder, { recursive: true, force: true })
  })

  async function requireReadable(): Promise<void> {
    expect(await disk.get(KEY)).toEqual(VALUE)
    expect(await disk.page(ALL)).toEqual([{ key: KEY, value: VALUE }])
  }

  it('stays open while there is no space to open it again, and goes on when there is', async () => {
    free = 0
    for (let i = 0; i < 3; i++) {
      const recovering = disk.recover()
      // Who reads meanwhile is not told of it.
      const [recovered, read] = await Promise.allSettled([recovering, disk.get(KEY)])
      expect(recovered).toMatchObject({ status: 'rejected', reason: refusal('disk/full') })
      expect(read).toEqual({ status: 'fulfilled', value: VALUE })
      await requireReadable()
    }
    free = 1_000_000
    await disk.recover()
    await disk.write([{ key: KEY, value: VALUE }])
    await requireReadable()
    expect(await disk.size()).toBeGreaterThan(VALUE.length)
  })

  it('says what is wrong when it was closed all the same, and is read as soon as it can be', async () => {
    const [kept, aside] = [join(folder, 'kept'), join(folder, 'aside')]
    // As a quota does that nobody can ask for: there is space, and no file can be made.
    meanwhile = async () => {
      meanwhile = async () => {}
      await rename(kept, aside)
      await writeFile(kept, '')
    }
    await expect(disk.recover()).rejects.toEqual(refusal('disk/failed'))
    await expect(disk.get(KEY)).rejects.toEqual(refusal('disk/failed'))
    await expect(disk.page(ALL)).rejects.toEqual(refusal('disk/failed'))
    await rm(kept)
    await rename(aside, kept)
    await requireReadable()
    await disk.close()
    await expect(disk.get(KEY)).rejects.toEqual(refusal('store/closed'))
  })
})
