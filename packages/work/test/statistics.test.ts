// What everyone must compute alike of many people's answers.
import { createHash } from 'node:crypto'
import { SeededRandom } from '@piecework/testkit/random'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  boxAgreement,
  bradleyTerry,
  dawidSkene,
  millionths,
  mostAgreed,
  normaliseText,
  setAgreement,
  simhash,
  simhashDistance,
  textAgreement,
  type Vote,
  weighedMedian,
} from '../src/statistics/index.ts'

const CLASSES = 3

/** Workers 0 to 5 are right in nine of ten; 6 and 7 always say 0. */
function crowd(items: number): { readonly truths: readonly number[]; readonly votes: readonly Vote[] } {
  const random = new SeededRandom('a crowd')
  const truths = Array.from({ length: items }, () => random.below(CLASSES))
  const votes = truths.flatMap((truth, item) =>
    Array.from({ length: 8 }, (_, worker) => {
      const wrong = (truth + 1 + random.below(CLASSES - 1)) % CLASSES
      const label = worker > 5 ? 0 : random.chance(0.9) ? truth : wrong
      return { item, worker, label, silent: false }
    }),
  )
  return { truths, votes }
}

const digest = (values: Float64Array) =>
  createHash('sha256').update(new Uint8Array(values.buffer)).digest('hex')

describe('Dawid-Skene', () => {
  const { truths, votes } = crowd(100)
  const plan = { items: 100, workers: 8, classes: CLASSES }

  it('finds what is right among careless workers', () => {
    const { answers } = dawidSkene({ ...plan, votes })
    expect(truths.filter((truth, item) => answers[item] === truth).length).toBeGreaterThan(97)
  })

  it('gives the same bits, here as on every other machine, whatever the order of the votes', () => {
    const { likely } = dawidSkene({ ...plan, votes })
    expect(digest(likely)).toBe('a86445edc8730b473567f71b7e54b3093287e28b98d2750a3b0a49f06c389d04')
    expect(digest(dawidSkene({ ...plan, votes: votes.toReversed() }).likely)).toBe(digest(likely))
  })

  it('does not ask who is in trial', () => {
    const lying = votes.map((vote) => ({
      ...vote,
      worker: 8,
      label: (vote.label + 1) % CLASSES,
      silent: true,
    }))
    const { answers } = dawidSkene({ ...plan, workers: 9, votes: [...votes, ...lying] })
    expect(answers).toEqual(dawidSkene({ ...plan, votes }).answers)
    const only = dawidSkene({
      items: 1,
      workers: 1,
      classes: 2,
      votes: [{ item: 0, worker: 0, label: 1, silent: true }],
    })
    expect([...only.answers]).toEqual([-1])
  })

  it('holds on to what is known, and believes whom the past shows to be good', () => {
    const two = { items: 1, workers: 2, classes: 2 }
    const disagree = [0, 1].map((worker) => ({ item: 0, worker, label: worker, silent: false }))
    const past = new Map([
      [0, { answers: 50, right: 25 }],
      [1, { answers: 50, right: 49 }],
    ])
    expect([...dawidSkene({ ...two, votes: disagree }).answers]).toEqual([0])
    expect([...dawidSkene({ ...two, votes: disagree, past }).answers]).toEqual([1])
    expect([...dawidSkene({ ...two, votes: disagree, past, known: new Map([[0, 0]]) }).answers]).toEqual([0])
  })

  it('says what most say, and ties exactly, where workers differ by nothing but chance', () => {
    const random = new SeededRandom('alike workers')
    const given = Array.from({ length: 900 }, (_, i) => {
      const right = Math.floor(i / 6) % CLASSES
      const label = random.chance(0.7) ? right : (right + 1) % CLASSES
      return { item: Math.floor(i / 6), worker: (i * 7) % 30, label, silent: false }
    })
    const { likely } = dawidSkene({ items: 150, workers: 30, classes: CLASSES, votes: given })
    for (let item = 0; item < 150; item++) {
      const count = (label: number) =>
        given.filter((vote) => vote.item === item && vote.label === label).length
      const order = (of: (label: number) => number) =>
        [0, 1, 2].flatMap((a) => [0, 1, 2].map((b) => Math.sign(of(a) - of(b))))
      expect(order((label) => likely[item * CLASSES + label] ?? 0)).toEqual(order(count))
    }
  })

  it('survives thousands of votes on one item', () => {
    const many = Array.from({ length: 5_000 }, (_, worker) => ({
      item: 0,
      worker,
      label: worker % 3 ? 1 : 0,
      silent: false,
    }))
    const { likely, answers } = dawidSkene({ items: 1, workers: 5_000, classes: 2, votes: many })
    expect([...answers]).toEqual([1])
    expect([...likely].every((part) => part >= 0 && part <= 1)).toBe(true)
  })
})

