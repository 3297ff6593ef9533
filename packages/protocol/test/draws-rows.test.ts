import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { concat, readU64, u32le } from '../src/bytes.ts'
import { isDrawn, rowNumbers, StintDraw, stintSalt } from '../src/draws.ts'
import { tag } from '../src/tags.ts'

const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 })
const u32 = fc.nat(2 ** 32 - 1)
const amount = fc.oneof(
  fc.bigInt({ min: 0n, max: 20n }),
  fc.bigInt({ min: 0n, max: 10n ** 12n }),
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
)
const rate = fc.oneof(fc.constantFrom(0, 1, 50_000, 200_000, 999_999, 1_000_000), fc.nat(1_000_000))

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest()
}

/** The number of one row, by 8-bytes.md. */
function plainNumber(salt: Uint8Array, seq: number, row: number): bigint {
  const block = sha256(concat([salt, u32le(seq), u32le(Math.floor(row / 4)), new Uint8Array(24)]))
  return block.readBigUInt64LE(8 * (row % 4))
}

describe('the numbers of rows', () => {
  test('come from the salt of the stint, four to a block', () => {
    fc.assert(
      fc.property(bytes32, bytes32, fc.tuple(u32, fc.nat(70)), (seed, nodeKey, [seq, rows]) => {
        const salt = stintSalt(seed, nodeKey)
        expect([...salt]).toEqual([...sha256(concat([tag('pw/draw'), seed, nodeKey]))])
        const numbers = rowNumbers({ salt, seq, rows })
        for (let row = 0; row < rows; row++) {
          expect(readU64(numbers, 8 * row)).toBe(plainNumber(salt, seq, row))
        }
      }),
    )
  })
})

describe('a row', () => {
  test('is drawn by thresholds as by the plain rule', () => {
    fc.assert(
      fc.property(
        bytes32,
        fc.tuple(u32, amount),
        fc.array(fc.tuple(rate, amount), { minLength: 1, maxLength: 20 }),
        (key, [seq, bond], rows) => {
          const stint = new StintDraw({ seed: key, nodeKey: key, bond })
          const batch = stint.batch(seq, rows.length)
          const salt = stintSalt(key, key)
          for (const [row, [rate, value]] of rows.entries()) {
            const expected = isDrawn(plainNumber(salt, seq, row), { value, bond, rate })
            expect(batch.drawn(row, stint.limit(rate, value))).toBe(expected)
          }
        },
      ),
      { numRuns: 1000 },
    )
  })

  test('is drawn at a threshold itself as by the plain rule', () => {
    // A bond that puts the row's own number on the edge: 2v / (2v + B) is just about x / 2^64.
    fc.assert(
      fc.property(
        bytes32,
        fc.bigInt({ min: 1n, max: 2n ** 63n }),
        fc.bigInt({ min: -2n, max: 2n }),
        (key, value, off) => {
          const x = plainNumber(stintSalt(key, key), 0, 0)
          const bond = (2n * value * 2n ** 64n) / (x + 1n) - 2n * value + off
          if (bond < 0n) return
          const stint = new StintDraw({ seed: key, nodeKey: key, bond })
          const batch = stint.batch(0, 1)
          expect(batch.drawn(0, stint.limit(0, value))).toBe(isDrawn(x, { value, bond, rate: 0 }))
        },
      ),
      { numRuns: 2000 },
    )
  })

  test('of a node without bond is always drawn, and so is every row at a rate of one', () => {
    fc.assert(
      fc.property(bytes32, amount, amount, (key, value, bond) => {
        const isFirstDrawn = (behind: bigint, rate: number, worth: bigint): boolean => {
          const stint = new StintDraw({ seed: key, nodeKey: key, bond: behind })
          return stint.batch(0, 1).drawn(0, stint.limit(rate, worth))
        }
        expect(isFirstDrawn(0n, 0, value)).toBe(value > 0n)
        expect(isFirstDrawn(bond, 1_000_000, value)).toBe(true)
        expect(isFirstDrawn(bond, 0, 0n)).toBe(false)
      }),
    )
  })

  test('is drawn about as often as its probability says', () => {
    const draw = new StintDraw({
      seed: new Uint8Array(32).fill(5),
      nodeKey: new Uint8Array(32).fill(6),
      bond: 380n,
    })
    const rateLimit = draw.limit(50_000, 1n)
    const valueLimit = draw.limit(50_000, 20n)
    let byRate = 0
    let byValue = 0
    for (let seq = 0; seq < 100; seq++) {
      const batch = draw.batch(seq, 1000)
      for (let row = 0; row < 1000; row++) {
        if (batch.drawn(row, rateLimit)) byRate++
        if (batch.drawn(row, valueLimit)) byValue++
      }
    }
    // 1/20, and 40 / (40 + 380), each within four standard deviations.
    expect(Math.abs(byRate / 100_000 - 0.05)).toBeLessThan(0.003)
    expect(Math.abs(byValue / 100_000 - 40 / 420)).toBeLessThan(0.004)
  })
})
