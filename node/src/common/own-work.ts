// What a node's own log holds of its work: batches with what opens their rows, and outputs that are in no batch.
import { type HeldBatch, type Row, RowsView, readBatch, toHex } from '@piecework/protocol'
import type { Opening, ReceiptLog, Stint } from '@piecework/store'

/** A row's place in its stint, with what opens it. */
export interface PlacedOpening {
  readonly seq: number
  readonly row: number
  readonly salt: Uint8Array
  readonly output: Uint8Array
}

export async function* batchesOf(receipts: ReceiptLog, stint: Stint): AsyncGenerator<HeldBatch> {
  for await (const signed of receipts.batches(stint)) yield readBatch(signed)
}

/** All that opens a stint, in the order of its rows. */
export async function* openingsOf(receipts: ReceiptLog, stint: Stint): AsyncGenerator<PlacedOpening> {
  for await (const { seq, rows } of batchesOf(receipts, stint)) {
    const view = new RowsView(rows)
    for (let row = 0; row < view.count; row++) {
      const opening = await receipts.opening(stint, view.commit(row))
      if (opening !== undefined) yield { seq, row, salt: opening.salt, output: opening.output }
    }
  }
}

export interface Kept {
  readonly keptIn: number
  readonly opening: Opening
}

export interface OwnWork {
  /** Rows in batches. */
  readonly signed: readonly { readonly epoch: number; readonly row: Row }[]
  /** Outputs whose rows are in no batch. */
  readonly unsigned: readonly Kept[]
}

export interface OwnEpochs {
  readonly nodeKey: Uint8Array
  readonly from: number
  readonly to: number
}

/** What was done in these epochs, as the log has it. */
export async function readOwnWork(receipts: ReceiptLog, { nodeKey, from, to }: OwnEpochs): Promise<OwnWork> {
  const signed: { epoch: number; row: Row }[] = []
  const commits = new Set<string>()
  for (let epoch = from; epoch <= to; epoch++) {
    for await (const { rows } of batchesOf(receipts, { epoch, nodeKey })) {
      const view = new RowsView(rows)
      for (let i = 0; i < view.count; i++) {
        signed.push({ epoch, row: view.row(i) })
        commits.add(toHex(view.commit(i)))
      }
    }
  }
  const unsigned: Kept[] = []
  for (let epoch = from; epoch <= to; epoch++) {
    for await (const opening of receipts.openings({ epoch, nodeKey })) {
      if (!commits.has(toHex(opening.row.commit))) unsigned.push({ keptIn: epoch, opening })
    }
  }
  return { signed, unsigned }
}
