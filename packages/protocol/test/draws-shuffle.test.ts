import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { concat, u16le, u32le } from '../src/bytes.ts'
import { shuffle } from '../src/draws.ts'
import { tag } from '../src/tags.ts'

const seed = fc.record({
  seed: fc.uint8Array({ minLength: 32, maxLength: 32 }),
  kind: fc.nat(2 ** 16 - 1),
  turn: fc.nat(2 ** 32 - 1),
})

/** 8-bytes.md in plain numbers. */
function plainShuffle(
  list: readonly number[],
  from: { seed: Uint8Array; kind: number; turn: number },
): number[] {
  const stream = (function* () {
    for (let counter = 0; ; counter++) {
      const message = concat([
        tag('pw/shuffle'),
        from.seed,
        u16le(from.kind),
        u32le(from.turn),
        u32le(counter),
      ])
      const hash = createHash('sha256').update(message).digest()
      for (let i = 0; i < 8; i++) yield hash.readUInt32LE(4 * i)
    }
  })()
  const order = [...list]
  for (let i = order.length - 1; i >= 1; i--) {
    let v = stream.next().value ?? 0
    while (v >= 2 ** 32 - (2 ** 32 % (i + 1))) v = stream.next().value ?? 0
    const [a = 0, b = 0] = [order[i], order[v % (i + 1)]]
    order[i] = b
    order[v % (i + 1)] = a
  }
  return order
}

describe('a shuffle', () => {
  test('is what the plain text of the protocol gives, and keeps every entry', () => {
    fc.assert(
      fc.property(seed, fc.array(fc.nat(2 ** 32 - 1), { maxLength: 300 }), (from, list) => {
        const shuffled = Uint32Array.from(list)
        shuffle(shuffled, from)
        expect([...shuffled]).toEqual(plainShuffle(list, from))
        expect([...shuffled].sort((a, b) => a - b)).toEqual([...list].sort((a, b) => a - b))
      }),
    )
  })

  test('puts every entry into every place equally often', () => {
    const places = Array.from({ length: 5 }, () => [0, 0, 0, 0, 0])
    const rounds = 20_000
    for (let turn = 0; turn < rounds; turn++) {
      const order = Uint32Array.of(0, 1, 2, 3, 4)
      shuffle(order, { seed: new Uint8Array(32), kind: 1, turn })
      for (const [place, entry] of order.entries()) {
        const row = places[entry] ?? []
        row[place] = (row[place] ?? 0) + 1
      }
    }
    // Each about 4,000, with a standard deviation of 57.
    for (const count of places.flat()) expect(Math.abs(count - rounds / 5)).toBeLessThan(300)
  })
})
