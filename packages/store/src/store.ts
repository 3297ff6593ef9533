// The store of one daemon, put together from what it can't lose and what it can fetch again.
import { backup, requireRestored } from './backup/backup.ts'
import type { RecordCounters, Records } from './records/records.ts'
import { formAfter, MIGRATIONS, type Migrations, refuseNewer, type Schema, settleSchema } from './schema.ts'
import { type AckStore, ackStore } from './stores/acks.ts'
import { type BatchStore, batchStore } from './stores/batches.ts'
import { dropUnfinishedPuts } from './stores/content/put.ts'
import { type ContentCounters, type ContentStore, contentStore } from './stores/content.ts'
import { type EpochFiles, epochFiles } from './stores/epoch-files.ts'
import { type EvidenceStore, evidenceStore } from './stores/evidence.ts'
import { type SigningGuard, signingGuard } from './stores/guard.ts'
import { moveOpenings, type OpeningStore, openingStore } from './stores/openings.ts'
import { type ReceiptLog, receiptLog } from './stores/receipts.ts'
import { type Settings, settings } from './stores/settings.ts'
import { type StateStore, stateStore } from './stores/states.ts'

export interface StoreOptions {
  /** A store belongs to one network; another's is refused. */
  readonly networkId: Uint8Array
  /** Bytes of content to keep, pinned and not. */
  readonly contentQuotaBytes: number
  /** Final states to keep, at least 1. */
  readonly retainStates: number
  /** Everybody's batches and outputs come here: bulk gathers 8 MB in memory before it writes a table, in place of 2. */
  readonly takesAll?: boolean
  /** From older forms of what lies on disk, where they are others than this code's own: tests bring some. */
  readonly migrations?: Migrations
}

export interface StoreCounters {
  /** Transactions, the synced writes that carried them, and writes that failed. */
  readonly kept: RecordCounters
  readonly bulk: RecordCounters
  readonly content: ContentCounters
  /** Whether what can be fetched again was thrown away at the start, because it was damaged. */
  readonly bulkDiscarded: boolean
  /** Whether damage showed in it since then: the next start throws it away. */
  readonly bulkDamaged: boolean
}

export interface Store {
  readonly receipts: ReceiptLog
  readonly guard: SigningGuard
  readonly settings: Settings
  readonly acks: AckStore
  readonly evidence: EvidenceStore
  readonly batches: BatchStore
  readonly content: ContentStore
  /** What others delivered, to be checked and given to requesters. */
  readonly openings: OpeningStore
  /** Own inventories, reports and proposals. */
  readonly duties: EpochFiles
  /** What became of each stint, by the epoch in which that was decided. */
  readonly results: EpochFiles
  readonly states: StateStore
  /** What this machine can't lose: guard, settings, and from this epoch on receipts with what opens them. */
  backup(fromEpoch: number): AsyncIterable<Uint8Array>
  counters(): StoreCounters
  /** Bytes on disk. */
  sizes(): Promise<Readonly<Record<'kept' | 'bulk', number>>>
  /** What is under way is still written. Closing twice is closing once. */
  close(): Promise<void>
}

export interface Parts {
  readonly kept: Records
  readonly bulk: Records
  readonly bulkDiscarded: boolean
}

export function schemaOf(
  { networkId, migrations = MIGRATIONS }: StoreOptions,
  area: keyof Migrations,
  where: string,
): Schema {
  return { networkId, where, migrations: migrations[area] }
}

/** `verify` looks at all records before any is changed, where that is worth it. */
export async function settle(records: Records, schema: Schema, verify: () => Promise<void>): Promise<void> {
  await refuseNewer(records, schema)
  await verify()
  await requireRestored(records)
  await settleSchema(records, schema)
}

/** What can be fetched again needs no look at all of it, and what was not put to its end goes. */
export async function settleBulk(bulk: Records, schema: Schema): Promise<void> {
  await settle(bulk, schema, async () => {})
  await dropUnfinishedPuts(bulk)
}

export async function assemble({ kept, bulk, bulkDiscarded }: Parts, options: StoreOptions): Promise<Store> {
  const content = contentStore(bulk, { quotaBytes: options.contentQuotaBytes })
  const openings = openingStore(bulk)
  const { networkId, migrations = MIGRATIONS } = options
  const header = { version: formAfter(migrations.kept), networkId }
  if (options.takesAll === true) await moveOpenings(kept, openings)
  return {
    receipts: receiptLog(kept),
    guard: signingGuard(kept),
    settings: settings(kept),
    acks: ackStore(kept),
    evidence: evidenceStore(kept),
    batches: batchStore(bulk),
    content,
    openings,
    duties: epochFiles(bulk, 'duties'),
    results: epochFiles(bulk, 'results'),
    states: stateStore(bulk, options),
    backup: (fromEpoch) => backup(kept, header, fromEpoch),
    counters: () => ({
      kept: kept.counters,
      bulk: bulk.counters,
      content: content.counters(),
      bulkDiscarded,
      bulkDamaged: bulk.damaged,
    }),
    sizes: async () => ({ kept: await kept.size(), bulk: await bulk.size() }),
    async close() {
      await bulk.close()
      await kept.close()
    },
  }
}
