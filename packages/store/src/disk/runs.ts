// A file that counts the runs which did not end by closing the store: killed, cut off from power, or ended by LevelDB.
import { readFile, rm, writeFile } from 'node:fs/promises'
import { diskError } from './level-errors.ts'

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

/** A count that can't be read is that of a machine in trouble: more than a few. */
const UNREADABLE = 1_000

async function countIn(path: string): Promise<number> {
  try {
    const count = Number(await readFile(path, 'utf8'))
    return Number.isSafeInteger(count) && count > 0 ? count : UNREADABLE
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 0
    throw error
  }
}
