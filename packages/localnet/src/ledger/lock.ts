// One process per ledger folder: a file with the owner's process id. A dead owner's lock is taken over.
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LocalnetError } from '../errors.ts'

export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const file = join(folder, 'lock')
  const owner = Number(await readFile(file, 'utf8').catch(() => ''))
  if (Number.isSafeInteger(owner) && owner > 0 && owner !== process.pid && isAlive(owner)) {
    const message = `The ledger in ${folder} is in use by process ${owner}. Stop it, or choose another --ledger folder.`
    throw new LocalnetError('ledger/locked', message, { folder, owner })
  }
  await writeFile(file, `${process.pid}\n`)
  return () => rm(file, { force: true })
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
