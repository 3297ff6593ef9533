// CURRENT is the file of LevelDB that names its newest manifest, and so all tables and logs that count. Where it is gone
// LevelDB takes the folder for a new one and reads its logs into it: the newest records, without those they rest on.
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { corrupt, diskError } from './level-errors.ts'
import { isMissing } from './missing.ts'

const HAS_RECORDS = /\.(ldb|sst|log)$/

/** Refuses a folder with records and without it. A first start that was cut off has neither: its log is empty yet. */
export async function requireCurrent(folder: string): Promise<void> {
  try {
    if ((await bytesOf(join(folder, 'CURRENT'))) !== undefined) return
    for (const name of await readdir(folder)) {
      if (!HAS_RECORDS.test(name) || !(await bytesOf(join(folder, name)))) continue
      throw corrupt(folder, `${name} has records, and there is no CURRENT to say whether they count`)
    }
  } catch (error) {
    if (!isMissing(error)) throw diskError(error, folder)
  }
}

/** Undefined for a file that is not there. */
async function bytesOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}
