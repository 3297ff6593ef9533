// Kinds of work that people do, through whole epochs with real daemons: honest people are paid as the rules say, and
// whoever answers without looking is not.
import type { Question } from '@piecework/work'
import { describe, expect, it } from 'vitest'
import type { Person } from './support/crowd.ts'
import { bytesOfText, DEADLINE_MS, HALF, hex, played, shownIn } from './support/crowd-job.ts'
import { hashOf } from './support/scene.ts'

describe('label', () => {
  const birds = ['robin', 'tit', 'robin', 'tit', 'tit']
  const items = bytesOfText(birds.map((bird, i) => `note ${i}: this was a ${bird}\n`).join(''))
  const options = ['robin', 'tit', 'wren'].map((value) => ({ value, label: value }))
  const work = {
    instructions: 'Which bird is it?',
    items: hex(hashOf(items)),
    answer: { type: 'one', options },
    floor: HALF,
  }
  const job = { kind: 'label', work, content: [items], tasks: birds.length }
  const seen = (question: Question): string => shownIn(question, 'item').split(' ').at(-1) ?? ''
  const honest = (name: string): Person => ({ name, answer: (question) => ({ answer: seen(question) }) })

  it(
    'pays who agrees at least the floor, and a spammer only where it happens to be right',
    async () => {
      const spammer: Person = { name: 'sam', answer: () => ({ answer: 'robin' }) }
      const people = [...['anna', 'bela', 'carl'].map(honest), spammer]
      // Five tasks and no skill yet: half the price for each. Two of them are robins.
      expect(await played({ ...job, people, replicas: 4 })).toEqual({
        anna: 2_500n,
        bela: 2_500n,
        carl: 2_500n,
        sam: 1_000n,
      })
    },
    DEADLINE_MS,
  )

  it(
    'pays a third that agreed beforehand on other answers nothing',
    async () => {
      const other: Readonly<Record<string, string>> = { robin: 'wren', tit: 'robin' }
      const colluding = (name: string): Person => ({
        name,
        answer: (question) => ({ answer: other[seen(question)] }),
      })
      const people = [...['anna', 'bela', 'carl', 'dora'].map(honest), ...['yves', 'zoe'].map(colluding)]
      const earned = await played({ ...job, people, replicas: 6 })
      expect(earned).toEqual({ anna: 2_500n, bela: 2_500n, carl: 2_500n, dora: 2_500n, yves: 0n, zoe: 0n })
    },
    DEADLINE_MS,
  )
})

describe('a job that asks for skill in another', () => {
  const birds = ['robin', 'tit', 'robin', 'tit', 'tit']
  const items = bytesOfText(birds.map((bird, i) => `note ${i}: this was a ${bird}\n`).join(''))
  const options = ['robin', 'tit', 'wren'].map((value) => ({ value, label: value }))
  const work = {
    instructions: 'Which bird is it?',
    items: hex(hashOf(items)),
    answer: { type: 'one', options },
    floor: HALF,
  }
  const rarities = bytesOfText('a robin in the desert\na robin at sea\n')
  const difficult = { ...work, instructions: 'What is rare here?', items: hex(hashOf(rarities)) }

  it(
    'is dealt to those alone who passed it, though others would have been right',
    async () => {
      const asked: string[] = []
      const person = (name: string, seen: (shown: string) => string): Person => ({
        name,
        answer: (question) => {
          const isRare = question.instructions.startsWith('What is rare')
          if (isRare) asked.push(name)
          return { answer: isRare ? 'robin' : seen(shownIn(question, 'item')) }
        },
      })
      const honest = ['anna', 'bela', 'carl'].map((name) =>
        person(name, (shown) => shown.split(' ').at(-1) ?? ''),
      )
      const earned = await played(
        {
          ...{ kind: 'label', work, content: [items], tasks: birds.length, replicas: 4 },
          people: [...honest, person('sam', () => 'robin')],
          second: {
            ...{ kind: 'label', work: difficult, content: [rarities], tasks: 2, replicas: 3 },
            requires: [{ job: 0, answers: 5, right: 0.8 }],
          },
        },
        // Open by the second epoch at the latest, whose end looks at who passed the first job; dealt three epochs later.
        5,
      )
      expect(earned).toEqual({ anna: 3_500n, bela: 3_500n, carl: 3_500n, sam: 1_000n })
      expect([...new Set(asked)].sort()).toEqual(['anna', 'bela', 'carl'])
    },
    DEADLINE_MS,
  )
})

