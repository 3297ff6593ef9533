// report.json: reports as fields, as bytes, and their hashes (which is also what is signed and committed).
import { deepStrictEqual, equal } from 'node:assert/strict'
import { fromHex, toHex } from '../../packages/protocol/src/bytes.ts'
import { reportCodec } from '../../packages/protocol/src/codecs.ts'
import type { Evidence, Report, StintReport } from '../../packages/protocol/src/messages.ts'
import { reportHash } from '../../packages/protocol/src/report.ts'
import type { VectorFile } from './lib/file.ts'
import { someBytes, someU32 } from './lib/random.ts'

/** A message with its bytes as hex, its u64 as decimal strings. */
type Json<T> = T extends Uint8Array
  ? string
  : T extends readonly (infer Item)[]
    ? readonly Json<Item>[]
    : T extends object
      ? { readonly [K in keyof T]: K extends 'epoch' ? string : Json<T[K]> }
      : T

interface ReportEntry {
  readonly name: string
  readonly fields: Json<Report>
  readonly bytes: string
  readonly hash: string
}

function fieldsOf(report: Report): Json<Report> {
  return {
    networkId: toHex(report.networkId),
    epoch: String(report.epoch),
    verifierId: report.verifierId,
    stints: report.stints.map((stint) => ({
      epoch: String(stint.epoch),
      node: stint.node,
      traces: stint.traces.map(toHex),
      delivered: stint.delivered.map(toHex),
      answers: stint.answers.map((each) => ({ ...each, salt: toHex(each.salt), output: toHex(each.output) })),
      scores: stint.scores,
    })),
    evidence: report.evidence.map(({ what, first, second, row, salt, output }) => ({
      what,
      first: toHex(first),
      second: toHex(second),
      row,
      salt: toHex(salt),
      output: toHex(output),
    })),
  }
}

function reportOf(fields: Json<Report>): Report {
  return {
    networkId: fromHex(fields.networkId),
    epoch: Number(fields.epoch),
    verifierId: fields.verifierId,
    stints: fields.stints.map((stint) => ({
      epoch: Number(stint.epoch),
      node: stint.node,
      traces: stint.traces.map(fromHex),
      delivered: stint.delivered.map(fromHex),
      answers: stint.answers.map((each) => ({
        ...each,
        salt: fromHex(each.salt),
        output: fromHex(each.output),
      })),
      scores: stint.scores,
    })),
    evidence: fields.evidence.map(({ what, first, second, row, salt, output }) => ({
      what,
      first: fromHex(first),
      second: fromHex(second),
      row,
      salt: fromHex(salt),
      output: fromHex(output),
    })),
  }
}

function someStint(label: string, place: Pick<StintReport, 'epoch' | 'node'>, batches: number): StintReport {
  const numbers = [...Array(batches).keys()]
  return {
    ...place,
    traces: numbers.map((i) => someBytes(`${label} trace ${i}`)),
    delivered: numbers.map((i) => someBytes(`${label} delivered ${i}`, i + 1)),
    answers: [],
    scores: [],
  }
}

const judged = (label: string): StintReport => ({
  ...someStint(label, { epoch: 41, node: 3 }, 2),
  answers: [
    { seq: 0, row: 4, salt: someBytes(`${label} salt 0`), output: someBytes(`${label} output 0`, 9) },
    { seq: 1, row: 0, salt: someBytes(`${label} salt 1`), output: new Uint8Array() },
  ],
  scores: [
    { job: 2, score: 0 },
    { job: 7, score: 1_000_000 },
  ],
})

const rowEvidence = (label: string): Evidence => ({
  what: 'row',
  first: someBytes(`${label} batch`, 224),
  second: new Uint8Array(),
  row: 1,
  salt: someBytes(`${label} salt`),
  output: someBytes(`${label} output`, 33),
})

const equivocation = (label: string): Evidence => ({
  what: 'equivocation',
  first: someBytes(`${label} first`, 224),
  second: someBytes(`${label} second`, 272),
  row: 0,
  salt: new Uint8Array(32),
  output: new Uint8Array(),
})

type Body = Pick<Report, 'stints' | 'evidence'>

const BODIES: Readonly<Record<string, Body>> = {
  'nothing was drawn': { stints: [], evidence: [] },
  'a silent stint': { stints: [someStint('silent', { epoch: 41, node: 9 }, 0)], evidence: [] },
  'carried stints before their own epoch’s': {
    stints: [
      someStint('carried', { epoch: 39, node: 500 }, 1),
      someStint('first', { epoch: 41, node: 0 }, 3),
      someStint('second', { epoch: 41, node: 2 ** 32 - 1 }, 1),
    ],
    evidence: [],
  },
  'answers and scores': { stints: [judged('judged')], evidence: [] },
  evidence: {
    stints: [someStint('caught', { epoch: 41, node: 9 }, 1)],
    evidence: [rowEvidence('faked'), equivocation('two')],
  },
}

function entry([name, body]: [string, Body]): ReportEntry {
  const networkId = someBytes(`report ${name} network`)
  const report: Report = { networkId, epoch: 41, verifierId: someU32(`report ${name} verifier`), ...body }
  const bytes = reportCodec.encode(report)
  return { name, fields: fieldsOf(report), bytes: toHex(bytes), hash: toHex(reportHash(networkId, bytes)) }
}

function check({ fields, bytes, hash }: ReportEntry): void {
  const message = reportCodec.encode(reportOf(fields))
  equal(toHex(message), bytes)
  deepStrictEqual(fieldsOf(reportCodec.decode(fromHex(bytes))), fields)
  equal(toHex(reportHash(fromHex(fields.networkId), message)), hash)
}

export const vectors: VectorFile<ReportEntry> = {
  name: 'report',
  generate: () => Object.entries(BODIES).map(entry),
  check,
}
