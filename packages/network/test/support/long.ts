// Something long, alike in all processes of a test.
import { createHash } from 'node:crypto'
import { PIECE_BYTES } from '@piecework/network'

/** The number of a hub that gives some pieces, says so and then is silent: it is killed in the middle for certain. */
export const KILLED = 66

/** Eight pieces and a short one. */
export const PIECES = 9
export const LONG: Uint8Array = new Uint8Array(8 * PIECE_BYTES + 100).map((_, i) => (i * 7 + (i >> 9)) % 256)

export const sha256 = (bytes: Uint8Array): Uint8Array =>
  new Uint8Array(createHash('sha256').update(bytes).digest())
