// The token of a daemon's API: whoever can read its file may change what the daemon does.
import { readFile } from 'node:fs/promises'
import { ApiError } from './errors.ts'
import { type RandomBytes, writeOnce } from './key-file.ts'

const TOKEN_BYTES = 32

export async function readOrMakeToken(file: string, random: RandomBytes): Promise<string> {
  const token = Buffer.from(random(TOKEN_BYTES)).toString('base64url')
  try {
    await writeOnce(file, `${token}\n`)
    return token
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'key/exists') throw error
    return (await readFile(file, 'utf8')).trim()
  }
}
