// The ledger folder: numbered snapshots, and after each a segment of everything that happened since.
//   snapshot-7.bin   the state when segment 7 began
//   segment-6.log    history only
//   segment-7.log    replayed on start
import { open, readdir, readFile, rename, rm, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import type { ChainRecord } from '../chain/chain.ts'
import { HISTORY_LIMIT } from '../chain/history.ts'
import { KEPT_SLOTS } from '../chain/slots.ts'
import { LocalnetError } from '../errors.ts'
import { Journal, syncFolder } from './journal.ts'
import { lockFolder } from './lock.ts'
import { decodeRecords, encodeRecord, recordFollows } from './record.ts'
import { expendable, type Segment } from './retention.ts'
import { decodeSnapshot, encodeSnapshot, type Snapshot } from './snapshot.ts'

/** A new snapshot after so many bytes or slots keeps the replay at start under a second or two. */
const SEGMENT_BYTES = 4_000_000
const SEGMENT_SLOTS = 2_048

/** Where records go, and what tells that they are safe there. */
export interface Recorder {
  append(record: ChainRecord): void
  durable(): Promise<void>
  /** Whether it is time for a snapshot. */
  readonly snapshotDue: boolean
  snapshot(make: () => Snapshot): void
  close(): Promise<void>
}

/** A chain that lives as long as its process. */
export const memoryRecorder: Recorder = {
  append: () => {},
  durable: () => Promise.resolve(),
  snapshotDue: false,
  snapshot: () => {},
  close: () => Promise.resolve(),
}

export interface Restored {
  readonly snapshot: Snapshot
  /** Records from before the snapshot, for the history alone. */
  readonly past: readonly ChainRecord[]
  /** Records since the snapshot, to be replayed. */
  readonly since: readonly ChainRecord[]
  /** Bytes at the end that were never finished, nor answered. */
  readonly torn: number
}

interface Found {
  /** All but the newest, which goes on. */
  readonly segments: Segment[]
  readonly newest: Segment
  readonly restored: Restored | undefined
}

export class Ledger implements Recorder {
  readonly #folder: string
  readonly #unlock: () => Promise<void>
  readonly #journal: Journal
  readonly #segments: Segment[]
  #current: number
  #bytes = 0
  #slots = 0
  #transactions: number
  #lastSlot: number

  private constructor(folder: string, found: Found, held: { unlock: () => Promise<void>; journal: Journal }) {
    this.#folder = folder
    this.#unlock = held.unlock
    this.#journal = held.journal
    this.#segments = found.segments
    this.#current = found.newest.index
    this.#transactions = found.newest.transactions
    this.#lastSlot = found.newest.lastSlot
  }

  /** The first thing to record afterwards is a snapshot: it begins a new segment. */
  static async open(folder: string): Promise<{ ledger: Ledger; restored: Restored | undefined }> {
    const unlock = await lockFolder(folder)
    try {
      const found = await read(folder)
      const file = await open(segmentFile(folder, found.newest.index), 'a')
      return {
        ledger: new Ledger(folder, found, { unlock, journal: new Journal(file) }),
        restored: found.restored,
      }
    } catch (error) {
      await unlock()
      throw error
    }
  }

  append(record: ChainRecord): void {
    const bytes = encodeRecord(record)
    this.#bytes += bytes.length
    if (record.kind === 'slot') {
      this.#slots += 1
      this.#lastSlot = record.slot
    } else {
      this.#transactions += 1
    }
    this.#journal.append(bytes)
  }

  durable(): Promise<void> {
    return this.#journal.durable()
  }

  get snapshotDue(): boolean {
    return this.#bytes >= SEGMENT_BYTES || this.#slots >= SEGMENT_SLOTS
  }

  snapshot(make: () => Snapshot): void {
    const bytes = encodeSnapshot(make())
    this.#segments.push({ index: this.#current, transactions: this.#transactions, lastSlot: this.#lastSlot })
    this.#current += 1
    this.#bytes = 0
    this.#slots = 0
    this.#transactions = 0
    const next = this.#current
    const neededSlot = this.#lastSlot - KEPT_SLOTS
    this.#journal.switchFile(async () => {
      await writeWhole(this.#folder, snapshotName(next), bytes)
      const file = await open(segmentFile(this.#folder, next), 'a')
      await syncFolder(this.#folder)
      await this.#drop(next, neededSlot)
      return file
    })
  }

  async #drop(current: number, neededSlot: number): Promise<void> {
    for (const name of await readdir(this.#folder)) {
      const index = numberOf(name, /^snapshot-(\d+)\.bin(\.part)?$/)
      if (index !== undefined && index < current) await rm(join(this.#folder, name))
    }
    for (const segment of expendable(this.#segments, { current, limit: HISTORY_LIMIT, neededSlot })) {
      this.#segments.splice(this.#segments.indexOf(segment), 1)
      await rm(segmentFile(this.#folder, segment.index), { force: true })
    }
  }

  async close(): Promise<void> {
    try {
      await this.#journal.close()
    } finally {
      await this.#unlock()
    }
  }
}

async function read(folder: string): Promise<Found> {
  const names = await readdir(folder)
  const snapshots = names.flatMap((name) => numberOf(name, /^snapshot-(\d+)\.bin$/) ?? [])
  const indices = names.flatMap((name) => numberOf(name, /^segment-(\d+)\.log$/) ?? []).sort((a, b) => a - b)
  const base = Math.max(0, ...snapshots)
  if (snapshots.length === 0) {
    // A first start that ended before its first snapshot answered nobody.
    return { segments: [], newest: summary(Math.max(0, ...indices), []), restored: undefined }
  }
  const file = join(folder, snapshotName(base))
  const snapshot = decodeSnapshot(await readFile(file), file)
  const segments: Segment[] = []
  const past: ChainRecord[] = []
  const since: ChainRecord[] = []
  let torn = 0
  for (const index of indices) {
    const { records, left } = await readSegment(folder, index, index === Math.max(...indices))
    torn += left
    for (const record of records) (index < base ? past : since).push(record)
    segments.push(summary(index, records))
  }
  const last = Math.max(base, ...indices)
  const newest = segments.find((segment) => segment.index === last) ?? summary(last, [])
  const older = segments.filter((segment) => segment.index !== last)
  return { segments: older, newest, restored: { snapshot, past, since, torn } }
}

async function readSegment(
  folder: string,
  index: number,
  newest: boolean,
): Promise<{ records: ChainRecord[]; left: number }> {
  const file = segmentFile(folder, index)
  const bytes = await readFile(file)
  const { records, length } = decodeRecords(bytes)
  const left = bytes.length - length
  // What was written last may be unfinished. With a whole record behind it, it was finished, and answered, once.
  if (left > 0 && (!newest || recordFollows(bytes, length + 1))) {
    const message = `${file} is damaged at byte ${length}. Restore it, or start with an empty ledger folder.`
    throw new LocalnetError('ledger/damaged', message, { file, offset: length })
  }
  if (left > 0) await truncate(file, length)
  return { records, left }
}

function summary(index: number, records: readonly ChainRecord[]): Segment {
  const slots = records.filter((record) => record.kind === 'slot')
  return { index, transactions: records.length - slots.length, lastSlot: slots.at(-1)?.slot ?? 0 }
}

/** A file that is either there as a whole or not at all, whatever happens in between. */
async function writeWhole(folder: string, name: string, bytes: Buffer): Promise<void> {
  const draft = join(folder, `${name}.part`)
  const handle = await open(draft, 'w')
  try {
    await handle.writeFile(bytes)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(draft, join(folder, name))
}

function snapshotName(index: number): string {
  return `snapshot-${index}.bin`
}

function segmentFile(folder: string, index: number): string {
  return join(folder, `segment-${index}.log`)
}

function numberOf(name: string, pattern: RegExp): number | undefined {
  const match = pattern.exec(name)
  return match === null ? undefined : Number(match[1])
}
