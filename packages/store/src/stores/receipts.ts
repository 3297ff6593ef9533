// The receipt log: a node's own batches, on disk before they are sent and the same bytes ever after, with what opens
// their rows beside them.
import { equalBytes, type HeldBatch, readBatch, ZERO_HASH } from '@piecework/protocol'
import { StoreError } from '../errors.ts'
import type { Transaction } from '../records/group.ts'
import { epochs, KEPT, keyOf, u32be, u64be, under } from '../records/keys.ts'
import type { Records } from '../records/records.ts'
import { permitIn } from './guard.ts'
import { decodeOpening, encodeOpening, type Opening } from './opening.ts'

/** A node in an epoch: its stint. */
export interface Stint {
  readonly epoch: number
  readonly nodeKey: Uint8Array
}

export interface ReceiptLog {
  /**
   * Makes a signed batch durable, together with the guard's permission, and gives the bytes to send: those of the
   * first time. Refuses another batch in its place, and one that doesn't follow the newest.
   */
  append(signed: Uint8Array, openings?: readonly Opening[]): Promise<Uint8Array>
  /** In the order of seq. */
  batches(stint: Stint): AsyncIterable<Uint8Array>
  /** The newest batch of a stint. */
  head(stint: Stint): Promise<HeldBatch | undefined>
  /** Keeps what a finished task needs until its row is in a batch, and after. */
  keep(stint: Stint, opening: Opening): Promise<void>
  /** What opens the row with this commit. */
  opening(stint: Stint, commit: Uint8Array): Promise<Opening | undefined>
  openings(stint: Stint): AsyncIterable<Opening>
  /** Outputs are larger than batches, and needed for less long. */
  pruneOpenings(before: number): Promise<void>
  /** Forgets batches and openings of the epochs before this one. */
  prune(before: number): Promise<void>
}

const stintKey = (section: number, { epoch, nodeKey }: Stint): Uint8Array =>
  keyOf(section, u64be(epoch), nodeKey)
const batchKey = (stint: Stint, seq: number): Uint8Array =>
  keyOf(KEPT.receipts, u64be(stint.epoch), stint.nodeKey, u32be(seq))
const openingKey = (stint: Stint, commit: Uint8Array): Uint8Array =>
  keyOf(KEPT.openings, u64be(stint.epoch), stint.nodeKey, commit)

export function receiptLog(records: Records): ReceiptLog {
  return {
    async append(signed, openings = []) {
      const batch = readBatch(signed)
      return records.transact((transaction) => appendIn(transaction, batch, openings))
    },
    async *batches(stint) {
      for await (const { body } of records.scan(under(stintKey(KEPT.receipts, stint)))) yield body
    },
    async head(stint) {
      const newest = { ...under(stintKey(KEPT.receipts, stint)), reverse: true, limit: 1 }
      for await (const { body } of records.scan(newest)) return readBatch(body)
      return undefined
    },
    keep: (stint, opening) =>
      records.transact(async (transaction) => {
        transaction.put(openingKey(stint, opening.row.commit), encodeOpening(opening))
      }),
    async opening(stint, commit) {
      const bytes = await records.get(openingKey(stint, commit))
      return bytes === undefined ? undefined : decodeOpening(bytes)
    },
    async *openings(stint) {
      for await (const { body } of records.scan(under(stintKey(KEPT.openings, stint))))
        yield decodeOpening(body)
    },
    async pruneOpenings(before) {
      await records.clear(epochs(KEPT.openings, 0, before))
    },
    async prune(before) {
      await records.clear(epochs(KEPT.openings, 0, before))
      await records.clear(epochs(KEPT.receipts, 0, before))
    },
  }
}

async function appendIn(
  transaction: Transaction,
  batch: HeldBatch,
  openings: readonly Opening[],
): Promise<Uint8Array> {
  const { epoch, nodeKey, seq, hash, signed } = batch
  await permitIn(transaction, { what: 'batch', epoch, key: nodeKey, at: seq }, hash)
  const key = batchKey(batch, seq)
  const before = await transaction.get(key)
  if (before !== undefined) return before
  await requireFollows(transaction, batch)
  transaction.put(key, signed)
  for (const opening of openings) {
    transaction.put(openingKey(batch, opening.row.commit), encodeOpening(opening))
  }
  return signed
}

async function requireFollows(transaction: Transaction, batch: HeldBatch): Promise<void> {
  const { epoch, seq, prev } = batch
  const before = seq === 0 ? undefined : await transaction.get(batchKey(batch, seq - 1))
  const expected = before === undefined ? ZERO_HASH : readBatch(before).hash
  if ((seq === 0 || before !== undefined) && equalBytes(prev, expected)) return
  throw new StoreError(
    'receipts/out-of-order',
    `Batch ${seq} of epoch ${epoch} doesn't follow the newest one in the log: read its head, and sign what follows that.`,
    { epoch, seq },
  )
}
