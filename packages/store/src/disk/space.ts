// What a database takes, and whether there is space to open it again. That is asked before it is closed: one that could
// not be opened could not even be read.
import { readdir, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { diskFull } from './level-errors.ts'
import { isMissing } from './missing.ts'

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
  const needed = SPARE_BYTES + (await bytesOf(folder, (name) => name.endsWith('.log')))
  const free = await freeIn(folder)
  if (free < needed) throw diskFull(folder, `${free} bytes are free, and ${needed} are needed to write again`)
}

/** Of all files of a folder, or some of them. */
export async function bytesOf(
  folder: string,
  wanted: (name: string) => boolean = () => true,
): Promise<number> {
  let bytes = 0
  for (const name of (await readdir(folder)).filter(wanted)) bytes += await bytesOfFile(join(folder, name))
  return bytes
}

async function bytesOfFile(path: string): Promise<number> {
  try {
    return (await stat(path)).size
  } catch (error) {
    // LevelDB took it away meanwhile: it was merged into another.
    if (isMissing(error)) return 0
    throw error
  }
}
