// Reports of verifiers, and the evidence in them.
import { ByteListType, ContainerType, ListCompositeType } from '@chainsafe/ssz'
import {
  BATCH_ROWS,
  CHAIN_BATCHES,
  MAX_SIGNED_BATCH_BYTES,
  OUTPUT_BYTES,
  REPORT_BYTES,
  REPORT_EVIDENCE,
  REPORT_STINTS,
  SCORE_ONE,
  STINT_ANSWERS,
  STINT_SCORES,
} from '../limits.ts'
import type { Evidence, Report, StintReport } from '../messages.ts'
import { ascending, bytes32, type Codec, mapped, strict, u8, u32, u64Number } from './strict.ts'

const evidence = new ContainerType({
  what: u8,
  first: new ByteListType(MAX_SIGNED_BATCH_BYTES),
  second: new ByteListType(MAX_SIGNED_BATCH_BYTES),
  row: u32,
  salt: bytes32,
  output: new ByteListType(OUTPUT_BYTES),
})

const ROW = 0
const EQUIVOCATION = 1

type EvidenceBytes = Omit<Evidence, 'what'> & { readonly what: number }

/** What one kind of evidence does not use is empty, so that it has one encoding. */
function evidenceFault({ what, second, row, salt, output }: EvidenceBytes): string | undefined {
  if (what === ROW) return second.length === 0 ? undefined : 'evidence of a row has a second batch'
  if (what !== EQUIVOCATION) return `there is no evidence of sort ${what}`
  const unused = row === 0 && output.length === 0 && salt.every((byte) => byte === 0)
  return unused ? undefined : 'evidence of an equivocation has an opening'
}

const toBytes = (value: Evidence): EvidenceBytes => ({
  ...value,
  what: value.what === 'row' ? ROW : EQUIVOCATION,
})

const fromBytes = (bytes: EvidenceBytes): Evidence => ({
  ...bytes,
  what: bytes.what === ROW ? 'row' : 'equivocation',
})

export const evidenceCodec: Codec<Evidence> = mapped<Evidence, EvidenceBytes>(
  strict<EvidenceBytes, EvidenceBytes>({
    name: 'evidence',
    type: evidence,
    maxBytes: evidence.maxSize,
    fault: evidenceFault,
  }),
  toBytes,
  fromBytes,
)

const answer = new ContainerType({
  seq: u32,
  row: u32,
  salt: bytes32,
  output: new ByteListType(OUTPUT_BYTES),
})
const score = new ContainerType({ job: u32, score: u32 })

const stint = new ContainerType({
  epoch: u64Number,
  node: u32,
  traces: new ListCompositeType(bytes32, CHAIN_BATCHES),
  delivered: new ListCompositeType(new ByteListType(BATCH_ROWS / 8), CHAIN_BATCHES),
  answers: new ListCompositeType(answer, STINT_ANSWERS),
  scores: new ListCompositeType(score, STINT_SCORES),
})

const report = new ContainerType({
  networkId: bytes32,
  epoch: u64Number,
  verifierId: u32,
  stints: new ListCompositeType(stint, REPORT_STINTS),
  evidence: new ListCompositeType(evidence, REPORT_EVIDENCE),
})

type ReportBytes = Omit<Report, 'evidence'> & { readonly evidence: readonly EvidenceBytes[] }

function reportFault({ stints, evidence: all }: ReportBytes): string | undefined {
  if (!ascending<StintReport>(stints, (a, b) => a.epoch - b.epoch || a.node - b.node))
    return 'its stints are not in ascending order'
  return firstFault(stints, stintFault) ?? firstFault(all, evidenceFault)
}

function stintFault({ traces, delivered, answers, scores }: StintReport): string | undefined {
  if (traces.length !== delivered.length) return 'a stint has not one bitmap for each trace'
  if (delivered.some((bits) => bits.length === 0)) return 'a bitmap is empty, and no batch is'
  if (!ascending(answers, (a, b) => a.seq - b.seq || a.row - b.row))
    return 'the answers of a stint are not in ascending order'
  if (answers.some(({ row }) => row >= BATCH_ROWS)) return 'an answer is of a row that no batch has'
  if (!ascending(scores, (a, b) => a.job - b.job)) return 'the scores of a stint are not in ascending order'
  return scores.some((each) => each.score > SCORE_ONE) ? 'a score is more than one' : undefined
}

function firstFault<T>(list: readonly T[], faultOf: (value: T) => string | undefined): string | undefined {
  for (const value of list) {
    const fault = faultOf(value)
    if (fault !== undefined) return fault
  }
  return undefined
}

export const reportCodec: Codec<Report> = mapped<Report, ReportBytes>(
  strict({ name: 'a report', type: report, maxBytes: REPORT_BYTES, fault: reportFault }),
  (value) => ({ ...value, evidence: value.evidence.map(toBytes) }),
  (bytes) => ({ ...bytes, evidence: bytes.evidence.map(fromBytes) }),
)
