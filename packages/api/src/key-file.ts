// Key files: the JSON form of Solana's command line, a list of 64 numbers (secret, then public bytes). They are written
// once, for their owner alone, and never over another.
import { open, readFile, stat } from 'node:fs/promises'
import { keyFromSecret } from '@piecework/protocol'
import { z } from 'zod'
import { ApiError, sentenceOf, systemCode } from './errors.ts'

const SECRET_BYTES = 32
const PAIR_BYTES = 64
const OWNER_ONLY = 0o600
/** Anybody else's right to read or write. */
const OTHERS = 0o077

const keyForm = z.array(z.int().min(0).max(255)).length(PAIR_BYTES)

/** Bytes that nobody can guess. */
export type RandomBytes = (bytes: number) => Uint8Array

/** The secret of 32 bytes. */
export async function readKeyFile(file: string): Promise<Uint8Array> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') throw unreadable(file, 'there is no such file')
    throw unreadable(file, sentenceOf(error))
  })
  const { mode } = await stat(file)
  if ((mode & OTHERS) !== 0) {
    const how = `chmod 600 ${file}`
    throw new ApiError('key/open-to-others', `Others may read the key file ${file}: run ${how}`, { file })
  }
  return secretIn(file, text)
}

/** Durable before it resolves; refuses to write over a file. */
export async function writeKeyFile(file: string, secret: Uint8Array): Promise<void> {
  const { publicKey } = keyFromSecret(secret)
  await writeOnce(file, `${JSON.stringify([...secret, ...publicKey])}\n`)
}

/** The key of the file; a new one where there is none yet. */
export async function readOrMakeKeyFile(file: string, random: RandomBytes): Promise<Uint8Array> {
  try {
    const secret = random(SECRET_BYTES)
    await writeKeyFile(file, secret)
    return secret
  } catch (error) {
    if (error instanceof ApiError && error.code === 'key/exists') return readKeyFile(file)
    throw error
  }
}

/** A secret as text, for its owner alone: a token, a key. */
export async function writeOnce(file: string, text: string): Promise<void> {
  const handle = await open(file, 'wx', OWNER_ONLY).catch((error: unknown) => {
    if (systemCode(error) === 'EEXIST') {
      throw new ApiError('key/exists', `${file} is there already, and is kept. Name another file.`, { file })
    }
    throw unreadable(file, sentenceOf(error))
  })
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function secretIn(file: string, text: string): Uint8Array {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw unreadable(file, 'it is no list of 64 numbers')
  }
  const bytes = keyForm.safeParse(value)
  if (!bytes.success) throw unreadable(file, 'it is no list of 64 numbers')
  const secret = Uint8Array.from(bytes.data.slice(0, SECRET_BYTES))
  const { publicKey } = keyFromSecret(secret)
  if (Buffer.compare(publicKey, Uint8Array.from(bytes.data.slice(SECRET_BYTES))) !== 0) {
    throw unreadable(file, 'its public half is of another key')
  }
  return secret
}

function unreadable(file: string, why: string): ApiError {
  return new ApiError('key/unreadable', `The key file ${file} can't be used: ${why}. Name another.`, { file })
}
