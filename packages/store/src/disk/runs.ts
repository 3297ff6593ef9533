// A file that counts the runs which did not end by closing the store: killed, cut off from power, or ended by LevelDB.
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { diskError } from './level-errors.ts'
import { isMissing, isThere } from './missing.ts'

/** How many ended so, one after the other, before the run that begins now. */
export async function beginRun(path: string): Promise<number> {
  try {
    const before = await countIn(path)
    await writeFile(path, String(before + 1))
    return before
  } catch (error) {
    throw diskError(error, path)
  }
}

export async function endRun(path: string): Promise<void> {
  await rm(path, { force: true })
}

/** Ends a run that found damage in bulk, and leaves a mark of it: renamed, which needs no space on a full disk. */
export async function endDamagedRun(path: string): Promise<void> {
  try {
    await rename(path, markOf(path))
  } catch (error) {
    throw diskError(error, path)
  }
}

/** Whether an earlier run ended so. */
export async function foundDamage(path: string): Promise<boolean> {
  try {
    return await isThere(markOf(path))
  } catch (error) {
    throw diskError(error, path)
  }
}

export async function forgetDamage(path: string): Promise<void> {
  await rm(markOf(path), { force: true })
}

const markOf = (path: string): string => `${path}.damaged`

/** A count that can't be read is that of a machine in trouble: more than a few. */
const UNREADABLE = 1_000

async function countIn(path: string): Promise<number> {
  try {
    const count = Number(await readFile(path, 'utf8'))
    return Number.isSafeInteger(count) && count > 0 ? count : UNREADABLE
  } catch (error) {
    if (isMissing(error)) return 0
    throw error
  }
}
