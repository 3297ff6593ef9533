// Whether there is space to open a database again. It is asked before the database is closed: one that could not be
// opened could not even be read.
import { readdir, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { diskFull } from './level-errors.ts'

/** For the manifest and the empty log that LevelDB begins with, and for what tables have beside their values. */
const SPARE_BYTES = 262_144

export type FreeBytes = (folder: string) => Promise<number>

export const freeBytes: FreeBytes = async (folder) => {
  const { bavail, bsize, blocks } = await statfs(folder)
  // Some file systems don't say.
  return blocks === 0 ? Number.POSITIVE_INFINITY : bavail * bsize
}

/** LevelDB writes its logs once more, as tables, before it takes them away. */
export async function requireSpace(folder: string, freeIn: FreeBytes): Promise<void> {
  let needed = SPARE_BYTES
  for (const name of (await readdir(folder)).filter((name) => name.endsWith('.log')))
    needed += (await stat(join(folder, name))).size
  const free = await freeIn(folder)
  if (free < needed) throw diskFull(folder, `${free} bytes are free, and ${needed} are needed to write again`)
}
