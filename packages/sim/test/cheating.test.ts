// The figures that adversary 10 holds the real code against, held against something simpler themselves.
import { SeededRandom } from '@piecework/testkit'
import { describe, expect, test } from 'vitest'
import { miss, missByChance, NOTHING_SEEN, together } from '../src/adversary/cheating/detection.ts'
import { anyDrawn, drawChance, friendsPass } from '../src/adversary/cheating/formula.ts'
import { estimate, gainAt, relativeGain } from '../src/adversary/cheating/gain.ts'
import { luckBeyondChance, missBeyondChance } from '../src/adversary/cheating/table.ts'

describe('the chance that a fake is drawn', () => {
  test('is one without a bond, the rate with a full one, and between them by value', () => {
    expect(drawChance({ value: 100, bond: 0, rate: 0.05 })).toBe(1)
    expect(drawChance({ value: 100, bond: 3800, rate: 0.05 })).toBeCloseTo(0.05, 12)
    expect(drawChance({ value: 100, bond: 100_000, rate: 0.05 })).toBe(0.05)
    expect(drawChance({ value: 100, bond: 600, rate: 0.05 })).toBe(0.25)
  })

  test('leaves no set of rows that gains, at any bond', () => {
    const random = new SeededRandom('sets of rows')
    for (let i = 0; i < 1000; i++) {
      const bond = random.below(100_000)
      const values = Array.from({ length: 1 + random.below(50) }, () => 1 + random.below(10_000))
      const drawn = anyDrawn(values.map((value) => ({ value, bond, rate: 0.05 })))
      const value = values.reduce((sum, one) => sum + one, 0)
      expect((1 - drawn) * value - drawn * bond).toBeLessThanOrEqual(1e-9 * value)
    }
  })
})

/** Every way to draw the verifiers one after another, the friends first in the list. */
function drawnByHand(verifiers: number, friends: number, count: number): number[] {
  const orders = (left: readonly number[], taken: number): number[][] =>
    taken === 0
      ? [[]]
      : left.flatMap((one) =>
          orders(
            left.filter((other) => other !== one),
            taken - 1,
          ).map((rest) => [one, ...rest]),
        )
  return orders([...Array(verifiers).keys()], count).map((order) => order.filter((id) => id < friends).length)
}

describe('the chance that friends pass a stint', () => {
  test('is what counting all draws of three checkers gives', () => {
    for (const friends of [0, 1, 2, 3, 5]) {
      const draws = drawnByHand(7, friends, 3)
      const quorum = { verifiers: 7, friends, checkers: 3, rounds: 1 }
      const share = (enough: number): number => draws.filter((found) => found >= enough).length / draws.length
      expect(friendsPass({ ...quorum, unproven: false })).toBeCloseTo(share(2), 12)
      expect(friendsPass({ ...quorum, unproven: true })).toBeCloseTo(share(3), 12)
    }
  })

  test('grows, while the stint is carried, by those who have more than two thirds of five', () => {
    const quorum = { verifiers: 6, friends: 4, checkers: 3, unproven: true }
    expect(friendsPass({ ...quorum, rounds: 1 })).toBeCloseTo(4 / 20, 12)
    // Two friends of the first three in 12 of 20 draws; then both others in one of three.
    expect(friendsPass({ ...quorum, rounds: 2 })).toBeCloseTo(4 / 20 + 12 / 20 / 3, 12)
  })

  test('comes near to 3p^2 - 2p^3, and p^3, among many verifiers', () => {
    for (const p of [0.1, 0.2, 0.3]) {
      const quorum = { verifiers: 100_000, friends: p * 100_000, checkers: 3, rounds: 1 }
      expect(friendsPass({ ...quorum, unproven: false })).toBeCloseTo(3 * p ** 2 - 2 * p ** 3, 4)
      expect(friendsPass({ ...quorum, unproven: true })).toBeCloseTo(p ** 3, 4)
    }
  })
})

describe('gain', () => {
  const twin = { money: 800, spent: 0, worked: 800, workedMeanwhile: 400 }

  test('is money against money where work costs nothing', () => {
    expect(gainAt(0, { cheater: { ...twin, money: 300, worked: 400 }, twin })).toBe(-500)
  })

  test('counts the work that was saved at what it costs, and what was spent', () => {
    const cheater = { ...twin, money: 500, worked: 400 }
    expect(gainAt(0.5, { cheater, twin })).toBe(-100)
    expect(gainAt(1, { cheater, twin })).toBe(100)
    expect(gainAt(1, { cheater: { ...cheater, spent: 150 }, twin })).toBe(-50)
  })

  test('is never less at a higher cost, as long as the cheater did not do more', () => {
    const random = new SeededRandom('purses')
    const amount = (): number => random.below(10_000)
    for (let i = 0; i < 1000; i++) {
      const worked = amount()
      const pair = {
        cheater: { ...twin, money: amount(), worked },
        twin: { ...twin, money: amount(), worked: worked + amount() },
      }
      const low = random.float()
      const high = low + (1 - low) * random.float()
      expect(gainAt(high, pair)).toBeGreaterThanOrEqual(gainAt(low, pair) - 1e-6)
    }
  })

  test('is shown as a share of what honest work is paid meanwhile, with its standard error', () => {
    const pairs = [300, 400, 500].map((money) => ({
      cheater: { ...twin, money, worked: 400 },
      twin,
      luck: 0,
    }))
    const { mean, error } = relativeGain(1, pairs)
    expect(mean).toBe(0)
    expect(error).toBeCloseTo(0.25 / Math.sqrt(3), 12)
    expect(estimate([1, 2, 3, 4]).error).toBeCloseTo(Math.sqrt(5 / 3 / 4), 12)
    expect(estimate([7])).toEqual({ mean: 7, error: 0 })
  })

  test('leaves out what was luck', () => {
    const lucky = { cheater: { ...twin, money: 900 }, twin, luck: 300 }
    const unlucky = { cheater: { ...twin, money: 500 }, twin, luck: -100 }
    expect(relativeGain(1, [lucky, unlucky])).toEqual({ mean: -0.5, error: 0 })
  })
})

describe('a rate of catches', () => {
  const seen = { stints: 400, caught: 100, expected: 80, variance: 64, luck: -200, luckVariance: 2_500 }

  test('is compared with the formula in shares of all stints', () => {
    expect(miss(seen)).toBe(0.05)
    expect(missByChance(seen)).toBe(0.02)
    expect(miss(NOTHING_SEEN)).toBe(0)
  })

  test('misses it only by what four standard errors do not explain', () => {
    expect(missBeyondChance(seen)).toBe(0)
    expect(missBeyondChance({ ...seen, caught: 120 })).toBeCloseTo(0.02, 12)
  })

  test('leaves luck that four standard errors explain, and shows what is more as a share of honest pay', () => {
    expect(luckBeyondChance({ detection: seen, honestPay: 1_000 })).toBe(0)
    expect(luckBeyondChance({ detection: { ...seen, luck: 250 }, honestPay: 1_000 })).toBe(0.05)
  })

  test('of two sets of stints is that of both together', () => {
    expect(together(seen, seen)).toEqual({
      stints: 800,
      caught: 200,
      expected: 160,
      variance: 128,
      luck: -400,
      luckVariance: 5_000,
    })
  })
})
