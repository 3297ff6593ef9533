// After a start: what the log says was done before, so that nothing is done or signed twice, and nothing is lost.
import { type HeldBatch, type Row, RowsView } from '@piecework/protocol'
import type { AckStore, Opening, ReceiptLog } from '@piecework/store'
import type { Task } from '../deal.ts'
import { NodeError } from '../errors.ts'
import type { WaitingRow } from '../record.ts'
import { acknowledgedSeq } from './acknowledged.ts'
import type { Jobs } from './jobs.ts'
import { batchesOf, type OwnEpochs, readOwnWork } from './own-work.ts'
import type { Verifiers } from './verifiers.ts'

const MS = 1000

export interface Recovered {
  readonly done: readonly Task[]
  /** Whose rows are to be signed: for the first time, or again. */
  readonly waiting: readonly WaitingRow[]
}

export interface RecoverPorts {
  readonly receipts: ReceiptLog
  readonly jobs: Jobs
}

export interface RecoverAllPorts extends RecoverPorts {
  readonly acks: AckStore
  readonly verifiers: Verifiers
}

export interface Recovering extends OwnEpochs {
  /** Epochs whose batches are still taken, and sent again as they are. */
  readonly taken: readonly number[]
}

export async function recover(ports: RecoverAllPorts, epochs: Recovering): Promise<Recovered> {
  const { signed, unsigned } = await readOwnWork(ports.receipts, epochs)
  const waiting: WaitingRow[] = []
  for (const { keptIn, opening } of unsigned) {
    const row = await waitingRow(ports.jobs, keptIn, opening)
    if (row !== undefined) waiting.push(row)
  }
  for (let epoch = epochs.from; epoch < epochs.to; epoch++) {
    if (!epochs.taken.includes(epoch)) waiting.push(...(await unacknowledged(ports, epoch, epochs.nodeKey)))
  }
  const again = unsigned.map(({ keptIn, opening }) => ({ epoch: keptIn, row: opening.row }))
  return {
    done: [...signed, ...again].map(({ epoch, row }) => taskOf(epoch, row)),
    waiting: waiting.filter(({ until }) => until >= epochs.to),
  }
}

/** Of an epoch that takes no more batches: what may never have left this machine. */
async function unacknowledged(
  ports: RecoverAllPorts,
  epoch: number,
  nodeKey: Uint8Array,
): Promise<readonly WaitingRow[]> {
  const { receipts, acks, verifiers } = ports
  const seq = await acknowledgedSeq(acks, verifiers, { epoch, nodeKey })
  const rows: WaitingRow[] = []
  for await (const batch of batchesOf(receipts, { epoch, nodeKey })) {
    if (batch.seq > seq) rows.push(...(await rowsOf(ports, batch)))
  }
  return rows
}

function taskOf(epoch: number, { job, task }: Row): Task {
  return { epoch, job, task }
}

/** Rows of a batch that did not arrive in time, to be signed again in a later epoch while their leases run. */
export async function rowsOf(
  { receipts, jobs }: RecoverPorts,
  { epoch, nodeKey, rows }: HeldBatch,
): Promise<readonly WaitingRow[]> {
  const view = new RowsView(rows)
  const waiting: WaitingRow[] = []
  for (let row = 0; row < view.count; row++) {
    const opening = await receipts.opening({ epoch, nodeKey }, view.commit(row))
    const again = opening && (await waitingRow(jobs, epoch, opening))
    if (again !== undefined) waiting.push(again)
  }
  return waiting
}

/**
 * It was dealt in the epoch in which it was kept, or before: then its row may turn out to be too late. Undefined when its
 * job is done and gone from the chain: it pays nothing any more.
 */
async function waitingRow(
  jobs: Jobs,
  keptIn: number,
  { row, output }: Opening,
): Promise<WaitingRow | undefined> {
  try {
    const until = await jobs.lastEpochOf(row.job, keptIn)
    return { row, bytes: output.length, keptIn, until, endedAt: row.at * MS }
  } catch (error) {
    if (error instanceof NodeError && error.code === 'job/unknown') return undefined
    throw error
  }
}
