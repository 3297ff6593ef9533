// What all kept records come to: how many there are, the XOR of their seals, and how many writes made them. LevelDB
// drops damaged parts of its log without a word; then records and tally no longer agree.
import { concat, readU64, u64le } from '@piecework/protocol'
import { SEAL_BYTES } from './seal.ts'

export interface Tally {
  /** Writes so far: what the witness outside the database is told. */
  readonly writes: bigint
  readonly records: bigint
  readonly seals: Uint8Array
}

export const EMPTY_TALLY: Tally = { writes: 0n, records: 0n, seals: new Uint8Array(SEAL_BYTES) }

/** With one record's sealed value (if it had one) replaced by another (if it has one). */
export function retallied(
  { writes, records, seals }: Tally,
  before: Uint8Array | undefined,
  after: Uint8Array | undefined,
): Tally {
  const sum = seals.slice()
  for (const value of [before, after]) {
    if (value === undefined) continue
    for (let i = 0; i < SEAL_BYTES; i++) sum[i] = (sum[i] ?? 0) ^ (value[i] ?? 0)
  }
  const change = (after === undefined ? 0n : 1n) - (before === undefined ? 0n : 1n)
  return { writes, records: records + change, seals: sum }
}

export function encodeTally({ writes, records, seals }: Tally): Uint8Array {
  return concat([u64le(writes), u64le(records), seals])
}

export function decodeTally(bytes: Uint8Array): Tally {
  return { writes: readU64(bytes), records: readU64(bytes, 8), seals: bytes.slice(16, 16 + SEAL_BYTES) }
}
