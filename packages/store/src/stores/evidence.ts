// Evidence against nodes, by epoch and node, until it counts no more.
import { equalBytes, toHex } from '@piecework/protocol'
import { StoreError } from '../errors.ts'
import { epochs, KEPT, keyOf, readU64be, u64be, under } from '../records/keys.ts'
import type { Records } from '../records/records.ts'
import type { Stint } from './receipts.ts'

/** Of one stint: one is enough to fail it, a few more cover those that turn out not to count. */
const PER_STINT = 8

export interface StoredEvidence extends Stint {
  readonly evidence: Uint8Array
}

export interface EvidenceStore {
  /** The same again changes nothing. */
  put(evidence: StoredEvidence): Promise<void>
  of(stint: Stint): AsyncIterable<Uint8Array>
  /** From this epoch on, by epoch and node. */
  since(epoch: number): AsyncIterable<StoredEvidence>
  prune(before: number): Promise<void>
}

const EPOCH_AT = 1
const NODE_AT = EPOCH_AT + 8

const keyUnder = ({ epoch, nodeKey }: Stint, ...rest: readonly Uint8Array[]): Uint8Array =>
  keyOf(KEPT.evidence, u64be(epoch), nodeKey, ...rest)

export function evidenceStore(records: Records): EvidenceStore {
  return {
    put: (stored) =>
      records.transact(async (transaction) => {
        for (let slot = 0; slot < PER_STINT; slot++) {
          const key = keyUnder(stored, Uint8Array.of(slot))
          const before = await transaction.get(key)
          if (before !== undefined && equalBytes(before, stored.evidence)) return
          if (before === undefined) return transaction.put(key, stored.evidence)
        }
        throw full(stored)
      }),
    async *of(stint) {
      for await (const { body } of records.scan(under(keyUnder(stint)))) yield body
    },
    async *since(epoch) {
      const { to } = under(keyOf(KEPT.evidence))
      for await (const { key, body } of records.scan({ from: keyOf(KEPT.evidence, u64be(epoch)), to })) {
        yield {
          epoch: readU64be(key, EPOCH_AT),
          nodeKey: key.subarray(NODE_AT, key.length - 1),
          evidence: body,
        }
      }
    },
    async prune(before) {
      await records.clear(epochs(KEPT.evidence, 0, before))
    },
  }
}

function full({ epoch, nodeKey }: Stint): StoreError {
  const node = toHex(nodeKey)
  const message = `There are ${PER_STINT} pieces of evidence against node ${node} in epoch ${epoch} already: one is enough.`
  return new StoreError('evidence/full', message, { epoch, node, limit: PER_STINT })
}
