// The kind judge: the contract of all kinds for each form, positions swapped, quotes checked, and who is paid what.
import { createHash } from 'node:crypto'
import { MEMORY_BYTES } from '@piecework/protocol'
import { SeededRandom } from '@piecework/testkit/random'
import { contractOf, type Example } from '@piecework/work/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { kind } from '../../src/kinds/judge/kind.ts'
import { pairOf } from '../../src/kinds/judge/pair.ts'
import { addWin, gamesOf, readWins, type Wins, writeWins } from '../../src/kinds/judge/wins.ts'
import { contentOf } from '../support/align.ts'
import { type AskedTask, json, judge, parsed, totals } from '../support/crowd.ts'
import { testSandbox } from '../support/sandbox.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const hex = (of: Uint8Array) => createHash('sha256').update(of).digest('hex')
const ITEMS = bytes('the first line\nthe second line\n{"text": "the third line"}\nthe fourth\n')
const SOURCE = bytes('Water boils at\n100 degrees at sea level.\nHigher up it boils earlier.')
const machine = async () => ({ sandbox: testSandbox(), content: contentOf([ITEMS, SOURCE]) })
const held = {
  bytes: (hash: Uint8Array) => {
    if (Buffer.from(hash).toString('hex') !== hex(SOURCE)) throw new Error('not held')
    return SOURCE
  },
}

const common = { instructions: 'Read **both**.', items: hex(ITEMS) }
const FORMS = {
  pairs: { type: 'pairs', count: 4 },
  grade: { type: 'grade', least: 1, most: 5, reasonChars: 5 },
  rewrite: { type: 'rewrite', most: 100 },
  claims: { type: 'claims', sources: [{ name: 'physics', hash: hex(SOURCE) }] },
}
const REASON = 'it is clear'
const quote = (text: string, source = 'physics') => ({ source, text })
const TRUE = { verdict: 'true', quotes: [quote('boils at 100 degrees')] }

function example(answer: object, more: Partial<Example>): Example {
  return { kind, spec: { ...common, answer }, badSpecs: [], tasks: [0, 1], machine, ...more }
}

const EXAMPLES = {
  pairs: example(FORMS.pairs, {
    badSpecs: [
      { spec: { ...common, answer: { type: 'pairs', count: 1 } }, says: 'count' },
      { spec: { ...common, answer: { type: 'grade', least: 5, most: 5 } }, says: 'least' },
      { spec: { ...common, answer: { type: 'claims', sources: [] } }, says: 'sources' },
      { spec: { ...common, answer: { type: 'video' } }, says: 'answer' },
    ],
    answers: ['first', 'first', 'second'].map((better) => json({ better })),
    inputs: { good: [{ better: 'first' }], bad: [{ better: 'third' }, { better: 'first', why: '' }] },
  }),
  grade: example(FORMS.grade, {
    answers: [1, 4, 5].map((grade) => json({ grade, reason: REASON })),
    inputs: {
      good: [{ grade: 5, reason: REASON }],
      bad: [
        { grade: 6, reason: REASON },
        { grade: 2.5, reason: REASON },
        { grade: 2, reason: 'no' },
      ],
    },
  }),
  rewrite: example(FORMS.rewrite, {
    answers: ['a better line', 'a better first line', 'x'].map((text) => json({ text })),
    inputs: {
      good: [{ text: 'better' }],
      bad: [{ text: 'the first line' }, { text: 'x'.repeat(101) }, { text: '' }],
    },
  }),
  claims: example(FORMS.claims, {
    held: held.bytes,
    answers: [TRUE, TRUE, { verdict: 'unclear', quotes: [] }].map(json),
    inputs: {
      good: [
        TRUE,
        { verdict: 'unclear', quotes: [] },
        { verdict: 'false', quotes: [quote('Higher up  it\nboils')] },
      ],
      bad: [
        { verdict: 'true', quotes: [] },
        { verdict: 'true', quotes: [quote('boils at 90 degrees')] },
        { verdict: 'true', quotes: [quote('boils at 100', 'chemistry')] },
        { verdict: 'true', quotes: [quote(' ')] },
      ],
    },
  }),
}

describe.each(Object.entries(EXAMPLES))('the contract of all kinds, %s', (_, one) => {
  for (const { name, run } of contractOf(one)) it(name, run)
})

const jobOf = (form: keyof typeof FORMS) => kind.open({ ...common, answer: FORMS[form] })
const scoresOf = (form: keyof typeof FORMS, answers: readonly unknown[]) =>
  judge(
    jobOf(form),
    [{ task: 0, given: answers.map((answer, owner) => ({ owner, output: json(answer) })) }],
    { held },
  )

