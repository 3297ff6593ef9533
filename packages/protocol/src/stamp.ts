// The stamp of an enrolment: a little proof of work, so that identities are not free. Enrolments with the best stamps
// enter first when there are too many.
import { viewOf } from './bytes.ts'
import { enrolmentCodec } from './codecs.ts'
import { messageHash } from './hash.ts'
import type { Enrolment } from './messages.ts'

/** Where the stamp stands in an enrolment's bytes: behind three keys, two offsets and four numbers of 8 bytes. */
const STAMP_AT = 3 * 32 + 2 * 4 + 4 * 8

export function stampHash(networkId: Uint8Array, message: Uint8Array): Uint8Array {
  return messageHash('pw/enrol-stamp', networkId, message)
}

export function leadingZeroBits(hash: Uint8Array): number {
  const at = hash.findIndex((byte) => byte !== 0)
  return at === -1 ? 8 * hash.length : 8 * at + Math.clz32(hash[at] ?? 0) - 24
}

export interface MintOptions {
  readonly stampBits: number
  /** The first number to try. */
  readonly from: bigint
  /** How many to try before coming back, so that the caller can do something else in between. */
  readonly steps: number
}

/** The enrolment with a good stamp, or the number to go on from. */
export type Minted = { readonly enrolment: Enrolment } | { readonly next: bigint }

export function mintStamp(enrolment: Enrolment, { stampBits, from, steps }: MintOptions): Minted {
  const message = enrolmentCodec.encode({ ...enrolment, stamp: from })
  const view = viewOf(message)
  const end = from + BigInt(steps)
  for (let stamp = from; stamp < end; stamp++) {
    view.setBigUint64(STAMP_AT, stamp, true)
    if (leadingZeroBits(stampHash(enrolment.networkId, message)) >= stampBits) {
      return { enrolment: { ...enrolment, stamp } }
    }
  }
  return { next: end }
}
