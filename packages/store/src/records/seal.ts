// Every record carries a seal: a hash of its key and its bytes. A flipped bit, or a value under another's key, shows.
import { concat, equalBytes, hashOf } from '@piecework/protocol'
import { StoreError } from '../errors.ts'

/** Half of a SHA-256: far more than chance needs, and nobody gains by forging a seal on his own disk. */
export const SEAL_BYTES = 16

export function sealOf(key: Uint8Array, body: Uint8Array): Uint8Array {
  return hashOf([key, body]).subarray(0, SEAL_BYTES)
}

export function sealed(key: Uint8Array, body: Uint8Array): Uint8Array {
  return concat([sealOf(key, body), body])
}

/** The body of a sealed value, as it was written or not at all. */
export function unsealed(key: Uint8Array, value: Uint8Array): Uint8Array {
  const body = value.subarray(SEAL_BYTES)
  if (equalBytes(sealOf(key, body), value.subarray(0, SEAL_BYTES))) return body
  const where = Buffer.from(key).toString('hex')
  throw new StoreError(
    'record/damaged',
    `A record of the store is damaged (key ${where.slice(0, 80)}): check the disk.`,
    { key: where },
  )
}

/** A record, or a file below it, that is not as it was written. */
export function isDamage(error: unknown): boolean {
  return error instanceof StoreError && (error.code === 'record/damaged' || error.code === 'store/corrupt')
}

/** Undefined for a damaged record too, where that is as good as none. */
export async function wholeOrNothing<T>(read: () => Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof StoreError && error.code === 'record/damaged') return undefined
    throw error
  }
}