describe('pairs', () => {
  it('are all pairs, each in both orders', () => {
    const shown = Array.from({ length: 24 }, (_, task) => pairOf(task, 4))
    for (let task = 0; task < 24; task += 2)
      expect([shown[task]?.first, shown[task]?.second]).toEqual([
        shown[task + 1]?.second,
        shown[task + 1]?.first,
      ])
    expect(new Set(shown.map(({ first, second }) => `${first} ${second}`)).size).toBe(12)
    expect(shown.every(({ first, second }) => first !== second)).toBe(true)
  })

  it('show both items', async () => {
    const { content } = await machine()
    const shown = async (task: number) =>
      (await jobOf('pairs').present?.(task, content))?.shown.map((one) =>
        one.type === 'text' ? one.text : '',
      )
    expect(await shown(0)).toEqual(['the first line', 'the second line'])
    expect(await shown(1)).toEqual(['the second line', 'the first line'])
    await expect(jobOf('pairs').present?.(24, content)).rejects.toMatchObject({ code: 'task/none' })
  })

  it('are ranked by all that was ever said, and who always takes the first place earns little', () => {
    const job = kind.open({ ...common, answer: { type: 'pairs', count: 20 } })
    let memory = new Uint8Array()
    const sums = new Map<number, number>()
    const results = new Map<number, unknown>()
    for (let round = 0; round < 4; round++) {
      const tasks: AskedTask[] = Array.from({ length: 100 }, (_, i) => {
        const task = round * 100 + i
        const { first, second } = pairOf(task, 20)
        const right = first < second ? 'first' : 'second'
        const honest = [0, 1, 2].map((owner) => {
          const slips = new SeededRandom(`${owner} ${task}`).chance(0.15)
          return { owner, output: json({ better: slips === (right === 'first') ? 'second' : 'first' }) }
        })
        return { task, given: [...honest, { owner: 3, output: json({ better: 'first' }) }] }
      })
      const judged = judge(job, tasks, { memory })
      memory = new Uint8Array(judged.memory)
      for (const [owner, sum] of totals(tasks, judged)) sums.set(owner, (sums.get(owner) ?? 0) + sum)
      for (const [i, { task }] of tasks.entries()) results.set(task, parsed(judged.results[i]))
    }
    const wrong = [...results].filter(([task, result]) => {
      const { first, second } = pairOf(task, 20)
      return (result as { better: string }).better !== (first < second ? 'first' : 'second')
    })
    expect(wrong.length).toBeLessThan(30)
    expect(sums.get(3) ?? 0).toBeLessThan((sums.get(0) ?? 0) / 2)
  })

  it('are remembered within bounds, as the same bytes', () => {
    const wins: Wins = new Map()
    for (let i = 0; i < 200_000; i++)
      addWin(wins, { winner: i % 1_000, loser: 1_000 + Math.floor(i / 1_000), weight: 1.5 }, 2_000)
    const written = writeWins(wins)
    expect(written.length).toBeLessThan(MEMORY_BYTES / 1.5)
    expect(Buffer.from(writeWins(readWins(written, 2_000))).equals(written)).toBe(true)
    expect(gamesOf(readWins(written, 2_000))[0]).toEqual({ winner: 0, loser: 1_000, weight: 1.5 })
  })
})

describe('grades', () => {
  it('count by how near they are to the middle of all', () => {
    const given = [4, 4, 5, 1].map((grade) => ({ grade, reason: REASON }))
    const { scores, results } = scoresOf('grade', given)
    expect(scores).toEqual([[200_000, 200_000, 150_000, 0]])
    expect(parsed(results[0])).toEqual({ grade: 4, reason: REASON })
  })
})

describe('rewrites', () => {
  it('earn by what they share with those of others', () => {
    const texts = ['the line that comes first', 'the line which comes first', 'buy my coins'].map((text) => ({
      text,
    }))
    const { scores } = scoresOf('rewrite', texts)
    expect(scores[0]?.map((score) => score > 0)).toEqual([true, true, false])
  })
})

describe('claims', () => {
  it('do not count with a quote that is in no source, though most have it', () => {
    const made = { verdict: 'false', quotes: [quote('boils at 50 degrees')] }
    const { scores, results } = scoresOf('claims', [made, made, TRUE])
    expect(scores).toEqual([[0, 0, 200_000]])
    expect(parsed(results[0])).toEqual(TRUE)
  })

  it('are not judged without their sources', () => {
    expect(() => judge(jobOf('claims'), [{ task: 0, given: [{ owner: 0, output: json(TRUE) }] }])).toThrow(
      'nothing is held',
    )
  })
})

describe('any bytes', () => {
  it('as outputs, memory or known answers are survived, and earn nothing', () => {
    const junk = fc.uint8Array({ maxLength: 60 })
    fc.assert(
      fc.property(fc.array(junk, { maxLength: 4 }), junk, junk, (outputs, memory, known) => {
        for (const answer of Object.values(FORMS)) {
          const given = outputs.map((output, owner) => ({ owner, output }))
          const job = kind.open({ ...common, answer })
          expect(judge(job, [{ task: 0, known, given }], { memory, held }).scores[0]).toEqual(
            given.map(() => 0),
          )
        }
      }),
      { numRuns: 50 },
    )
  })
})
