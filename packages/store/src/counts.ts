// What a store counts: one table, for the metrics of daemons and the page of this package.
import type { RecordCounters } from './records/records.ts'
import type { Store, StoreCounters } from './store.ts'

type Watched = Pick<Store, 'counters' | 'sizes'> &
  Readonly<Record<'content' | 'openings', Pick<Store['openings'], 'used'>>>

export interface StoreMeasure {
  readonly value: number
  readonly labels: Readonly<Record<string, string>>
}

export interface StoreCount {
  readonly name: string
  readonly help: string
  readonly labels: readonly string[]
  /** Each looks at what it needs: what the disk can't tell fails no count of what is in memory. */
  readonly read: (store: Watched) => Promise<readonly StoreMeasure[]>
}

type Read = StoreCount['read']

const one = (value: number): readonly StoreMeasure[] => [{ value, labels: {} }]

const counted =
  (read: (counters: StoreCounters) => number): Read =>
  async (store) =>
    one(read(store.counters()))

const ofAreas =
  (read: (counters: RecordCounters) => number): Read =>
  async (store) => {
    const { kept, bulk } = store.counters()
    return [
      { value: read(kept), labels: { area: 'kept' } },
      { value: read(bulk), labels: { area: 'bulk' } },
    ]
  }

const sizes: Read = async (store) =>
  Object.entries(await store.sizes()).map(([area, value]) => ({ value, labels: { area } }))

const refusals: Read = async (store) => {
  const { kept, bulk } = store.counters()
  return Object.entries({ kept, bulk }).flatMap(([area, { refused }]) =>
    Object.entries(refused).map(([code, value]) => ({ value, labels: { area, code } })),
  )
}

export const STORE_COUNTS: readonly StoreCount[] = [
  {
    name: 'store_transactions',
    help: 'Transactions that became durable, in this run.',
    labels: ['area'],
    read: ofAreas(({ transactions }) => transactions),
  },
  {
    name: 'store_writes',
    help: 'Synced writes that carried them, in this run.',
    labels: ['area'],
    read: ofAreas(({ writes }) => writes),
  },
  {
    name: 'store_failures',
    help: 'Writes that failed, in this run: a disk that is full or ill.',
    labels: ['area'],
    read: ofAreas(({ failures }) => failures),
  },
  {
    name: 'store_refused',
    help: 'Transactions refused, in this run: store/busy, guard/conflict, evidence/full and others.',
    labels: ['area', 'code'],
    read: refusals,
  },
  {
    name: 'store_bytes',
    help: 'Bytes on disk.',
    labels: ['area'],
    read: sizes,
  },
  {
    name: 'store_skipped',
    help: 'Damaged records passed over, in this run: others hold them too.',
    labels: ['area'],
    read: ofAreas(({ skipped }) => skipped),
  },
  {
    name: 'store_discarded',
    help: '1 when bulk was damaged at the start, and begun again.',
    labels: [],
    read: counted(({ bulkDiscarded }) => Number(bulkDiscarded)),
  },
  {
    name: 'store_damaged',
    help: '1 when damage showed in bulk in this run: the next start begins it again.',
    labels: [],
    read: counted(({ bulkDamaged }) => Number(bulkDamaged)),
  },
  {
    name: 'store_content_bytes',
    help: 'Bytes of content on disk.',
    labels: [],
    read: async ({ content }) => one((await content.used()).bytes),
  },
  {
    name: 'store_content_items',
    help: 'Items of content on disk.',
    labels: [],
    read: async ({ content }) => one((await content.used()).items),
  },
  {
    name: 'store_content_evicted',
    help: 'Items of content let go for newer ones, in this run.',
    labels: [],
    read: counted(({ content }) => content.evicted),
  },
  {
    name: 'store_content_refused',
    help: 'Items of content for which there was no room, in this run.',
    labels: [],
    read: counted(({ content }) => content.refused),
  },
  {
    name: 'store_content_damaged',
    help: 'Items of content found damaged and let go, in this run.',
    labels: [],
    read: counted(({ content }) => content.damaged),
  },
  {
    name: 'store_openings_bytes',
    help: "Bytes of others' openings on disk.",
    labels: [],
    read: async ({ openings }) => one((await openings.used()).bytes),
  },
  {
    name: 'store_openings_items',
    help: "Others' openings on disk.",
    labels: [],
    read: async ({ openings }) => one((await openings.used()).items),
  },
]

/** Makes a number that is read whenever somebody looks, as the metrics of a daemon do. */
type MakeMeasure = (
  count: Pick<StoreCount, 'name' | 'help' | 'labels'>,
  read: () => Promise<readonly StoreMeasure[]>,
) => void

/** One for each row of the table. */
export function measureStore(store: Watched, measure: MakeMeasure): void {
  for (const count of STORE_COUNTS) measure(count, () => count.read(store))
}
