// What checkers and verifiers make of outputs: commits, traces, reports, evidence, attestations.
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { attestationHash } from '../src/attestation.ts'
import { concat, toHex, u32le, u64le } from '../src/bytes.ts'
import { joinReveal, joinSigned, reportCodec } from '../src/codecs.ts'
import { ProtocolError } from '../src/errors.ts'
import { checkEvidence } from '../src/evidence.ts'
import type { Evidence, Report } from '../src/messages.ts'
import { outputRoot, rowCommit } from '../src/output.ts'
import { readReport, readReveal, reportCommit, reportHash } from '../src/report.ts'
import { tag } from '../src/tags.ts'
import { countRows, hasRow, isBitmap, makeBitmap, nextTrace, rowsOf, type TraceStep } from '../src/trace.ts'
import * as some from './support/arbitrary.ts'
import { at, batchAfter, chainOf, EPOCH, keyOf, NETWORK, ROW, verify } from './support/chain.ts'

const sha256 = (...parts: Uint8Array[]): Uint8Array =>
  new Uint8Array(createHash('sha256').update(concat(parts)).digest())

function codeOf(action: () => unknown): string {
  try {
    action()
    return 'none'
  } catch (error) {
    if (error instanceof ProtocolError) return error.code
    throw error
  }
}

describe('a commit', () => {
  test('is over the tree of chunks and the length', () => {
    const output = new Uint8Array(1500).fill(3)
    const last = new Uint8Array(1024)
    last.set(output.subarray(1024))
    const root = sha256(sha256(output.subarray(0, 1024)), sha256(last))
    expect(outputRoot(output)).toEqual(sha256(tag('pw/output'), root, u64le(1500n)))
  })

  test('differs for other outputs, zeros at the end too, and for other keys and salts', () => {
    const opening = {
      nodeKey: new Uint8Array(32).fill(1),
      salt: new Uint8Array(32).fill(2),
      output: new Uint8Array(5),
    }
    const commits = [
      opening,
      { ...opening, output: new Uint8Array(6) },
      { ...opening, output: new Uint8Array() },
      { ...opening, output: new Uint8Array(1024) },
      { ...opening, output: new Uint8Array(2048) },
      { ...opening, nodeKey: opening.salt, salt: opening.nodeKey },
    ].map((one) => toHex(rowCommit(one)))
    expect(new Set(commits).size).toBe(commits.length)
  })
})

describe('a bitmap', () => {
  const rows = fc.integer({ min: 1, max: 1024 }).chain((rowCount) =>
    fc.record({
      rowCount: fc.constant(rowCount),
      rows: fc.uniqueArray(fc.nat(rowCount - 1), { maxLength: 40 }),
    }),
  )

  test('has the rows that were put in, first in the lowest bit', () => {
    expect(makeBitmap(10, [0, 9])).toEqual(Uint8Array.of(1, 2))
    fc.assert(
      fc.property(rows, ({ rowCount, rows: list }) => {
        const bitmap = makeBitmap(rowCount, list)
        expect(rowsOf(bitmap)).toEqual([...list].sort((a, b) => a - b))
        expect(countRows(bitmap)).toBe(list.length)
        expect(list.every((row) => hasRow(bitmap, row))).toBe(true)
        expect(isBitmap(bitmap, rowCount)).toBe(true)
      }),
    )
  })

  test('has no row beyond the last, and no other length', () => {
    expect(codeOf(() => makeBitmap(10, [10]))).toBe('report/invalid')
    expect(isBitmap(Uint8Array.of(0xff, 0x03), 10)).toBe(true)
    expect(isBitmap(Uint8Array.of(0xff, 0x04), 10)).toBe(false)
    expect(isBitmap(Uint8Array.of(0xff), 10)).toBe(false)
    expect(isBitmap(Uint8Array.of(0xff, 0x03, 0), 10)).toBe(false)
    expect(isBitmap(Uint8Array.of(0xff), 8)).toBe(true)
  })
})

