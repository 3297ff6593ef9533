// Carried stints in the state.
import { BooleanType, ByteListType, ContainerType, ListBasicType, ListCompositeType } from '@chainsafe/ssz'
import { bytes32, u32, u64Number } from '../codecs/strict.ts'
import { BATCH_ROWS, CHAIN_BATCHES, OUTPUT_BYTES, STINT_ANSWERS, STINT_SCORES } from '../limits.ts'
import { columnBytes, u16Column, u32Column } from './columns.ts'
import { type RecordCodec, record } from './records.ts'
import type { CarriedStint, RowTable } from './state.ts'

/** Rows of a stint: a chain's batches, all full. */
const STINT_ROWS = CHAIN_BATCHES * BATCH_ROWS
/** Checkers of a carried stint: in the end all verifiers, 64 at a time. */
const STINT_CHECKERS = 65_536

const finding = new ContainerType({
  verifier: u32,
  trace: bytes32,
  delivered: new ListCompositeType(new ByteListType(BATCH_ROWS / 8), CHAIN_BATCHES),
  scores: new ListCompositeType(new ContainerType({ job: u32, score: u32 }), STINT_SCORES),
})

const answer = new ContainerType({
  seq: u32,
  row: u32,
  salt: bytes32,
  output: new ByteListType(OUTPUT_BYTES),
})

const table = new ContainerType({
  seqs: new ByteListType(4 * STINT_ROWS),
  rows: new ByteListType(2 * STINT_ROWS),
  jobs: new ByteListType(4 * STINT_ROWS),
  tasks: new ByteListType(4 * STINT_ROWS),
  units: new ByteListType(4 * STINT_ROWS),
  flags: new ByteListType(STINT_ROWS),
  commits: new ByteListType(32 * STINT_ROWS),
})

const carried = new ContainerType({
  epoch: u64Number,
  node: u32,
  batches: new ListCompositeType(new ContainerType({ hash: bytes32, rowCount: u32 }), CHAIN_BATCHES),
  table,
  drawn: u32,
  unproven: new BooleanType(),
  checkers: new ListBasicType(u32, STINT_CHECKERS),
  findings: new ListCompositeType(finding, STINT_CHECKERS),
  answers: new ListCompositeType(answer, STINT_ANSWERS),
})

export const carriedRecord: RecordCodec<CarriedStint> = record({
  name: 'a carried stint',
  type: carried,
  toWire: (stint: CarriedStint) => ({
    ...stint,
    batches: [...stint.batches],
    table: { ...columnsOf(stint.table), commits: stint.commits },
    checkers: [...stint.checkers],
    findings: stint.findings.map((one) => ({
      ...one,
      delivered: [...one.delivered],
      scores: [...one.scores],
    })),
    answers: [...stint.answers],
  }),
  fromWire: (wire) => {
    const rows = tableFrom(wire.table)
    return { ...wire, table: rows, commits: wire.table.commits, start: 0, end: rows.length }
  },
})

interface TableBytes {
  readonly seqs: Uint8Array
  readonly rows: Uint8Array
  readonly jobs: Uint8Array
  readonly tasks: Uint8Array
  readonly units: Uint8Array
  readonly flags: Uint8Array
}

function columnsOf({ seqs, rows, jobs, tasks, units, flags }: RowTable): TableBytes {
  return {
    seqs: columnBytes(seqs),
    rows: columnBytes(rows),
    jobs: columnBytes(jobs),
    tasks: columnBytes(tasks),
    units: columnBytes(units),
    flags,
  }
}

function tableFrom({ seqs, rows, jobs, tasks, units, flags }: TableBytes): RowTable {
  return {
    length: flags.length,
    seqs: u32Column(seqs),
    rows: u16Column(rows),
    jobs: u32Column(jobs),
    tasks: u32Column(tasks),
    units: u32Column(units),
    flags,
  }
}
