// What the attacked stores hold: a node's batches with what opens them, and hashes that a key may sign once.
import {
  type HeldBatch,
  h,
  keyFromSecret,
  type Row,
  readBatch,
  rowCommit,
  type SigningKey,
  signBatch,
  ZERO_HASH,
} from '@piecework/protocol'
import type { Opening, Place, Stint, StoreOptions } from '@piecework/store'
import type { SeededRandom } from '@piecework/testkit/random'

const NETWORK = h('pw/state')
const KEY: SigningKey = keyFromSecret(h('pw/enrol'))
const ROWS = 16
const OUTPUT_BYTES = 200

export const OPTIONS: StoreOptions = { networkId: NETWORK, contentQuotaBytes: 67_108_864, retainStates: 2 }

export function stintOf(epoch: number): Stint {
  return { epoch, nodeKey: KEY.publicKey }
}

export function voteAt(epoch: number, round: number): Place {
  return { what: 'vote', epoch, key: KEY.publicKey, at: round }
}

export interface Draft {
  readonly signed: Uint8Array
  readonly batch: HeldBatch
  readonly openings: readonly Opening[]
}

/** Other rows each time: a node that forgot what it signed would sign something else. */
export function draftBatch(epoch: number, after: HeldBatch | undefined, random: SeededRandom): Draft {
  const openings = Array.from({ length: ROWS }, (_, task): Opening => {
    const salt = random.bytes(32)
    const output = random.bytes(OUTPUT_BYTES)
    const commit = rowCommit({ nodeKey: KEY.publicKey, salt, output })
    const row: Row = { job: 1, task, units: 1, at: 1_790_000_000, commit }
    return { row, salt, output }
  })
  const signed = signBatch(
    {
      networkId: NETWORK,
      epoch,
      nodeKey: KEY.publicKey,
      seq: after === undefined ? 0 : after.seq + 1,
      prev: after?.hash ?? ZERO_HASH,
      rows: openings.map(({ row }) => row),
    },
    KEY.sign,
  )
  return { signed, batch: readBatch(signed), openings }
}
