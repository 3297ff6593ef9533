import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { concat, readU64, u32le, u64le } from '../src/bytes.ts'
import { drawCheckers, drawProposer, drawWeighted, stakeWeights, type Weighted } from '../src/draws.ts'
import { tag } from '../src/tags.ts'

const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 })
const u64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })
const candidates = fc
  .uniqueArray(fc.tuple(fc.nat(), fc.oneof(fc.nat(5), fc.nat(60_000_000))), {
    maxLength: 64,
    selector: ([id]) => id,
  })
  .map((list) => list.sort(([a], [b]) => a - b).map(([id, weight]): Weighted => ({ id, weight })))

/** 8-bytes.md in plain numbers. */
function plainDraw(draw: Parameters<typeof drawWeighted>[0]): number[] {
  const left = draw.candidates.filter(({ weight }) => weight > 0)
  const drawn: number[] = []
  for (let k = draw.firstK ?? 0; drawn.length < draw.count && left.length > 0; k++) {
    const hash = createHash('sha256')
      .update(concat([tag(draw.tag), draw.seed, draw.context, u32le(k)]))
      .digest()
    const sum = left.reduce((total, { weight }) => total + BigInt(weight), 0n)
    const x = readU64(hash) % sum
    let running = 0n
    const position = left.findIndex(({ weight }) => {
      running += BigInt(weight)
      return running > x
    })
    drawn.push(...left.splice(position, 1).map(({ id }) => id))
  }
  return drawn
}

describe('weights', () => {
  test('are the stakes, shifted by as little as brings their sum below 2^32', () => {
    fc.assert(
      fc.property(fc.array(u64, { maxLength: 64 }), (stakes) => {
        const { shift, weights } = stakeWeights(stakes)
        const sumAt = (s: number): bigint => stakes.reduce((sum, stake) => sum + (stake >> BigInt(s)), 0n)
        expect(weights).toEqual(stakes.map((stake) => Number(stake >> BigInt(shift))))
        expect(sumAt(shift)).toBeLessThan(2n ** 32n)
        if (shift > 0) expect(sumAt(shift - 1)).toBeGreaterThanOrEqual(2n ** 32n)
      }),
    )
  })

  test('of 2^32 - 1 need no shift, of 2^32 one', () => {
    expect(stakeWeights([2n ** 32n - 1n])).toEqual({ shift: 0, weights: [2 ** 32 - 1] })
    expect(stakeWeights([2n ** 31n, 2n ** 31n])).toEqual({ shift: 1, weights: [2 ** 30, 2 ** 30] })
  })
})

describe('the weighted draw', () => {
  test('is what the plain text of the protocol gives', () => {
    fc.assert(
      fc.property(
        fc.tuple(bytes32, fc.uint8Array({ maxLength: 40 })),
        candidates,
        fc.tuple(fc.nat(70), fc.nat(5)),
        ([seed, context], among, [count, firstK]) => {
          const draw = { tag: 'pw/checkers' as const, seed, context, candidates: among, count, firstK }
          expect(drawWeighted(draw)).toEqual(plainDraw(draw))
        },
      ),
      { numRuns: 300 },
    )
  })

  test('draws each at most once, and all that weigh anything when asked for more', () => {
    fc.assert(
      fc.property(bytes32, candidates, (seed, among) => {
        const drawn = drawWeighted({ tag: 'pw/checkers', seed, context: seed, candidates: among, count: 100 })
        const weighing = among.filter(({ weight }) => weight > 0).map(({ id }) => id)
        expect([...drawn].sort((a, b) => a - b)).toEqual(weighing)
      }),
    )
  })

  test('follows the stake', () => {
    const among = [10, 20, 70].map((weight, id) => ({ id, weight }))
    const counts = [0, 0, 0]
    for (let round = 0; round < 20_000; round++) {
      const id = drawProposer({ seed: u64le(1n), round, candidates: among }) ?? -1
      counts[id] = (counts[id] ?? 0) + 1
    }
    for (const { id, weight } of among) expect((counts[id] ?? 0) / 200).toBeCloseTo(weight, -0.5)
  })

  test('of nobody is nobody', () => {
    expect(drawProposer({ seed: u64le(1n), round: 0, candidates: [] })).toBeUndefined()
    expect(drawProposer({ seed: u64le(1n), round: 0, candidates: [{ id: 4, weight: 0 }] })).toBeUndefined()
  })
})

describe('checkers', () => {
  test('that join later go on with k, among those that were not drawn yet', () => {
    fc.assert(
      fc.property(fc.tuple(bytes32, bytes32), candidates, fc.nat(1000), ([seed, nodeKey], among, epoch) => {
        const all = drawCheckers({ seed, nodeKey, epoch, candidates: among, count: 7 })
        const before = drawCheckers({ seed, nodeKey, epoch, candidates: among, count: 3 })
        const after = drawCheckers({ seed, nodeKey, epoch, candidates: among, count: 4, before })
        expect([...before, ...after]).toEqual(all)
      }),
    )
  })
})
