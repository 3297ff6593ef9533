// The kind label: the contract of all kinds for each form of answer, and who is paid what.
import { createHash } from 'node:crypto'
import { SCORE_ONE } from '@piecework/protocol'
import { SeededRandom } from '@piecework/testkit/random'
import { contractOf, type Example } from '@piecework/work/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { kind } from '../../src/kinds/label/kind.ts'
import { contentOf } from '../support/align.ts'
import { type AskedTask, json, judge, parsed, totals } from '../support/crowd.ts'
import { testSandbox } from '../support/sandbox.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const hex = (of: Uint8Array) => createHash('sha256').update(of).digest('hex')
const PICTURE = bytes('a picture')
const ITEMS = bytes(
  `a plain line\n${JSON.stringify({ text: 'what is it?', image: hex(PICTURE) })}\n{"picture": 1}\n`,
)
const machine = async () => ({ sandbox: testSandbox(), content: contentOf([ITEMS, PICTURE]) })

const OPTIONS = ['bird', 'cat', 'dog'].map((value) => ({ value, label: `A ${value}` }))
const common = { instructions: 'What do you **see**?', items: hex(ITEMS), images: [hex(PICTURE)] }
const FORMS = {
  one: { type: 'one', options: OPTIONS },
  several: { type: 'several', options: OPTIONS },
  text: { type: 'text', most: 40, anyCase: true },
  boxes: { type: 'boxes', labels: ['cat'], most: 3 },
}
const box = { label: 'cat', x: 1, y: 2, width: 30, height: 40 }
const badSpecs = [
  { spec: { ...common, answer: { type: 'one', options: OPTIONS.slice(0, 1) } }, says: 'options' },
  { spec: { ...common, answer: { type: 'one', options: [OPTIONS[0], OPTIONS[0]] } }, says: 'same value' },
  { spec: { ...common, answer: { type: 'video' } }, says: 'answer' },
  { spec: { ...common, answer: FORMS.text, floor: 2_000_000 }, says: 'floor' },
  { spec: { ...common, answer: FORMS.text, items: 'items.txt' }, says: 'items' },
]

function example(form: object, more: Partial<Example>): Example {
  return { kind, spec: { ...common, answer: form }, badSpecs: [], tasks: [1, 0], machine, ...more }
}

const EXAMPLES = {
  one: example(FORMS.one, {
    badSpecs,
    answers: ['cat', 'cat', 'dog'].map(json),
    inputs: {
      good: [{ answer: 'cat' }],
      bad: [{ answer: 'cow' }, { answer: ['cat'] }, { answer: 'cat', note: '' }],
    },
  }),
  several: example(FORMS.several, {
    answers: [['cat'], ['cat', 'dog'], []].map(json),
    inputs: {
      good: [{ answer: [] }, { answer: ['dog', 'bird'] }],
      bad: [{ answer: ['cat', 'cat'] }, { answer: 'cat' }],
    },
  }),
  text: example(FORMS.text, {
    answers: ['A cat', 'a cat', 'no'].map(json),
    inputs: { good: [{ answer: 'a cat' }], bad: [{ answer: '' }, { answer: 'x'.repeat(41) }] },
  }),
  boxes: example(FORMS.boxes, {
    answers: [[box], [{ ...box, x: 3 }], []].map(json),
    inputs: {
      good: [{ answer: [box] }, { answer: [] }],
      bad: [
        { answer: [{ ...box, label: 'dog' }] },
        { answer: [{ ...box, width: 0 }] },
        { answer: Array(4).fill(box) },
      ],
    },
  }),
}

describe.each(Object.entries(EXAMPLES))('the contract of all kinds, %s', (_, one) => {
  for (const { name, run } of contractOf(one)) it(name, run)
})

describe('a task', () => {
  const job = kind.open({ ...common, answer: FORMS.boxes })

  it('shows its line, as text or as text and image, with the floor', async () => {
    const { content } = await machine()
    expect(await job.present?.(0, content)).toMatchObject({
      shown: [{ name: 'item', type: 'text', text: 'a plain line' }],
      floor: 200_000,
    })
    expect(await job.present?.(1, content)).toMatchObject({
      shown: [
        { name: 'item', type: 'text', text: 'what is it?' },
        { name: 'item image', type: 'image', hash: hex(PICTURE) },
      ],
      fields: [{ type: 'boxes', image: 'item image' }],
    })
    for (const none of [2, 3])
      await expect(job.present?.(none, content)).rejects.toMatchObject({ code: 'task/none' })
  })

  it('is done by whoever answers here', async () => {
    const context = await machine()
    const answers = {
      ask: ({ accept }: { accept: (answer: unknown) => Promise<Uint8Array> }) => accept({ answer: [box] }),
    }
    expect(job.result((await job.perform?.(1, { ...context, answers })) ?? new Uint8Array())).toEqual({
      answer: [box],
    })
    await expect(job.perform?.(1, context)).rejects.toMatchObject({ code: 'answers/none' })
  })
})

