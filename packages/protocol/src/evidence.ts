// Evidence that a node cheated. Whether an opened row is wrong is for its kind to say, through the Work port; all
// else that has to be true before it is asked is checked here.
import { type HeldBatch, isSigned, RowsView, readBatch } from './batch.ts'
import { compareBytes, equalBytes } from './bytes.ts'
import { ProtocolError } from './errors.ts'
import { type Job, leaseEpochsOf } from './facts.ts'
import type { Evidence, Row } from './messages.ts'
import { rowCommit } from './output.ts'
import { NEVER } from './state/state.ts'
import type { Verify } from './verify.ts'

export interface CheckedEvidence {
  readonly nodeKey: Uint8Array
  readonly epoch: number
  readonly seq: number
  /** Hash of the batch with the row; of an equivocation, the smaller of the two. */
  readonly batchHash: Uint8Array
  readonly rowIndex: number
  /** The row that the evidence opens, or undefined for an equivocation. */
  readonly row: Row | undefined
}

export interface EvidenceContext {
  readonly networkId: Uint8Array
  readonly verify: Verify
}

/** Nothing when it shows nothing, whatever its bytes: its sender could have seen that. */
export function checkEvidence(evidence: Evidence, context: EvidenceContext): CheckedEvidence | undefined {
  const first = readSigned(evidence.first, context)
  if (first === undefined) return undefined
  return evidence.what === 'row'
    ? checkRow(first, evidence)
    : checkTwo(first, readSigned(evidence.second, context))
}

function checkRow(batch: HeldBatch, { row: rowIndex, salt, output }: Evidence): CheckedEvidence | undefined {
  if (!Number.isInteger(rowIndex) || rowIndex < 0 || rowIndex >= batch.rowCount) return undefined
  const row = new RowsView(batch.rows).row(rowIndex)
  if (!equalBytes(rowCommit({ nodeKey: batch.nodeKey, salt, output }), row.commit)) return undefined
  return { ...placeOf(batch), rowIndex, row }
}

function checkTwo(first: HeldBatch, second: HeldBatch | undefined): CheckedEvidence | undefined {
  if (second === undefined || !isEquivocation(first, second)) return undefined
  const smaller = compareBytes(first.hash, second.hash) < 0 ? first : second
  return { ...placeOf(smaller), rowIndex: 0, row: undefined }
}

export interface JobLife {
  readonly job: Pick<Job, 'leaseEpochs'>
  readonly openSlot: number
  readonly closedAt: number
}

/**
 * Whether a kind is asked about a row of an epoch: only of a job that was open then. Its content is kept while evidence
 * of such rows counts; of one that never opened nobody may ever have had it.
 */
export function isAnswerable({ job, openSlot, closedAt }: JobLife, rowEpoch: number): boolean {
  return openSlot !== NEVER && (closedAt === NEVER || rowEpoch < closedAt + leaseEpochsOf(job))
}

/** Two different batches for one place in one node's chain. */
export function isEquivocation(a: HeldBatch, b: HeldBatch): boolean {
  const samePlace = a.epoch === b.epoch && a.seq === b.seq && equalBytes(a.nodeKey, b.nodeKey)
  return samePlace && equalBytes(a.networkId, b.networkId) && !equalBytes(a.hash, b.hash)
}

function placeOf({
  nodeKey,
  epoch,
  seq,
  hash,
}: HeldBatch): Pick<CheckedEvidence, 'nodeKey' | 'epoch' | 'seq' | 'batchHash'> {
  return { nodeKey, epoch, seq, batchHash: hash }
}

function readSigned(signed: Uint8Array, { networkId, verify }: EvidenceContext): HeldBatch | undefined {
  try {
    const batch = readBatch(signed)
    return equalBytes(batch.networkId, networkId) && isSigned(batch, verify) ? batch : undefined
  } catch (error) {
    // Bytes that are no batch show nothing.
    if (error instanceof ProtocolError) return undefined
    throw error
  }
}
