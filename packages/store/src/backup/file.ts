// A backup as a file: there as a whole under its name, or not at all.
import { createReadStream } from 'node:fs'
import { open, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { diskError } from '../disk/level-errors.ts'
import { syncFolder } from '../disk/witness.ts'

/** Readable by its owner alone: settings may say who someone is. */
const MODE = 0o600

export async function writeBackupFile(path: string, backup: AsyncIterable<Uint8Array>): Promise<void> {
  const partial = `${path}.partial`
  try {
    const file = await open(partial, 'w', MODE)
    try {
      for await (const bytes of backup) await file.appendFile(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(partial, path)
    await syncFolder(dirname(path))
  } catch (error) {
    throw diskError(error, path)
  }
}

export async function* readBackupFile(path: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(path)
  } catch (error) {
    throw diskError(error, path)
  }
}
