// After a start: what the log says was done before, so that nothing is done or signed twice, and nothing is lost.
import { type HeldBatch, RowsView } from '@piecework/protocol'
import type { Opening, ReceiptLog } from '@piecework/store'
import type { Task } from '../deal.ts'
import type { WaitingRow } from '../record.ts'
import type { Jobs } from './jobs.ts'
import { type OwnEpochs, readOwnWork } from './own-work.ts'

const MS = 1000

export interface Recovered {
  readonly done: readonly Task[]
  /** Kept, and in no batch yet. */
  readonly waiting: readonly WaitingRow[]
}

export interface RecoverPorts {
  readonly receipts: ReceiptLog
  readonly jobs: Jobs
}

/** Rows of batches that did not arrive in time, to be signed again in a later epoch while their leases run. */
export async function rowsOf(
  { receipts, jobs }: RecoverPorts,
  { epoch, nodeKey, rows }: HeldBatch,
): Promise<readonly WaitingRow[]> {
  const view = new RowsView(rows)
  const waiting: WaitingRow[] = []
  for (let row = 0; row < view.count; row++) {
    const opening = await receipts.opening({ epoch, nodeKey }, view.commit(row))
    if (opening !== undefined) waiting.push(await waitingRow(jobs, epoch, opening))
  }
  return waiting
}

/** It was dealt in the epoch in which it was kept, or before: then its row may turn out to be too late. */
async function waitingRow(jobs: Jobs, keptIn: number, { row, output }: Opening): Promise<WaitingRow> {
  const { leaseEpochs } = await jobs.facts(row.job)
  return { row, bytes: output.length, keptIn, until: keptIn + leaseEpochs, endedAt: row.at * MS }
}

export async function recover({ receipts, jobs }: RecoverPorts, epochs: OwnEpochs): Promise<Recovered> {
  const { signed, unsigned } = await readOwnWork(receipts, epochs)
  const waiting: WaitingRow[] = []
  for (const { keptIn, opening } of unsigned) {
    waiting.push(await waitingRow(jobs, keptIn, opening))
  }
  const rows = [...signed, ...unsigned.map(({ keptIn, opening }) => ({ epoch: keptIn, row: opening.row }))]
  return { done: rows.map(({ epoch, row }) => ({ epoch, job: row.job, task: row.task })), waiting }
}