const chosen = kind.open({ ...common, answer: FORMS.one })
const TRUTHS = ['bird', 'cat', 'dog']

type Worker = (truth: string, task: number) => string

/** Every task is answered by each; a round of so many tasks after the other. */
function work(workers: readonly Worker[], rounds: number, each = 20): ReadonlyMap<number, number> {
  const random = new SeededRandom(`rounds of ${each}`)
  let memory = new Uint8Array()
  const sums = new Map<number, number>()
  for (let round = 0; round < rounds; round++) {
    const tasks: AskedTask[] = Array.from({ length: each }, (_, i) => {
      const task = round * each + i
      const truth = TRUTHS[random.below(3)] ?? ''
      return { task, given: workers.map((worker, owner) => ({ owner, output: json(worker(truth, task)) })) }
    })
    const judged = judge(chosen, tasks, { memory })
    memory = new Uint8Array(judged.memory)
    for (const [owner, sum] of totals(tasks, judged)) sums.set(owner, (sums.get(owner) ?? 0) + sum)
  }
  return sums
}

/** Right in so many of ten tasks. */
const honest =
  (of10: number, name: number): Worker =>
  (truth, task) =>
    new SeededRandom(`${name} ${task}`).below(10) < of10 ? truth : (TRUTHS[task % 3] ?? '')
const spammer: Worker = (_, task) => TRUTHS[new SeededRandom(`spam ${task}`).below(3)] ?? ''
const lying: Worker = (truth) => TRUTHS[(TRUTHS.indexOf(truth) + 1) % 3] ?? ''

describe('pay', () => {
  const price = (sum: number | undefined, tasks: number) => (sum ?? 0) / (tasks * SCORE_ONE)

  it('rises with skill: who draws lots gets the floor for what fits by chance', () => {
    const sums = work([honest(10, 0), honest(9, 1), honest(9, 2), honest(7, 3), spammer], 5)
    const [best, good, , fair, spam] = [0, 1, 2, 3, 4].map((owner) => price(sums.get(owner), 100))
    expect(best).toBeGreaterThan(0.75)
    expect(good).toBeGreaterThan(fair ?? 1)
    expect(fair).toBeGreaterThan(0.25)
    expect(spam).toBeLessThan(0.15)
  })

  it('of a colluding third that agrees on wrong answers is next to nothing', () => {
    const sums = work([honest(9, 0), honest(9, 1), honest(9, 2), honest(9, 3), lying, lying], 5)
    expect(price(sums.get(4), 100)).toBeLessThan(0.05)
    expect(price(sums.get(0), 100)).toBeGreaterThan(0.6)
  })

  it('is the floor for a first answer that is accepted, nothing for one that is not', () => {
    const given = ['cat', 'cat', 'dog'].map((answer, owner) => ({ owner, output: json(answer) }))
    const { scores, results } = judge(chosen, [{ task: 0, given }])
    expect(scores).toEqual([[200_000, 200_000, 0]])
    expect(parsed(results[0])).toMatchObject({ answer: 'cat' })
  })
})

