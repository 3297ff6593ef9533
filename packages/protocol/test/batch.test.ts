import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isSigned, RowsView, readBatch, signBatch } from '../src/batch.ts'
import { toHex } from '../src/bytes.ts'
import { batchCodec, joinSigned } from '../src/codecs.ts'
import { ProtocolError } from '../src/errors.ts'
import { messageHash } from '../src/hash.ts'
import { BATCH_ROWS, MAX_SIGNED_BATCH_BYTES } from '../src/limits.ts'
import type { Batch, Row } from '../src/messages.ts'
import * as some from './support/arbitrary.ts'

const signature = new Uint8Array(64).fill(9)
const signed = (batch: Batch): Uint8Array => signBatch(batch, () => signature)

/** By hand, the value that the codec would read. */
function handRead(bytes: Uint8Array): Batch {
  const { networkId, epoch, nodeKey, seq, prev, rows, rowCount } = readBatch(bytes)
  const view = new RowsView(rows)
  return {
    networkId,
    epoch,
    nodeKey,
    seq,
    prev,
    rows: Array.from({ length: rowCount }, (_, i) => view.row(i)),
  }
}

function codeOf(bytes: Uint8Array): string {
  try {
    readBatch(bytes)
    return 'none'
  } catch (error) {
    if (error instanceof ProtocolError) return error.code
    throw error
  }
}

describe('a batch read by hand', () => {
  test('is what its codec says', () => {
    fc.assert(
      fc.property(some.batch, (batch) => {
        const bytes = signed(batch)
        expect(handRead(bytes)).toEqual(batch)
        expect(handRead(bytes)).toEqual(batchCodec.decode(bytes.subarray(64)))
      }),
    )
  })

  test('is refused exactly when its codec refuses it', () => {
    const changes = fc.record({ at: fc.nat(), value: fc.nat(255), length: fc.integer({ min: -60, max: 60 }) })
    fc.assert(
      fc.property(some.batch, changes, (batch, { at, value, length }) => {
        const whole = signed(batch)
        const bytes = new Uint8Array(whole.length + length)
        bytes.set(whole.subarray(0, bytes.length))
        // Most of the bytes that can be wrong are in the header.
        bytes[64 + (at % Math.min(120, bytes.length - 64))] = value
        let decoded: Batch | undefined
        try {
          decoded = batchCodec.decode(bytes.subarray(64))
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolError)
        }
        if (decoded === undefined) expect(['bytes/malformed', 'batch/invalid']).toContain(codeOf(bytes))
        else expect(handRead(bytes)).toEqual(decoded)
      }),
      { numRuns: 500 },
    )
  })

  test('gives views of the bytes that arrived, wherever they stand in a buffer', () => {
    const [batch] = fc.sample(some.batch, { numRuns: 1, seed: 1 })
    if (batch === undefined) throw new Error('fast-check made no sample')
    const bytes = signed(batch)
    const buffer = new Uint8Array(bytes.length + 7)
    buffer.set(bytes, 3)
    const held = readBatch(buffer.subarray(3, 3 + bytes.length))
    expect(handRead(held.signed)).toEqual(batch)
    expect(held.rows.buffer).toBe(buffer.buffer)
    expect(toHex(held.hash)).toBe(toHex(messageHash('pw/batch', batch.networkId, bytes.subarray(64))))
  })
})

describe('a batch', () => {
  const row: Row = { job: 1, task: 2, units: 3, at: 4, commit: new Uint8Array(32) }
  const batch: Batch = {
    networkId: new Uint8Array(32).fill(1),
    epoch: 5,
    nodeKey: new Uint8Array(32).fill(2),
    seq: 6,
    prev: new Uint8Array(32).fill(3),
    rows: [row],
  }

  test('has the layout that docs give: 112 bytes, then 48 a row', () => {
    const bytes = signed({ ...batch, rows: [row, row] })
    expect(bytes).toHaveLength(64 + 112 + 2 * 48)
    expect(bytes.subarray(0, 64)).toEqual(signature)
  })

  test('is signed over its hash, by the node key that it names', () => {
    const asked: unknown[] = []
    const held = readBatch(signed(batch))
    isSigned(held, (...question) => asked.push(question) > 0)
    expect(asked).toEqual([[batch.nodeKey, held.hash, signature]])
  })

  test('has at least one row and at most 1,024', () => {
    const message = batchCodec.encode(batch)
    expect(codeOf(joinSigned({ signature, message: message.subarray(0, 112) }))).toBe('batch/invalid')
    const full = signed({ ...batch, rows: Array.from({ length: BATCH_ROWS }, () => row) })
    expect(full).toHaveLength(MAX_SIGNED_BATCH_BYTES)
    expect(codeOf(full)).toBe('none')
    expect(codeOf(new Uint8Array([...full, ...new Uint8Array(48)]))).toBe('bytes/too-long')
  })

  test('is refused when cut, with rows elsewhere, or with an epoch beyond 2^53', () => {
    const bytes = signed(batch)
    for (let length = 0; length < bytes.length; length++) {
      expect(['bytes/malformed', 'batch/invalid']).toContain(codeOf(bytes.subarray(0, length)))
    }
    expect(codeOf(bytes.with(64 + 108, 113))).toBe('bytes/malformed')
    expect(codeOf(bytes.with(64 + 32 + 6, 0x20))).toBe('bytes/malformed')
  })
})