describe('known answers', () => {
  const birds = ['wren', 'tit', 'wren']
  const items = bytesOfText(birds.map((bird) => `this was a ${bird}\n`).join(''))
  const options = ['robin', 'tit', 'wren'].map((value) => ({ value, label: value }))
  const work = {
    instructions: 'Which bird is it?',
    items: hex(hashOf(items)),
    answer: { type: 'one', options },
    floor: HALF,
  }
  const job = { kind: 'label', work, content: [items], tasks: birds.length, replicas: 4 }
  const seen = (question: Question): string => shownIn(question, 'item').split(' ').at(-1) ?? ''
  const honest = (name: string): Person => ({ name, answer: (question) => ({ answer: seen(question) }) })
  const wrong = (name: string): Person => ({ name, answer: () => ({ answer: 'robin' }) })
  const opened = (answers: readonly string[]): ReadonlyMap<number, Uint8Array> =>
    new Map(answers.map((answer, task) => [task, bytesOfText(JSON.stringify(answer))]))

  it(
    'decide where half of the crowd colludes',
    async () => {
      const people = [...['anna', 'bela'].map(honest), ...['yves', 'zoe'].map(wrong)]
      const earned = await played({ ...job, people, known: opened(birds) })
      expect(earned).toEqual({ anna: 1_500n, bela: 1_500n, yves: 0n, zoe: 0n })
    },
    DEADLINE_MS,
  )

  it(
    'count all or none: of a requester that opens only what hurts, none do',
    async () => {
      // By redundancy alone the first of two options that as many gave is right: here that of the colluders.
      const people = [...['anna', 'bela'].map(honest), ...['yves', 'zoe'].map(wrong)]
      const alone = await played({ ...job, people, known: opened(birds), opens: [] })
      const chosen = await played({ ...job, people, known: opened(birds), opens: [1] })
      expect(chosen).toEqual(alone)
      expect(alone).toEqual({ anna: 0n, bela: 0n, yves: 1_500n, zoe: 1_500n })
    },
    2 * DEADLINE_MS,
  )

  it(
    'are void where more than two thirds contradict them: wrong ones cost nobody its pay',
    async () => {
      const people = ['anna', 'bela', 'carl', 'dora'].map(honest)
      const earned = await played({ ...job, people, known: opened(['robin', 'robin', 'robin']) })
      expect(earned).toEqual({ anna: 1_500n, bela: 1_500n, carl: 1_500n, dora: 1_500n })
    },
    DEADLINE_MS,
  )
})

describe('judge', () => {
  const rules = bytesOfText('Who does which task is dealt by a seed. Nobody can choose its tasks.')
  const items = bytesOfText('A task is dealt to whoever asks first.\nThe seed is older than the tasks.\n')
  const work = {
    instructions: 'Is it true by the rules?',
    items: hex(hashOf(items)),
    answer: { type: 'claims', sources: [{ name: 'rules', hash: hex(hashOf(rules)) }] },
    floor: HALF,
  }
  const quotes = [{ source: 'rules', text: 'Nobody can choose its tasks.' }]

  it(
    'looks quotes up in their source on every verifier, and pays who agrees',
    async () => {
      const careful = (name: string): Person => ({
        name,
        answer: (question) =>
          shownIn(question, 'item').startsWith('A task')
            ? { verdict: 'false', quotes }
            : { verdict: 'unclear', quotes: [] },
      })
      const people = [
        ...['anna', 'bela', 'carl'].map(careful),
        { name: 'sam', answer: () => ({ verdict: 'true', quotes }) },
      ]
      const earned = await played({
        kind: 'judge',
        work,
        content: [items, rules],
        people,
        tasks: 2,
        replicas: 4,
      })
      expect(earned).toEqual({ anna: 1_000n, bela: 1_000n, carl: 1_000n, sam: 0n })
    },
    DEADLINE_MS,
  )
})
