// The store in a folder: `kept` (what can't be lost) and `bulk` (what can be fetched again) over level, and the witness.
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Restore, restoreInto } from './backup/backup.ts'
import type { Disk } from './disk/disk.ts'
import { LARGE_BUFFER_BYTES, openLevelDisk, SMALL_BUFFER_BYTES } from './disk/level.ts'
import { lockFolder } from './disk/lock.ts'
import { beginRun, endRun } from './disk/runs.ts'
import type { Depth } from './disk/tables.ts'
import { openFileWitness } from './disk/witness.ts'
import { StoreError, type StoreErrorCode } from './errors.ts'
import { Records } from './records/records.ts'
import { verifyKept } from './records/verify.ts'
import { assemble, type Store, type StoreOptions, schemaOf, settle } from './store.ts'

/**
 * There may be gigabytes of bulk, so that its blocks are checked only after two bad ends in a row: one is a power cut,
 * and two may be LevelDB, ending the process over a damaged block.
 */
const RUNS_BEFORE_DOUBT = 2

const DAMAGED: readonly StoreErrorCode[] = ['store/corrupt', 'record/damaged']

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
    const { bulk, discarded } = await openBulk(join(folder, 'bulk'), { depth, options })
    try {
      const store = await assemble({ kept, bulk, bulkDiscarded: discarded }, options)
      return { ...store, close: () => store.close().then(() => endRun(running)) }
    } catch (error) {
      await bulk.close()
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
    await settle(records, schemaOf(options, folder), verify)
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
}

/** Damaged, it is thrown away, and begun again: everything in it can be fetched. */
async function openBulk(folder: string, how: BulkOptions): Promise<{ bulk: Records; discarded: boolean }> {
  try {
    return { bulk: await settledBulk(folder, how), discarded: false }
  } catch (error) {
    if (!(error instanceof StoreError) || !DAMAGED.includes(error.code)) throw error
    await rm(folder, { recursive: true, force: true })
    return { bulk: await settledBulk(folder, how), discarded: true }
  }
}

async function settledBulk(folder: string, { depth, options }: BulkOptions): Promise<Records> {
  const buffer = options.takesAll === true ? LARGE_BUFFER_BYTES : SMALL_BUFFER_BYTES
  const disk: Disk = await openLevelDisk(folder, depth, buffer)
  const bulk = new Records(disk)
  try {
    await settle(bulk, schemaOf(options, folder), async () => {})
    return bulk
  } catch (error) {
    await bulk.close()
    throw error
  }
}
