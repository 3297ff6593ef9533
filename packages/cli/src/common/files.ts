// Files that commands read and write, with sentences where they can't.
import { access, mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { CliError } from '../errors.ts'

function why(error: unknown): string {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 'there is no such file'
  return error instanceof Error ? error.message : String(error)
}

export async function readBytes(file: string): Promise<Uint8Array> {
  try {
    return new Uint8Array(await readFile(file))
  } catch (error) {
    throw new CliError('usage', `${file} can't be read: ${why(error)}.`, { cause: error })
  }
}

export async function readText(file: string): Promise<string> {
  return Buffer.from(await readBytes(file)).toString('utf8')
}

/** With the folders above it. Refuses to write over a file. */
export async function writeNew(file: string, content: string | Uint8Array): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, content, { flag: 'wx' })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') {
      throw new CliError('usage', `${file} is there already, and is kept. Name another place.`)
    }
    throw new CliError('failed', `${file} can't be written: ${why(error)}.`, { cause: error })
  }
}

/** Whole or not at all. */
export async function replace(file: string, content: string | Uint8Array): Promise<void> {
  const beside = `${file}.new`
  await writeFile(beside, content, { flush: true })
  await rename(beside, file)
}

export async function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  )
}
