// What LevelDB says when something fails, as errors that say what to do.
import { StoreError } from '../errors.ts'

/** As the C library words it for ENOSPC, EDQUOT and EFBIG: LevelDB hands on its text and no number. */
const FULL = /No space left on device|Disk quota exceeded|File too large/i

const LOCKED = new Set(['LEVEL_LOCKED'])
const CORRUPT = new Set(['LEVEL_CORRUPTION', 'LEVEL_INVALID_ARGUMENT'])
const NOT_OPEN = new Set(['LEVEL_DATABASE_NOT_OPEN', 'LEVEL_ITERATOR_NOT_OPEN'])

/** LevelDB's own words for a database whose files do not fit together; of a file that is not LevelDB's they say nothing. */
const BROKEN =
  /corrupt|missing files|no meta|not end with newline|checksum|bad record|does not exist|No such file/i

export function diskError(error: unknown, folder: string): StoreError {
  if (error instanceof StoreError) return error
  const chain = causesOf(error)
  const why = chain.map(({ message }) => message).join(': ')
  const has = (codes: ReadonlySet<string>): boolean => chain.some(({ code }) => codes.has(code))
  const context = { folder, why }
  if (FULL.test(why)) return diskFull(folder, why)
  if (has(LOCKED)) {
    const message = `${folder} is in use by another process: stop that one first.`
    return new StoreError('store/locked', message, context)
  }
  const ofLevel = chain.some(({ code }) => code.startsWith('LEVEL_'))
  if (has(CORRUPT) || (ofLevel && BROKEN.test(why))) return corrupt(folder, why)
  // With a cause, it is one that could not be opened.
  if (chain.length === 1 && has(NOT_OPEN))
    return new StoreError('store/closed', `The store in ${folder} is closed.`, context)
  const message = `${folder} can't be read or written (${why}): check the disk and the folder's permissions.`
  return new StoreError('disk/failed', message, context)
}

export function diskFull(folder: string, why: string): StoreError {
  const message = `The disk of ${folder} is full: free some space, then try again. Nothing that was acknowledged is lost.`
  return new StoreError('disk/full', message, { folder, why })
}

export function corrupt(where: string, why: string): StoreError {
  const message =
    `${where} is damaged (${why}). Don't delete it: stop, make a copy of the folder, check the disk, ` +
    'and restore the newest backup into an empty folder; without one, start with an empty folder.'
  return new StoreError('store/corrupt', message, { where, why })
}

interface Cause {
  readonly message: string
  readonly code: string
}

/** An error and what caused it, a few levels deep. */
function causesOf(error: unknown, depth = 0): Cause[] {
  if (!(error instanceof Error)) return [{ message: String(error), code: '' }]
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  const deeper = error.cause === undefined || depth === 3 ? [] : causesOf(error.cause, depth + 1)
  return [{ message: error.message, code }, ...deeper]
}
