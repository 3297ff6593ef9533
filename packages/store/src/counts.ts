// What a store counts: one table, for the metrics of daemons and the page of this package.
import type { RecordCounters, Store, StoreCounters } from './store.ts'
import type { Used } from './stores/content/items.ts'
import type { OpeningsUsed } from './stores/openings.ts'

interface UsedBy {
  readonly content: Used
  readonly openings: OpeningsUsed
}

export interface StoreMeasure {
  readonly value: number
  readonly labels: Readonly<Record<string, string>>
}

export interface StoreCount {
  readonly name: string
  readonly help: string
  readonly labels: readonly string[]
  readonly read: (counters: StoreCounters, used: UsedBy) => readonly StoreMeasure[]
}

const one = (value: number): readonly StoreMeasure[] => [{ value, labels: {} }]

const ofAreas =
  (what: keyof RecordCounters): StoreCount['read'] =>
  ({ kept, bulk }) => [
    { value: kept[what], labels: { area: 'kept' } },
    { value: bulk[what], labels: { area: 'bulk' } },
  ]

export const STORE_COUNTS: readonly StoreCount[] = [
  {
    name: 'store_transactions',
    help: 'Transactions that became durable, in this run.',
    labels: ['area'],
    read: ofAreas('transactions'),
  },
  {
    name: 'store_writes',
    help: 'Synced writes that carried them, in this run.',
    labels: ['area'],
    read: ofAreas('writes'),
  },
  {
    name: 'store_failures',
    help: 'Writes that failed, in this run: a disk that is full or ill.',
    labels: ['area'],
    read: ofAreas('failures'),
  },
  {
    name: 'store_skipped',
    help: 'Damaged records passed over, in this run: others hold them too.',
    labels: ['area'],
    read: ofAreas('skipped'),
  },
  {
    name: 'store_discarded',
    help: '1 when bulk was damaged at the start, and begun again.',
    labels: [],
    read: ({ bulkDiscarded }) => one(Number(bulkDiscarded)),
  },
  {
    name: 'store_damaged',
    help: '1 when damage showed in bulk in this run: the next start begins it again.',
    labels: [],
    read: ({ bulkDamaged }) => one(Number(bulkDamaged)),
  },
  {
    name: 'store_content_bytes',
    help: 'Bytes of content on disk.',
    labels: [],
    read: (_, { content }) => one(content.bytes),
  },
  {
    name: 'store_content_items',
    help: 'Items of content on disk.',
    labels: [],
    read: (_, { content }) => one(content.items),
  },
  {
    name: 'store_content_evicted',
    help: 'Items of content let go for newer ones, in this run.',
    labels: [],
    read: ({ content }) => one(content.evicted),
  },
  {
    name: 'store_content_refused',
    help: 'Items of content for which there was no room, in this run.',
    labels: [],
    read: ({ content }) => one(content.refused),
  },
  {
    name: 'store_content_damaged',
    help: 'Items of content found damaged and let go, in this run.',
    labels: [],
    read: ({ content }) => one(content.damaged),
  },
  {
    name: 'store_openings_bytes',
    help: "Bytes of others' openings on disk.",
    labels: [],
    read: (_, { openings }) => one(openings.bytes),
  },
  {
    name: 'store_openings_items',
    help: "Others' openings on disk.",
    labels: [],
    read: (_, { openings }) => one(openings.items),
  },
]

type Watched = Pick<Store, 'counters'> &
  Readonly<Record<'content' | 'openings', Pick<Store['openings'], 'used'>>>

/** Makes a number that is read whenever somebody looks, as the metrics of a daemon do. */
type MakeMeasure = (
  count: Pick<StoreCount, 'name' | 'help' | 'labels'>,
  read: () => Promise<readonly StoreMeasure[]>,
) => void

/** One for each row of the table. */
export function measureStore(store: Watched, measure: MakeMeasure): void {
  const used = async (): Promise<UsedBy> => ({
    content: await store.content.used(),
    openings: await store.openings.used(),
  })
  for (const count of STORE_COUNTS) measure(count, async () => count.read(store.counters(), await used()))
}
