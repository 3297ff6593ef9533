// A lock on the folder of a store, taken before any file in it is read. It is LevelDB's own, of a database beside the
// others that holds nothing: the system lets go of it when the process ends, however it ends.
import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Level } from 'level'
import { diskError } from './level-errors.ts'

/** Nobody else's business: a store says what this machine did and earned. */
const FOLDER_MODE = 0o700
/** The file that LevelDB locks. */
const LOCK_FILE = 'LOCK'

export interface Lock {
  release(): Promise<void>
}

/** Makes the folder where there is none; `store/locked` while another process has it. */
export async function lockFolder(folder: string): Promise<Lock> {
  const empty = join(folder, 'lock')
  const database = new Level(empty)
  try {
    await mkdir(folder, { recursive: true, mode: FOLDER_MODE })
    await openOrRenew(database, empty)
  } catch (error) {
    throw diskError(error, folder)
  }
  return { release: () => database.close() }
}

/** Damage in what holds nothing must keep nobody from what lies beside it. */
async function openOrRenew(database: Level, folder: string): Promise<void> {
  try {
    await database.open()
  } catch (error) {
    if (diskError(error, folder).code !== 'store/corrupt') throw error
    // Not the lock itself: another process may have taken it meanwhile.
    const others = (await readdir(folder)).filter((name) => name !== LOCK_FILE)
    for (const name of others) await rm(join(folder, name), { recursive: true, force: true })
    await database.open()
  }
}
