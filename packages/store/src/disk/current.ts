// CURRENT is the file of LevelDB that names its newest manifest, and so all tables and logs that count. Where it is gone
// LevelDB takes the folder for a new one and reads its logs into it: the newest records, without those they rest on.
import { join } from 'node:path'
import { corrupt, diskError } from './level-errors.ts'
import { isMissing, isThere } from './missing.ts'
import { bytesOf } from './space.ts'

const HAS_RECORDS = /\.(ldb|sst|log)$/

/** Refuses a folder with records and without it. A first start that was cut off has neither: its log is empty yet. */
export async function requireCurrent(folder: string): Promise<void> {
  try {
    if (await isThere(join(folder, 'CURRENT'))) return
    if ((await bytesOf(folder, (name) => HAS_RECORDS.test(name))) === 0) return
  } catch (error) {
    if (isMissing(error)) return
    throw diskError(error, folder)
  }
  throw corrupt(folder, 'it has records, and no CURRENT to say which of them count')
}