describe('a trace', () => {
  const step: TraceStep = {
    previous: new Uint8Array(32),
    batchHash: new Uint8Array(32).fill(1),
    rowCount: 3,
    delivered: makeBitmap(3, [0, 2]),
    outputs: [Uint8Array.of(5, 6), new Uint8Array()],
    traces: [new Uint8Array(32).fill(7)],
  }

  test('is over everything that was delivered and found', () => {
    const delivered = sha256(u32le(2), Uint8Array.of(5, 6), u32le(0))
    const expected = sha256(
      tag('pw/trace'),
      step.previous,
      step.batchHash,
      Uint8Array.of(5),
      delivered,
      sha256(...step.traces),
    )
    expect(nextTrace(step)).toEqual(expected)
  })

  test('is refused when its parts do not fit each other', () => {
    const next = (change: Partial<TraceStep>): string => codeOf(() => nextTrace({ ...step, ...change }))
    expect(next({ outputs: [] })).toBe('report/invalid')
    expect(next({ rowCount: 9 })).toBe('report/invalid')
    expect(next({ rowCount: 2 })).toBe('report/invalid')
    expect(next({ traces: [new Uint8Array(31)] })).toBe('report/invalid')
    expect(next({ outputs: [new Uint8Array(2 ** 26), new Uint8Array(1)] })).toBe('report/invalid')
  })
})

describe('a report', () => {
  const key = keyOf(4)
  const report: Report = { networkId: NETWORK, epoch: EPOCH, verifierId: 2, stints: [], evidence: [] }
  const message = reportCodec.encode(report)
  const hash = reportHash(NETWORK, message)
  const signed = joinSigned({ signature: key.sign(hash), message })
  const salt = new Uint8Array(32).fill(6)
  const commit = reportCommit({ networkId: NETWORK, epoch: EPOCH, verifierId: 2, salt, reportHash: hash })
  const reporter = { networkId: NETWORK, epoch: EPOCH, verifierId: 2, voteKey: key.publicKey, verify, commit }
  const read = (reveal: Uint8Array, change: Partial<typeof reporter> = {}): string =>
    codeOf(() => readReveal(reveal, { ...reporter, ...change }))

  test('is revealed by what opens its commit', () => {
    expect(readReveal(joinReveal({ salt, signed }), reporter)).toEqual({ report, hash })
    expect(readReport(signed, reporter)).toEqual({ report, hash })
  })

  test('is refused with another salt, of another verifier, epoch or network, or unsigned', () => {
    const reveal = joinReveal({ salt, signed })
    expect(read(joinReveal({ salt: new Uint8Array(32), signed }))).toBe('report/invalid')
    expect(read(reveal, { verifierId: 3 })).toBe('report/invalid')
    expect(read(reveal, { epoch: EPOCH + 1 })).toBe('report/invalid')
    expect(read(reveal, { networkId: salt })).toBe('report/invalid')
    expect(read(reveal, { voteKey: keyOf(5).publicKey })).toBe('signature/invalid')
    expect(read(reveal.subarray(0, 90))).toBe('bytes/malformed')
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void expect(read(bytes)).not.toBe('none')),
    )
  })

  test('is refused with any bit of its reveal changed', () => {
    const reveal = joinReveal({ salt, signed })
    fc.assert(
      fc.property(fc.nat(reveal.length - 1), fc.nat(7), (place, bit) => {
        const code = read(reveal.with(place, (reveal[place] ?? 0) ^ (1 << bit)))
        expect(['bytes/malformed', 'report/invalid', 'signature/invalid']).toContain(code)
      }),
    )
  })

  test('has a commit that holds for nobody else and no other time', () => {
    const base = { networkId: NETWORK, epoch: 1, verifierId: 1, salt, reportHash: hash }
    const commits = [base, { ...base, epoch: 2 }, { ...base, verifierId: 2 }, { ...base, networkId: salt }]
    expect(new Set(commits.map((one) => toHex(reportCommit(one)))).size).toBe(4)
  })
})

