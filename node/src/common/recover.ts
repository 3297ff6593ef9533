// After a start: what the log says was done before, so that nothing is done or signed twice, and nothing is lost.
import type { ReceiptLog } from '@piecework/store'
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

export async function recover({ receipts, jobs }: RecoverPorts, epochs: OwnEpochs): Promise<Recovered> {
  const { signed, unsigned } = await readOwnWork(receipts, epochs)
  const waiting: WaitingRow[] = []
  for (const { keptIn, opening } of unsigned) {
    const { job, at } = opening.row
    // It was dealt in the epoch in which it was kept, or before: then its row may turn out to be too late.
    const { leaseEpochs } = await jobs.facts(job)
    waiting.push({ opening, keptIn, until: keptIn + leaseEpochs, endedAt: at * MS })
  }
  const rows = [...signed, ...unsigned.map(({ keptIn, opening }) => ({ epoch: keptIn, row: opening.row }))]
  return { done: rows.map(({ epoch, row }) => ({ epoch, job: row.job, task: row.task })), waiting }
}
