// Acknowledgements: of a stint, the newest signed word of each verifier that it holds the chain up to some batch.
import { concat, viewOf } from '@piecework/protocol'
import { epochs, KEPT, keyOf, u32be, u64be, under } from '../records/keys.ts'
import type { Records } from '../records/records.ts'
import type { Stint } from './receipts.ts'

export interface StoredAck extends Stint {
  readonly verifierId: number
  readonly seq: number
  /** The acknowledgement as it was signed. */
  readonly signed: Uint8Array
}

export interface AckStore {
  /** Says whether it is news: not older than what this verifier acknowledged before. */
  put(ack: StoredAck): Promise<boolean>
  /** In the order of verifiers. */
  of(stint: Stint): AsyncIterable<StoredAck>
  prune(before: number): Promise<void>
}

const SEQ_BYTES = 4
const VERIFIER_BYTES = 4

const keyUnder = ({ epoch, nodeKey }: Stint, ...rest: readonly Uint8Array[]): Uint8Array =>
  keyOf(KEPT.acks, u64be(epoch), nodeKey, ...rest)

export function ackStore(records: Records): AckStore {
  return {
    put: ({ epoch, nodeKey, verifierId, seq, signed }) =>
      records.transact(async (transaction) => {
        const key = keyUnder({ epoch, nodeKey }, u32be(verifierId))
        const before = await transaction.get(key)
        if (before !== undefined && viewOf(before).getUint32(0) > seq) return false
        transaction.put(key, concat([u32be(seq), signed]))
        return true
      }),
    async *of({ epoch, nodeKey }) {
      for await (const { key, body } of records.scan(under(keyUnder({ epoch, nodeKey })))) {
        const verifierId = viewOf(key).getUint32(key.length - VERIFIER_BYTES)
        yield { epoch, nodeKey, verifierId, seq: viewOf(body).getUint32(0), signed: body.subarray(SEQ_BYTES) }
      }
    },
    async prune(before) {
      await records.clear(epochs(KEPT.acks, 0, before))
    },
  }
}
