// What a machine can't lose, in one stream: the guard, the receipts of open epochs with what opens them, the settings.
import { equalBytes } from '@piecework/protocol'
import type { Range } from '../disk/disk.ts'
import { StoreError } from '../errors.ts'
import { after, KEPT, keyOf, metaKey, readU64be, u64be, under } from '../records/keys.ts'
import type { Found, Records } from '../records/records.ts'
import { formAfter, MIGRATIONS, putSchema } from '../schema.ts'
import { beginIn, FLOOR_KEY, raiseFloorIn } from '../stores/guard.ts'
import { decodeBackup, encodeBackup, type Header, invalid } from './format.ts'

/** Records of one write of a restore. */
const WRITE_RECORDS = 64

/** An epoch as a u64. */
const FLOOR_BYTES = 8

const RESTORING_KEY = metaKey('restoring')
/** All but what the store says about itself. */
const EVERYTHING: Range = { from: keyOf(KEPT.guard), to: keyOf(KEPT.evidence + 1) }

const epochsFrom = (section: number, from: number): Range => ({
  from: keyOf(section, u64be(from)),
  to: after(keyOf(section)),
})

export function backup(records: Records, header: Header, fromEpoch: number): AsyncIterable<Uint8Array> {
  return encodeBackup(header, worthKeeping(records, fromEpoch))
}

/** The guard last: what is signed while this runs is in it at least as surely as in the log. */
async function* worthKeeping(records: Records, fromEpoch: number): AsyncGenerator<Found> {
  yield* records.scan(epochsFrom(KEPT.receipts, fromEpoch))
  yield* records.scan(epochsFrom(KEPT.openings, fromEpoch))
  yield* records.scan(under(keyOf(KEPT.settings)))
  yield* records.scan(under(FLOOR_KEY))
  yield* records.scan(under(keyOf(KEPT.guard)))
}

export interface Restore {
  readonly networkId: Uint8Array
  readonly backup: AsyncIterable<Uint8Array>
  /**
   * Nothing new is signed before this epoch, because the backup may be older than the last signature: the epoch after
   * the one that runs now.
   */
  readonly signFromEpoch: number
}

/** Into records that are empty, or hold what a restore that was cut short has left. */
export async function restoreInto(records: Records, restore: Restore): Promise<void> {
  if (await isRestoring(records)) await records.clear(EVERYTHING)
  await requireEmpty(records)
  const floor = await writeAll(records, restore)
  await records.transact(async (transaction) => {
    await beginIn(transaction, restore.signFromEpoch)
    await raiseFloorIn(transaction, Math.max(floor, restore.signFromEpoch))
    transaction.delete(RESTORING_KEY)
  })
}

/** Gives the floor that stands in the backup: it counts once all of it is known to be whole, since nothing lowers one. */
async function writeAll(records: Records, restore: Restore): Promise<number> {
  let version = formAfter(MIGRATIONS.kept)
  let floor = 0
  let waiting: Found[] = []
  const write = async (): Promise<void> => {
    const found = waiting
    waiting = []
    await records.transact(async (transaction) => {
      for (const { key, body } of found) transaction.put(key, body)
    })
  }
  // Nothing is changed for a file that is none, or another network's.
  const begin = async (header: Header): Promise<void> => {
    checkHeader(header, restore)
    version = header.version
    await records.transact(async (transaction) => transaction.put(RESTORING_KEY, new Uint8Array()))
  }
  for await (const found of decodeBackup(restore.backup, begin)) {
    if (!mayHold(found.key)) throw invalid('it has records that no backup has')
    if (equalBytes(found.key, FLOOR_KEY)) floor = floorOf(found)
    else waiting.push(found)
    if (waiting.length === WRITE_RECORDS) await write()
  }
  await write()
  // Of an older form, it is migrated when it is opened.
  await records.transact(async (transaction) =>
    putSchema(transaction, { version, networkId: restore.networkId }),
  )
  return floor
}

function floorOf({ body }: Found): number {
  if (body.length !== FLOOR_BYTES) throw invalid('its floor for signing is none')
  return readU64be(body)
}

export async function requireRestored(records: Records): Promise<void> {
  if (!(await isRestoring(records))) return
  const message = 'A backup was being restored here, and that was cut short: restore it again.'
  throw new StoreError('backup/unfinished', message)
}

async function isRestoring(records: Records): Promise<boolean> {
  return (await records.get(RESTORING_KEY)) !== undefined
}

async function requireEmpty(records: Records): Promise<void> {
  for await (const _ of records.scan({ ...EVERYTHING, limit: 1 })) {
    throw new StoreError(
      'backup/not-empty',
      'A backup is restored into an empty store only: give it a new folder.',
    )
  }
}

function checkHeader({ version, networkId }: Header, restore: Restore): void {
  if (version > formAfter(MIGRATIONS.kept)) throw invalid(`a newer Piecework made it (form ${version})`)
  if (!equalBytes(networkId, restore.networkId)) throw invalid('it is of another network')
}

function mayHold(key: Uint8Array): boolean {
  const section = key[0]
  const sections: readonly (number | undefined)[] = [KEPT.guard, KEPT.receipts, KEPT.openings, KEPT.settings]
  return sections.includes(section) || equalBytes(key, FLOOR_KEY)
}
