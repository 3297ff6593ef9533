// Which form the records of an area have and whose they are. An older form is migrated step by step; a newer one is refused.
import { equalBytes, toHex } from '@piecework/protocol'
import { StoreError } from './errors.ts'
import type { Transaction } from './records/group.ts'
import { metaKey, readU64be, u64be } from './records/keys.ts'
import type { Records } from './records/records.ts'

export interface Step {
  readonly changes: readonly { readonly key: Uint8Array; readonly body: Uint8Array | undefined }[]
  /** Where the next step begins; undefined after the last. */
  readonly next: Uint8Array | undefined
}

/** A bounded step on the way from one form to the next. Each becomes durable together with how far it got. */
export type Migration = (records: Records, cursor: Uint8Array) => Promise<Step>

/**
 * In order, from the first form on. Each area has its own, and with them a form of its own: the sections of the two have
 * the same numbers, so that what is meant for one would write over something else in the other.
 */
export interface Migrations {
  readonly kept: readonly Migration[]
  readonly bulk: readonly Migration[]
}

export const MIGRATIONS: Migrations = { kept: [], bulk: [] }

const FIRST_FORM = 1

/** The form that these lead to, which is the one that is read and written. */
export function formAfter(migrations: readonly Migration[]): number {
  return FIRST_FORM + migrations.length
}

const VERSION_KEY = metaKey('version')
const NETWORK_KEY = metaKey('network')
const PROGRESS_KEY = metaKey('progress')

export interface Schema {
  readonly networkId: Uint8Array
  /** Of this area. */
  readonly migrations: readonly Migration[]
  /** For messages. */
  readonly where: string
}

/** New records get this form; older ones are migrated; others are refused with the reason. */
export async function settleSchema(records: Records, schema: Schema): Promise<void> {
  const { networkId, migrations } = schema
  const form = await formIn((key) => records.get(key), schema)
  if (form === undefined) {
    const version = formAfter(migrations)
    await records.transact(async (transaction) => putSchema(transaction, { version, networkId }))
    return
  }
  await requireNetwork(records, schema)
  for (const [before, migration] of migrations.entries()) {
    const to = FIRST_FORM + before + 1
    if (to > form) await migrate(records, migration, to)
  }
}

export function putSchema(
  transaction: Transaction,
  { version, networkId }: { readonly version: number; readonly networkId: Uint8Array },
): void {
  transaction.put(VERSION_KEY, u64be(version))
  transaction.put(NETWORK_KEY, networkId)
}

/** Before anything else is read: of a newer form not even the checks are known. */
export async function refuseNewer(records: Records, schema: Schema): Promise<void> {
  await formIn((key) => records.wholeOf(key), schema)
}

/** Undefined in new records. What is on its way to the next form is no longer of this one: only who knows the next reads it. */
async function formIn(
  read: (key: Uint8Array) => Promise<Uint8Array | undefined>,
  { migrations, where }: Schema,
): Promise<number | undefined> {
  const version = formAfter(migrations)
  const said = await read(VERSION_KEY)
  if (said === undefined) return undefined
  const form = readU64be(said)
  const stored = (await read(PROGRESS_KEY)) === undefined ? form : form + 1
  if (stored <= version) return form
  const message = `${where} was written by a newer Piecework (form ${stored}, this one reads up to ${version}): install that version or a newer one.`
  throw new StoreError('store/newer', message, { stored, version })
}

async function requireNetwork(records: Records, { networkId, where }: Schema): Promise<void> {
  const stored = (await records.get(NETWORK_KEY)) ?? new Uint8Array()
  if (equalBytes(stored, networkId)) return
  const message = `${where} belongs to network ${toHex(stored)}, not ${toHex(networkId)}: give every network a folder of its own.`
  throw new StoreError('store/other-network', message, { stored: toHex(stored), wanted: toHex(networkId) })
}

async function migrate(records: Records, step: Migration, to: number): Promise<void> {
  for (let cursor = await records.get(PROGRESS_KEY); ; ) {
    const { changes, next } = await step(records, cursor ?? new Uint8Array())
    await records.transact(async (transaction) => {
      for (const { key, body } of changes) {
        if (body === undefined) transaction.delete(key)
        else transaction.put(key, body)
      }
      if (next === undefined) {
        transaction.put(VERSION_KEY, u64be(to))
        transaction.delete(PROGRESS_KEY)
      } else transaction.put(PROGRESS_KEY, next)
    })
    if (next === undefined) return
    cursor = next
  }
}