describe('what is right', () => {
  const loud = (answers: readonly string[]) =>
    answers.map((answer, owner) => ({ owner, output: json(answer) }))

  it('is what is known, unless more than two thirds outside of trial contradict', () => {
    const known = json('dog')
    const third = judge(chosen, [{ task: 0, known, given: loud(['cat', 'cat', 'dog']) }])
    expect(parsed(third.results[0])).toEqual({ answer: 'dog', confidence: SCORE_ONE })
    expect(third.scores).toEqual([[0, 0, 200_000]])
    const none = judge(chosen, [{ task: 0, known, given: loud(['cat', 'cat', 'cat']) }])
    expect(none.scores).toEqual([[200_000, 200_000, 200_000]])
  })

  it('is what was found before, for those who answer later', () => {
    const first = judge(chosen, [{ task: 0, given: loud(['cat', 'cat']) }])
    const result = first.results[0] ?? new Uint8Array()
    const later = judge(chosen, [{ task: 0, result, given: [{ owner: 7, output: json('dog') }] }], first)
    expect(later.scores).toEqual([[0]])
    expect(parsed(later.results[0])).toMatchObject({ answer: 'cat' })
  })

  it('is not decided by anybody in trial, nor by bytes that are no answer', () => {
    const given = [
      { owner: 0, output: json('dog') },
      ...[1, 2, 3].map((owner) => ({ owner, output: json('cat'), trial: true })),
      { owner: 4, output: json('cow') },
      { owner: 5, output: new Uint8Array([255]) },
    ]
    expect(judge(chosen, [{ task: 0, given }]).scores).toEqual([[200_000, 0, 0, 0, 0, 0]])
    const onlyTrial = judge(chosen, [{ task: 0, given: given.slice(1, 3) }])
    expect([onlyTrial.scores, parsed(onlyTrial.results[0])]).toEqual([
      [[0, 0]],
      { answer: null, confidence: 0 },
    ])
  })

  it('of texts is the one in the middle, of boxes the one that most others cover', () => {
    const texts = kind.open({ ...common, answer: FORMS.text })
    const written = judge(texts, [{ task: 0, given: loud(['The cat', 'the  cat', 'the cart', 'zzz']) }])
    expect(parsed(written.results[0])).toMatchObject({ answer: 'The cat' })
    expect(written.scores[0]?.map((score) => score > 0)).toEqual([true, true, true, false])
    const drawn = kind.open({ ...common, answer: FORMS.boxes })
    const boxes = [[box], [{ ...box, x: 2 }], [{ ...box, x: 200 }]].map((answer, owner) => ({
      owner,
      output: json(answer),
    }))
    const [scores = []] = judge(drawn, [{ task: 0, given: boxes }]).scores
    expect(scores.map((score) => score > 0)).toEqual([true, true, false])
  })

  it('survives any output and any memory', () => {
    const junk = fc.uint8Array({ maxLength: 60 })
    fc.assert(
      fc.property(fc.array(junk, { maxLength: 4 }), junk, junk, (outputs, memory, known) => {
        for (const answer of Object.values(FORMS)) {
          const given = outputs.map((output, owner) => ({ owner, output }))
          const { scores } = judge(kind.open({ ...common, answer }), [{ task: 0, known, given }], { memory })
          expect(scores[0]).toEqual(given.map(() => 0))
        }
      }),
      { numRuns: 50 },
    )
  })
})

describe('one worker behind several accounts', () => {
  /** The same answers once as one account, once dealt to several; the others work on. What `share` pays for it. */
  function shares(seed: number): { readonly whole: number; readonly split: number } {
    const random = new SeededRandom(`split ${seed}`)
    const accounts = 2 + random.below(4)
    const of10 = 4 + random.below(7)
    const mine = honest(of10, 1_000 + seed)
    const others = [7, 8, 9].map((skill, i) => honest(skill, seed * 10 + i))
    const share = (parts: number) => {
      let memory = new Uint8Array()
      let [own, all] = [0, 0]
      for (let round = 0; round < 4; round++) {
        const tasks: AskedTask[] = Array.from({ length: 15 }, (_, i) => {
          const task = round * 15 + i
          const truth = TRUTHS[new SeededRandom(`truth ${seed} ${task}`).below(3)] ?? ''
          const account = 100 + (new SeededRandom(`account ${seed} ${task}`).below(1_000) % parts)
          const given = others.map((worker, owner) => ({ owner, output: json(worker(truth, task)) }))
          return { task, given: [...given, { owner: account, output: json(mine(truth, task)) }] }
        })
        const judged = judge(chosen, tasks, { memory })
        memory = new Uint8Array(judged.memory)
        for (const [owner, sum] of totals(tasks, judged)) {
          all += sum
          if (owner >= 100) own += sum
        }
      }
      return own / all
    }
    return { whole: share(1), split: share(accounts) }
  }

  it('gets no larger share of a budget: the mean gain lies below nothing by more than two errors', () => {
    const gains = Array.from({ length: 60 }, (_, seed) => shares(seed)).map(
      ({ whole, split }) => split - whole,
    )
    const mean = gains.reduce((sum, gain) => sum + gain, 0) / gains.length
    const spread = gains.reduce((sum, gain) => sum + (gain - mean) ** 2, 0) / (gains.length - 1)
    expect(mean + 2 * (spread / gains.length) ** 0.5).toBeLessThan(0)
  })
})
