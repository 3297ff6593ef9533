// Real keys and real chains of signed batches.
import { keyFromSecret, verifySignature } from '#ed25519'
import { type HeldBatch, readBatch, signBatch } from '../../src/batch.ts'
import type { SigningKey } from '../../src/ed25519-rule.ts'
import { ZERO_HASH } from '../../src/hash.ts'
import type { Row } from '../../src/messages.ts'
import type { Verify } from '../../src/verify.ts'

export const NETWORK: Uint8Array = new Uint8Array(32).fill(7)
export const EPOCH = 3
export const verify: Verify = verifySignature

export function keyOf(number: number): SigningKey {
  const secret = new Uint8Array(32).fill(1)
  new DataView(secret.buffer).setUint32(0, number, true)
  return keyFromSecret(secret)
}

export interface BatchOptions {
  readonly key: SigningKey
  readonly after?: HeldBatch | undefined
  readonly networkId?: Uint8Array
  readonly epoch?: number
  readonly seq?: number
  readonly rows?: readonly Row[]
}

export const ROW: Row = { job: 1, task: 2, units: 3, at: 4, commit: new Uint8Array(32).fill(5) }

export function batchAfter(options: BatchOptions): HeldBatch {
  const { key, after, networkId = NETWORK, epoch = EPOCH, rows = [ROW] } = options
  const seq = options.seq ?? (after === undefined ? 0 : after.seq + 1)
  const batch = { networkId, epoch, nodeKey: key.publicKey, seq, prev: after?.hash ?? ZERO_HASH, rows }
  return readBatch(signBatch(batch, key.sign))
}

export function chainOf(key: SigningKey, length: number, task = 0): HeldBatch[] {
  const batches: HeldBatch[] = []
  while (batches.length < length) {
    batches.push(batchAfter({ key, after: batches.at(-1), rows: [{ ...ROW, task: task + batches.length }] }))
  }
  return batches
}

/** The element that a test has put there. */
export function at<T>(list: readonly T[], index: number): T {
  const value = list.at(index)
  if (value === undefined) throw new RangeError(`the test has nothing at ${index}`)
  return value
}
