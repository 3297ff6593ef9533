// A person at work in the terminal: every key, against a node's local interface.
import type { ApiClient } from '@piecework/api'
import type { Field, Question } from '@piecework/work'
import { describe, expect, it } from 'vitest'
import { formOf, isFilled, type Key, press, undo } from '../src/work/form.ts'
import { Session } from '../src/work/session.ts'
import { linesOfForm } from '../src/work/show.ts'

const key = (text: string): Key => ({ name: text, text, ctrl: false })
const RETURN: Key = { name: 'return', text: '', ctrl: false }
const BACK: Key = { name: 'backspace', text: '', ctrl: false }
const UNDO: Key = { name: 'z', text: '', ctrl: true }
const SKIP: Key = { name: 'n', text: '', ctrl: true }
const END: Key = { name: 'c', text: '', ctrl: true }

const options = ['robin', 'tit', 'wren'].map((value) => ({ value, label: `a ${value}` }))
const named = { name: 'answer', label: 'Which?' }
const one: Field = { ...named, type: 'one', options }

function typed(
  fields: readonly Field[],
  ...keys: readonly (Key | string)[]
): Readonly<Record<string, unknown>> {
  const all = keys.flatMap((each) => (typeof each === 'string' ? [...each].map(key) : [each]))
  const form = all.reduce(press, formOf(fields))
  expect(isFilled(form)).toBe(true)
  return form.draft.values
}

describe('a form', () => {
  it.each([
    ['one', one, { keys: ['2'], answer: 'tit' }],
    ['several', { ...one, type: 'several' }, { keys: ['1', '3', '1', RETURN], answer: ['wren'] }],
    [
      'text',
      { ...named, type: 'text', least: 2, most: 9 },
      { keys: ['a bx', BACK, 'y', RETURN], answer: 'a by' },
    ],
    ['number', { ...named, type: 'number', least: 1, most: 5 }, { keys: ['4', RETURN], answer: 4 }],
    ['bytes', { ...named, type: 'bytes', most: 9 }, { keys: ['hey', RETURN], answer: 'aGV5' }],
    [
      'boxes',
      { ...named, type: 'boxes', image: 'item image', labels: ['blue tit'], most: 2 },
      {
        keys: ['blue tit 1 2 30 40', RETURN, RETURN],
        answer: [{ label: 'blue tit', x: 1, y: 2, width: 30, height: 40 }],
      },
    ],
    [
      'quotes',
      { ...named, type: 'quotes', sources: ['rules', 'news'], most: 2 },
      {
        keys: ['rules: nobody can', RETURN, RETURN],
        answer: [{ source: 'rules', text: 'nobody can' }],
      },
    ],
  ] as const)('reads %s', (_, field, played) => {
    expect(typed([field], ...played.keys)).toEqual({ answer: played.answer })
  })

  it('says what is wrong, and takes every key back', () => {
    const text: Field = { name: 'reason', label: 'Why?', type: 'text', least: 3, most: 9 }
    const begun = [key('1'), key('a'), RETURN].reduce(press, formOf([one, text]))
    expect(linesOfForm(begun).join('\n')).toContain('Write 3 to 9 characters.')
    expect(undo(begun).draft).toEqual({ values: { answer: 'robin' }, typed: '', at: 1 })
    expect(undo(undo(begun)).draft).toEqual({ values: {}, typed: '', at: 0 })
    expect(undo(undo(undo(begun))).draft.at).toBe(0)
  })
})

interface Played {
  readonly calls: readonly string[]
  readonly session: Session
}

async function play(count: number, ...typedKeys: readonly Key[]): Promise<Played> {
  const calls: string[] = []
  const open = new Map(Array.from({ length: count }, (_, i) => [i + 1, undefined as unknown]))
  const question: Question = { instructions: 'Look.', shown: [], fields: [one], floor: 0 }
  const node: ApiClient = {
    get: async (path, answer) => {
      const id = Number(path.split('/')[2])
      const about = (task: number): object => ({
        id: task,
        job: 0,
        task,
        kind: 'label',
        title: 'Birds',
        until: 2,
      })
      const value =
        path === '/work' ? [...open.keys()].map(about) : { ...about(id), question, draft: open.get(id) }
      return answer.parse(value)
    },
    post: async (path, body, answer) => {
      const [, , id, what] = path.split('/')
      if (what === 'draft') open.set(Number(id), Object(body).draft)
      else open.delete(Number(id))
      if (what !== 'draft') calls.push(`${what} ${id} ${JSON.stringify(body)}`)
      return answer.parse({})
    },
    notReady: async () => undefined,
  }
  async function* keys(): AsyncGenerator<Key> {
    yield* typedKeys
  }
  const ports = {
    node,
    keys: keys(),
    write: () => {},
    imageAt: (hash: string) => hash,
    prepare: async () => {},
  }
  const session = new Session(ports)
  await session.run()
  return { calls, session }
}

const sends = (id: number, value: string): string => `answer ${id} {"answer":{"answer":"${value}"}}`

describe('a session', () => {
  it('sends an answer when the next one is given, and the last at the end', async () => {
    const { calls, session } = await play(3, key('1'), RETURN, key('2'), RETURN, SKIP, RETURN)
    expect(calls).toEqual([sends(1, 'robin'), 'skip 3 {}', sends(2, 'tit')])
    expect([session.sent, session.skipped]).toEqual([2, 1])
  })

  it('goes back to the answer before, which was not sent yet', async () => {
    const { calls } = await play(2, key('1'), RETURN, UNDO, key('3'), RETURN, key('2'), RETURN, RETURN)
    expect(calls).toEqual([sends(1, 'wren'), sends(2, 'tit')])
  })

  it('keeps what was begun when it ends', async () => {
    const { calls } = await play(2, key('1'), RETURN, key('2'), END)
    expect(calls).toEqual([sends(1, 'robin')])
  })
})
