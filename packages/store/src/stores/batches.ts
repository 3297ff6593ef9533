// What a verifier took in: everybody's batches, to be served, checked and counted again after a restart.
import type { HeldBatch } from '@piecework/protocol'
import { BULK, epochs, keyOf, u32be, u64be, under } from '../records/keys.ts'
import type { Records } from '../records/records.ts'
import type { Stint } from './receipts.ts'

export interface BatchStore {
  /** Checked batches; those that come while the disk syncs share the next sync. */
  put(batches: readonly HeldBatch[]): Promise<void>
  /** In the order of seq, those that are whole: a damaged one is fetched again. */
  of(stint: Stint): AsyncIterable<Uint8Array>
  /** A whole epoch's, by node key and seq; of these too those that are whole. */
  in(epoch: number): AsyncIterable<Uint8Array>
  prune(before: number): Promise<void>
}

export function batchStore(records: Records): BatchStore {
  return {
    put: (batches) =>
      records.transact(async (transaction) => {
        for (const { epoch, nodeKey, seq, signed } of batches) {
          transaction.put(keyOf(BULK.batches, u64be(epoch), nodeKey, u32be(seq)), signed)
        }
      }),
    async *of({ epoch, nodeKey }) {
      for await (const { body } of records.whole(under(keyOf(BULK.batches, u64be(epoch), nodeKey))))
        yield body
    },
    async *in(epoch) {
      for await (const { body } of records.whole(under(keyOf(BULK.batches, u64be(epoch))))) yield body
    },
    async prune(before) {
      await records.clear(epochs(BULK.batches, 0, before))
    },
  }
}
