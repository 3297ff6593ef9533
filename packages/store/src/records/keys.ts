// How records are addressed: one byte says what it is, then fixed fields, numbers with the highest byte first, so that
// the order of keys is the order of numbers.
import { concat, viewOf } from '@piecework/protocol'
import type { Range } from '../disk/disk.ts'

/** What this machine can't get again from anybody. */
export const KEPT = {
  meta: 0,
  guard: 1,
  receipts: 2,
  openings: 3,
  settings: 4,
  acks: 5,
  evidence: 6,
} as const

/** What others hold too: damaged or gone, it is fetched again. */
export const BULK = {
  meta: 0,
  content: 1,
  contentOrder: 2,
  chunks: 3,
  unfinished: 4,
  pages: 5,
  manifests: 6,
  unfinishedState: 7,
  batches: 8,
  duties: 9,
  results: 10,
  openings: 11,
} as const

/** Single records, which lie in the section `meta` of either. */
const META = {
  version: 1,
  network: 2,
  restoring: 3,
  progress: 4,
  floor: 5,
  contentUsed: 6,
  contentNextId: 7,
  openingsUsed: 8,
  begun: 9,
} as const

export function u32be(value: number): Uint8Array {
  const bytes = new Uint8Array(4)
  viewOf(bytes).setUint32(0, value)
  return bytes
}

export function u64be(value: number): Uint8Array {
  const bytes = new Uint8Array(8)
  viewOf(bytes).setBigUint64(0, BigInt(value))
  return bytes
}

export function readU64be(bytes: Uint8Array, offset = 0): number {
  return Number(viewOf(bytes).getBigUint64(offset))
}

export function keyOf(section: number, ...parts: readonly Uint8Array[]): Uint8Array {
  return concat([Uint8Array.of(section), ...parts])
}

export function metaKey(name: keyof typeof META): Uint8Array {
  return keyOf(KEPT.meta, Uint8Array.of(META[name]))
}

/** All keys that begin with this one. */
export function under(prefix: Uint8Array): Range {
  return { from: prefix, to: after(prefix) }
}

/** The keys of a section, for sections whose keys begin with an epoch: the one epoch up to the other, excluded. */
export function epochs(section: number, from: number, before: number): Range {
  return { from: keyOf(section, u64be(from)), to: keyOf(section, u64be(before)) }
}

/** The first key behind all that begin with `prefix`. */
export function after(prefix: Uint8Array): Uint8Array {
  const next = prefix.slice()
  for (let i = next.length - 1; i >= 0; i--) {
    const byte = next[i] ?? 0
    if (byte < 0xff) {
      next[i] = byte + 1
      return next.subarray(0, i + 1)
    }
  }
  return Uint8Array.of(0xff)
}

/** The first key behind this one. */
export function behind(key: Uint8Array): Uint8Array {
  return concat([key, Uint8Array.of(0)])
}
