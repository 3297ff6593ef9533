// One process per ledger folder: a file with the owner's process id. A dead owner's lock is taken over.
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LocalnetError } from '../errors.ts'

/** Of taking over from a dead owner, which others may be trying at the same time. */
const TRIES = 5

export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const file = join(folder, 'lock')
  const mine = join(folder, `lock-${process.pid}`)
  await writeFile(mine, `${process.pid}\n`)
  try {
    await take(file, mine, folder)
  } finally {
    await rm(mine, { force: true })
  }
  return () => rm(file, { force: true })
}

/** A link is made whole or not at all, so that of two that begin at once one is told of the other. */
async function take(file: string, mine: string, folder: string): Promise<void> {
  for (let tried = 0; tried < TRIES; tried++) {
    try {
      await link(mine, file)
      return
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    }
    const owner = await ownerIn(file)
    if (owner !== undefined) throw inUse(folder, owner)
    await clear(file, `${mine}-dead`)
  }
  throw inUse(folder, undefined)
}

/** A process that lives and is another one. */
async function ownerIn(file: string): Promise<number | undefined> {
  const owner = Number(await readFile(file, 'utf8').catch(() => ''))
  return Number.isSafeInteger(owner) && owner > 0 && owner !== process.pid && isAlive(owner)
    ? owner
    : undefined
}

/** Moved away before it goes: in the meantime somebody else may have put a lock of his own in its place. */
async function clear(file: string, aside: string): Promise<void> {
  await rename(file, aside).catch(() => undefined)
  if ((await ownerIn(aside)) !== undefined) await link(aside, file).catch(() => undefined)
  await rm(aside, { force: true })
}

function inUse(folder: string, owner: number | undefined): LocalnetError {
  const who = owner === undefined ? 'another process' : `process ${owner}`
  const message = `The ledger in ${folder} is in use by ${who}. Stop it, or choose another --ledger folder.`
  return new LocalnetError('ledger/locked', message, { folder, owner })
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
