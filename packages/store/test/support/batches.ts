// Chains of signed batches, the same in every run.
import {
  type HeldBatch,
  h,
  keyFromSecret,
  type Row,
  readBatch,
  rowCommit,
  signBatch,
  u32le,
  ZERO_HASH,
} from '@piecework/protocol'
import type { Opening, Stint } from '../../src/index.ts'
import { NETWORK } from './machine.ts'

const keyOf = (node: number) => keyFromSecret(h('pw/enrol', u32le(node)))

export function stintOf(node: number, epoch: number): Stint {
  return { epoch, nodeKey: keyOf(node).publicKey }
}

export function openingOf(node: number, task: number, label = ''): Opening {
  const salt = h('pw/commit', u32le(node), u32le(task))
  const output = new TextEncoder().encode(`output ${task} ${label}`)
  const commit = rowCommit({ nodeKey: keyOf(node).publicKey, salt, output })
  const row: Row = { job: 3, task, units: 1, at: 1_790_000_000, commit }
  return { row, salt, output }
}

export interface Follow {
  readonly epoch: number
  readonly after?: HeldBatch | undefined
  /** Changes the rows. */
  readonly label?: string
}

export function batchOf(node: number, { epoch, after, label }: Follow): HeldBatch {
  const key = keyOf(node)
  const seq = after === undefined ? 0 : after.seq + 1
  const rows = [0, 1].map((i) => openingOf(node, seq * 2 + i, label).row)
  const prev = after?.hash ?? ZERO_HASH
  return readBatch(
    signBatch({ networkId: NETWORK, epoch, nodeKey: key.publicKey, seq, prev, rows }, key.sign),
  )
}

export function chainOf(node: number, epoch: number, length: number): HeldBatch[] {
  const chain: HeldBatch[] = []
  while (chain.length < length) chain.push(batchOf(node, { epoch, after: chain.at(-1) }))
  return chain
}
