// The store in a folder: `kept` (what can't be lost) and `bulk` (what can be fetched again) over level, and the witness.
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Restore, restoreInto } from './backup/backup.ts'
import type { Disk } from './disk/disk.ts'
import { LARGE_BUFFER_BYTES, openLevelDisk, SMALL_BUFFER_BYTES } from './disk/level.ts'
import { lockFolder } from './disk/lock.ts'
import { beginRun, endDamagedRun, endRun, forgetDamage, foundDamage } from './disk/runs.ts'
import type { Depth } from './disk/tables.ts'
import { openFileWitness } from './disk/witness.ts'
import { Records } from './records/records.ts'
import { isDamage } from './records/seal.ts'
import { verifyKept } from './records/verify.ts'
import { assemble, type Store, type StoreOptions, schemaOf, settle, settleBulk } from './store.ts'

/**
 * There may be gigabytes of bulk, so that its blocks are checked only after two bad ends in a row: one is a power cut,
 * and two may be LevelDB, ending the process over a damaged block.
 */
const RUNS_BEFORE_DOUBT = 2

export async function openStore(folder: string, options: StoreOptions): Promise<Store> {
  const lock = await lockFolder(folder)
  try {
    const store = await openParts(folder, options)
    let closing: Promise<void> | undefined
    const close = (): Promise<void> => {
      // Once: the second time the folder may be another's.
      closing ??= store.close().finally(() => lock.release())
      return closing
    }
    return { ...store, close }
  } catch (error) {
    await lock.release()
    throw error
  }
}

/** Into a folder without a store. Open it afterwards. */
export async function restoreStore(folder: string, restore: Restore): Promise<void> {
  const lock = await lockFolder(folder)
  try {
    const { records } = await openRecords(folder)
    try {
      await restoreInto(records, restore)
    } finally {
      await records.close()
    }
  } finally {
    await lock.release()
  }
}

async function openParts(folder: string, options: StoreOptions): Promise<Store> {
  const kept = await openKept(folder, options)
  try {
    const running = join(folder, 'running')
    const depth = (await beginRun(running)) >= RUNS_BEFORE_DOUBT ? 'blocks' : 'index'
    const { bulk, discarded } = await openBulk(join(folder, 'bulk'), { depth, options, running })
    const end = (): Promise<void> => (bulk.damaged ? endDamagedRun(running) : endRun(running))
    try {
      const store = await assemble({ kept, bulk, bulkDiscarded: discarded }, options)
      return { ...store, close: () => store.close().then(end) }
    } catch (error) {
      await bulk.close().then(end)
      throw error
    }
  } catch (error) {
    await kept.close()
    throw error
  }
}

async function openKept(folder: string, options: StoreOptions): Promise<Records> {
  const { records, verify } = await openRecords(folder)
  try {
    await settle(records, schemaOf(options, 'kept', folder), verify)
    return records
  } catch (error) {
    await records.close()
    throw error
  }
}

async function openRecords(folder: string): Promise<{ records: Records; verify: () => Promise<void> }> {
  const disk = await openLevelDisk(join(folder, 'kept'), 'blocks')
  try {
    const witness = await openFileWitness(join(folder, 'witness'))
    return { records: new Records(disk, witness), verify: () => verifyKept(disk, witness, folder) }
  } catch (error) {
    await disk.close()
    throw error
  }
}

interface BulkOptions {
  readonly depth: Depth
  readonly options: StoreOptions
  /** The file of this run, beside which an earlier one says what it found. */
  readonly running: string
}

/** Damaged, now or as an earlier run found it, it is thrown away, and begun again: everything in it can be fetched. */
async function openBulk(folder: string, how: BulkOptions): Promise<{ bulk: Records; discarded: boolean }> {
  const whole = (await foundDamage(how.running)) ? undefined : await wholeBulk(folder, how)
  if (whole !== undefined) return { bulk: whole, discarded: false }
  await rm(folder, { recursive: true, force: true })
  await forgetDamage(how.running)
  return { bulk: await settledBulk(folder, how), discarded: true }
}

async function wholeBulk(folder: string, how: BulkOptions): Promise<Records | undefined> {
  try {
    return await settledBulk(folder, how)
  } catch (error) {
    if (isDamage(error)) return undefined
    throw error
  }
}

async function settledBulk(folder: string, { depth, options }: BulkOptions): Promise<Records> {
  const writeBufferSize = options.takesAll === true ? LARGE_BUFFER_BYTES : SMALL_BUFFER_BYTES
  const disk: Disk = await openLevelDisk(folder, depth, { writeBufferSize })
  const bulk = new Records(disk)
  try {
    await settleBulk(bulk, schemaOf(options, 'bulk', folder))
    return bulk
  } catch (error) {
    await bulk.close()
    throw error
  }
}
