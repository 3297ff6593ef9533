// What a verifier was delivered: what opens rows of others, for as long as somebody may ask for it. It is far more than a
// node's own, and their nodes and other checkers hold it too: so it lies apart, and its bytes are counted.
import { concat } from '@piecework/protocol'
import type { Range } from '../disk/disk.ts'
import { StoreError } from '../errors.ts'
import type { Transaction } from '../records/group.ts'
import { BULK, epochs, KEPT, keyOf, metaKey, readU64be, u64be, under } from '../records/keys.ts'
import type { Records } from '../records/records.ts'
import { wholeOrNothing } from '../records/seal.ts'
import { Turns } from '../turns.ts'
import { decodeOpening, encodeOpening, type Opening } from './opening.ts'
import type { Stint } from './receipts.ts'

export interface OpeningStore {
  /** The same again changes nothing. */
  keep(stint: Stint, opening: Opening): Promise<void>
  /** What opens the row with this commit. Undefined for a damaged one too: it is fetched again. */
  find(stint: Stint, commit: Uint8Array): Promise<Opening | undefined>
  /** Those that are whole. */
  of(stint: Stint): AsyncIterable<Opening>
  /** Nobody asks for those of this stint any more. */
  drop(stint: Stint): Promise<void>
  prune(before: number): Promise<void>
  used(): Promise<OpeningsUsed>
}

export interface OpeningsUsed {
  readonly items: number
  readonly bytes: number
}

/** Openings that are moved at once: some MB. */
const MOVED_AT_ONCE = 256
const EPOCH_AT = 1
const NODE_AT = EPOCH_AT + 8
const COMMIT_BYTES = 32

const USED_KEY = metaKey('openingsUsed')

const stintKey = ({ epoch, nodeKey }: Stint): Uint8Array => keyOf(BULK.openings, u64be(epoch), nodeKey)
const openingKey = ({ epoch, nodeKey }: Stint, commit: Uint8Array): Uint8Array =>
  keyOf(BULK.openings, u64be(epoch), nodeKey, commit)

export function openingStore(records: Records): OpeningStore {
  // One at a time: what two take away would be counted twice.
  const turns = new Turns()

  const clear = (range: Range): Promise<void> =>
    turns.take(async () => {
      for (;;) {
        const page = await records.sizes(range)
        if (page.length === 0) return
        await records.transact(async (transaction) => {
          for (const { key } of page) transaction.delete(key)
          const bytes = page.reduce((sum, one) => sum + one.bytes, 0)
          await count(transaction, { items: -page.length, bytes: -bytes })
        })
      }
    })

  return {
    keep: (stint, opening) =>
      records.transact((transaction) =>
        putOpening(transaction, openingKey(stint, opening.row.commit), encodeOpening(opening)),
      ),
    async find(stint, commit) {
      const bytes = await records.wholeOf(openingKey(stint, commit))
      return bytes === undefined ? undefined : decodeOpening(bytes)
    },
    async *of(stint) {
      for await (const { body } of records.whole(under(stintKey(stint)))) yield decodeOpening(body)
    },
    drop: (stint) => clear(under(stintKey(stint))),
    prune: (before) => clear(epochs(BULK.openings, 0, Math.max(0, before))),
    used: () => usedIn({ get: (key) => records.wholeOf(key) }),
  }
}

/** Verifiers used to keep them with what can't be lost. Cut short, it goes on at the next start. */
export async function moveOpenings(kept: Records, openings: OpeningStore): Promise<void> {
  for (;;) {
    const moved: Uint8Array[] = []
    const written: Promise<void>[] = []
    for await (const { key, body } of kept.scan({ ...under(keyOf(KEPT.openings)), limit: MOVED_AT_ONCE })) {
      const nodeKey = key.subarray(NODE_AT, key.length - COMMIT_BYTES)
      written.push(openings.keep({ epoch: readU64be(key, EPOCH_AT), nodeKey }, decodeOpening(body)))
      moved.push(key)
    }
    if (moved.length === 0) return
    await Promise.all(written)
    await kept.transact(async (transaction) => {
      for (const key of moved) transaction.delete(key)
    })
  }
}

async function putOpening(transaction: Transaction, key: Uint8Array, body: Uint8Array): Promise<void> {
  const held = await stateOf(transaction, key)
  if (held === 'whole') return
  transaction.put(key, body)
  if (held === 'none') await count(transaction, { items: 1, bytes: body.length })
}

async function stateOf(transaction: Transaction, key: Uint8Array): Promise<'whole' | 'damaged' | 'none'> {
  try {
    return (await transaction.get(key)) === undefined ? 'none' : 'whole'
  } catch (error) {
    if (error instanceof StoreError && error.code === 'record/damaged') return 'damaged'
    throw error
  }
}

/** After a damaged one it is counted from nothing: it is a number to look at, and holds up no delivery. */
async function usedIn(source: Pick<Transaction, 'get'>): Promise<OpeningsUsed> {
  const bytes = await wholeOrNothing(() => source.get(USED_KEY))
  return bytes === undefined
    ? { items: 0, bytes: 0 }
    : { items: readU64be(bytes), bytes: readU64be(bytes, 8) }
}

async function count(transaction: Transaction, change: OpeningsUsed): Promise<void> {
  const { items, bytes } = await usedIn(transaction)
  const next = [items + change.items, bytes + change.bytes].map((value) => u64be(Math.max(0, value)))
  transaction.put(USED_KEY, concat(next))
}