describe('Bradley-Terry', () => {
  it('gives two items the odds of what was seen, with half a win and half a loss against the middle', () => {
    const games = [
      ...Array.from({ length: 30 }, () => ({ winner: 0, loser: 1, weight: 1 })),
      ...Array.from({ length: 10 }, () => ({ winner: 1, loser: 0, weight: 1 })),
    ]
    const [a = 0, b = 0] = bradleyTerry(2, games)
    // What it should have won, at these strengths, is what it won.
    expect(40 * (a / (a + b)) + a / (a + 1)).toBeCloseTo(30.5, 1)
  })

  it('orders a chain, and gives the same bits whatever the order of the games', () => {
    const games = Array.from({ length: 9 }, (_, i) => ({ winner: i, loser: i + 1, weight: 1 }))
    const strengths = bradleyTerry(10, games)
    expect([...strengths]).toEqual([...strengths].toSorted((a, b) => b - a))
    expect(digest(bradleyTerry(10, games.toReversed()))).toBe(digest(strengths))
    expect(digest(strengths)).toBe('49cb0619415caf63d7a0af9b4097bed804248cfa24bc19c54cf0856f9cf5c680')
  })

  it('knows nothing of items that met nobody', () => {
    expect([...bradleyTerry(3, [])]).toEqual([1, 1, 1])
  })
})

describe('agreement', () => {
  it('lies between nothing and one, and is one with oneself', () => {
    const text = fc.string({ maxLength: 40 })
    fc.assert(
      fc.property(text, text, (a, b) => {
        const agreed = textAgreement(a, b)
        expect(agreed >= 0 && agreed <= 1 && textAgreement(a, a) === 1).toBe(true)
        expect(textAgreement(b, a)).toBe(agreed)
      }),
    )
  })

  it('of texts is by edits, of sets by what they share, of boxes by what they cover', () => {
    expect(textAgreement('kitten', 'sitting')).toBeCloseTo(4 / 7, 12)
    expect(setAgreement(new Set(['a', 'b']), new Set(['b', 'c']))).toBeCloseTo(1 / 3, 12)
    const box = { label: 'cat', x: 0, y: 0, width: 10, height: 10 }
    expect(boxAgreement([box], [{ ...box, x: 5 }])).toBeCloseTo(1 / 3, 12)
    expect(boxAgreement([box], [{ ...box, label: 'dog' }])).toBe(0)
    expect(boxAgreement([box], [box, { ...box, x: 50 }])).toBe(0.5)
    expect(boxAgreement([], [])).toBe(1)
  })

  it('finds the answer in the middle of all', () => {
    const given = ['a cat', 'a cat!', 'xyz'].map((answer) => ({ answer, weight: 1 }))
    expect(mostAgreed(given, textAgreement)?.answer).toBe('a cat')
    expect(mostAgreed([], textAgreement)).toBeUndefined()
    expect(weighedMedian([1, 9, 5].map((answer) => ({ answer, weight: 1 })))).toBe(5)
    expect(weighedMedian([])).toBeUndefined()
  })
})

describe('simhash', () => {
  const text = Array.from({ length: 200 }, (_, i) => `word${i * i}`).join(' ')

  it('is the same for texts that differ in white space alone, near for near ones, far for others', () => {
    expect(simhash(` ${text.replaceAll(' ', '\n\t ')} `)).toBe(simhash(text))
    expect(simhashDistance(simhash(text), simhash(text.replace('word100', 'other')))).toBeLessThan(12)
    expect(simhashDistance(simhash(text), simhash(text.replaceAll('word', 'term')))).toBeGreaterThan(16)
    expect(normaliseText('\n a  b\t')).toBe('a b')
  })

  it('is the same on every machine', () => {
    expect(simhash('the quick brown fox jumps over the lazy dog')).toBe('53189b52e5fbe57e')
    expect(simhash('')).toMatch(/^[0-9a-f]{16}$/)
  })
})

describe('millionths', () => {
  it.each([
    [0.5, 500_000],
    [2, 1_000_000],
    [-1, 0],
    [Number.NaN, 0],
    [1 / 3, 333_333],
  ])('of %d are %d', (part, expected) => {
    expect(millionths(part)).toBe(expected)
  })
})
