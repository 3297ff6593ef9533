// Which form the records have and whose they are. An older form is migrated step by step; a newer one is refused.
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

/** From the form before it to this one, in bounded steps. Each becomes durable together with how far it got. */
export interface Migration {
  readonly to: number
  readonly step: (records: Records, cursor: Uint8Array) => Promise<Step>
}

/** The form that this code reads and writes. */
export const SCHEMA_VERSION = 1
/** In order; the first form needs none. */
export const MIGRATIONS: readonly Migration[] = []

const VERSION_KEY = metaKey('version')
const NETWORK_KEY = metaKey('network')
const PROGRESS_KEY = metaKey('progress')

export interface Schema {
  readonly networkId: Uint8Array
  readonly version: number
  readonly migrations: readonly Migration[]
  /** For messages. */
  readonly where: string
}

/** New records get this form; older ones are migrated; others are refused with the reason. */
export async function settleSchema(records: Records, schema: Schema): Promise<void> {
  const { networkId, version } = schema
  const stored = await records.get(VERSION_KEY)
  if (stored === undefined) {
    await records.transact(async (transaction) => putSchema(transaction, { version, networkId }))
    return
  }
  requireNotNewer(readU64be(stored), schema)
  await requireNetwork(records, schema)
  for (const migration of schema.migrations) {
    if (migration.to > readU64be(stored)) await migrate(records, migration)
  }
}

export function putSchema(
  transaction: Transaction,
  { version, networkId }: Pick<Schema, 'version' | 'networkId'>,
): void {
  transaction.put(VERSION_KEY, u64be(version))
  transaction.put(NETWORK_KEY, networkId)
}

/** Before anything else is read: of a newer form not even the checks are known. */
export async function refuseNewer(records: Records, schema: Schema): Promise<void> {
  const stored = await records.wholeOf(VERSION_KEY)
  if (stored !== undefined) requireNotNewer(readU64be(stored), schema)
}

function requireNotNewer(stored: number, { version, where }: Schema): void {
  if (stored <= version) return
  const message = `${where} was written by a newer Piecework (form ${stored}, this one reads up to ${version}): install that version or a newer one.`
  throw new StoreError('store/newer', message, { stored, version })
}

async function requireNetwork(records: Records, { networkId, where }: Schema): Promise<void> {
  const stored = (await records.get(NETWORK_KEY)) ?? new Uint8Array()
  if (equalBytes(stored, networkId)) return
  const message = `${where} belongs to network ${toHex(stored)}, not ${toHex(networkId)}: give every network a folder of its own.`
  throw new StoreError('store/other-network', message, { stored: toHex(stored), wanted: toHex(networkId) })
}

async function migrate(records: Records, { to, step }: Migration): Promise<void> {
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