describe('evidence', () => {
  const key = keyOf(1)
  const context = { networkId: NETWORK, verify }
  const opening = { nodeKey: key.publicKey, salt: new Uint8Array(32).fill(8), output: Uint8Array.of(1, 2, 3) }
  const row = { ...ROW, task: 9, commit: rowCommit(opening) }
  const batch = batchAfter({ key, after: at(chainOf(key, 2), 1), rows: [ROW, row] })
  const none = { second: new Uint8Array(), row: 0, salt: new Uint8Array(32), output: new Uint8Array() }
  const ofRow: Evidence = {
    what: 'row',
    first: batch.signed,
    second: none.second,
    row: 1,
    salt: opening.salt,
    output: opening.output,
  }

  test('of a row opens a signed commit', () => {
    expect(checkEvidence(ofRow, context)).toEqual({
      nodeKey: key.publicKey,
      epoch: EPOCH,
      seq: 2,
      batchHash: batch.hash,
      rowIndex: 1,
      row,
    })
  })

  test('of a row shows nothing when it opens nothing, or nobody signed it', () => {
    const shows = (change: Partial<Evidence>): boolean =>
      checkEvidence({ ...ofRow, ...change }, context) !== undefined
    expect(shows({})).toBe(true)
    expect(shows({ row: 0 })).toBe(false)
    expect(shows({ row: 2 })).toBe(false)
    expect(shows({ salt: none.salt })).toBe(false)
    expect(shows({ output: Uint8Array.of(1, 2) })).toBe(false)
    const forged = batchAfter({ key: { publicKey: key.publicKey, sign: keyOf(2).sign }, rows: [ROW, row] })
    expect(shows({ first: forged.signed })).toBe(false)
    const elsewhere = batchAfter({ key, networkId: new Uint8Array(32), rows: [ROW, row] })
    expect(shows({ first: elsewhere.signed })).toBe(false)
  })

  test('of an equivocation is two signed batches for one place', () => {
    const other = batchAfter({ key, after: at(chainOf(key, 2), 1) })
    const shown = (first: Uint8Array, second: Uint8Array) =>
      checkEvidence({ what: 'equivocation', ...none, first, second }, context)
    const found = shown(batch.signed, other.signed)
    expect(found).toMatchObject({ nodeKey: key.publicKey, epoch: EPOCH, seq: 2, row: undefined })
    expect(shown(other.signed, batch.signed)).toEqual(found)
    expect(shown(batch.signed, batch.signed)).toBeUndefined()
    expect(shown(batch.signed, batchAfter({ key, after: other }).signed)).toBeUndefined()
    expect(shown(batch.signed, batchAfter({ key, seq: 2, epoch: 4 }).signed)).toBeUndefined()
    expect(shown(batch.signed, batchAfter({ key: keyOf(2), seq: 2 }).signed)).toBeUndefined()
    expect(shown(batch.signed, none.second)).toBeUndefined()
  })

  test('of any bytes shows nothing, and breaks nothing', () => {
    fc.assert(
      fc.property(some.evidence, (evidence) => {
        expect(checkEvidence(evidence, context)).toBeUndefined()
      }),
    )
  })
})

test('the hash of an attestation is of its fields in order', () => {
  fc.assert(
    fc.property(some.attestation, (attestation) => {
      const { networkId, epoch, round, seed, factsHash, inputsRoot, previous } = attestation
      const { accounts, jobs, slashes, nodesRoot, workforceRoot, stateHash } = attestation
      const roots = [accounts, jobs, slashes].flatMap(({ root, count, total }) => [
        root,
        u64le(BigInt(count)),
        u64le(total),
      ])
      const fields = [
        networkId,
        u64le(BigInt(epoch)),
        u64le(BigInt(round)),
        seed,
        factsHash,
        inputsRoot,
        previous,
      ]
      const expected = sha256(tag('pw/attestation'), ...fields, ...roots, nodesRoot, workforceRoot, stateHash)
      expect(attestationHash(attestation)).toEqual(expected)
    }),
  )
})
