// Known answers: committed to in the spec, opened task by task.
import { concat, type Known, type KnownAnswer, keyFromSecret, knownCodec, toHex } from '@piecework/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  isByKeeper,
  Kinds,
  keeperOf,
  knownHolds,
  knownOutput,
  type Opening,
  readJobSpec,
  readKnown,
  signKnown,
  writeJobSpec,
} from '../src/index.ts'
import { kind } from '../src/kinds/label/kind.ts'
import { json } from './support/crowd.ts'

const secret = new Uint8Array(32).fill(9)
const answers = new Map([
  [0, json('cat')],
  [4, json('dog')],
])
const keeper = keeperOf({ answers, tasks: 6, secret })
const key = keyFromSecret(secret)
const spec = { root: keeper.root, tasks: 6, keeper: key.publicKey }

const NOTHING: Opening = { answers: [], proof: [] }

function opening(opened: Opening = NOTHING): Known {
  return { networkId: new Uint8Array(32).fill(1), epoch: 3, job: 2, keeper: key.publicKey, ...opened }
}

const openOf = (tasks: readonly number[], by = keeper): Known => opening(by.open(tasks)[0])
const textOf = (bytes: Uint8Array | undefined): string | undefined => bytes && new TextDecoder().decode(bytes)

describe('known answers', () => {
  it('are opened with the tasks beside them, of which nothing is known', () => {
    const opened = openOf([5, 4, 1, 0, 4])
    expect(opened.answers.map(({ task, answer }) => [task, textOf(knownOutput(answer))])).toEqual([
      [0, '"cat"'],
      [1, undefined],
      [4, '"dog"'],
      [5, undefined],
    ])
    expect(knownHolds(spec, opened)).toBe(true)
    expect(keeper.open([])).toEqual([])
  })

  it('cannot be changed, moved to another task, cut, or made up', () => {
    const opened = openOf([3, 4])
    fc.assert(
      fc.property(fc.nat(1), fc.nat(15), fc.integer({ min: 1, max: 255 }), (at, place, change) => {
        const answers = opened.answers.map((one, i) => {
          const answer = one.answer.map((byte, k) => (i === at && k === place ? byte ^ change : byte))
          return { ...one, answer }
        })
        expect(knownHolds(spec, { ...opened, answers })).toBe(false)
      }),
    )
    const withAnswers = (change: (one: KnownAnswer) => KnownAnswer): Known => {
      return { ...opened, answers: opened.answers.map(change) }
    }
    const others: readonly Known[] = [
      withAnswers((one) => ({ ...one, task: one.task + 1 })),
      withAnswers((one) => ({ ...one, task: one.task + 600 })),
      withAnswers((one) => ({ ...one, answer: new Uint8Array() })),
      // A task of which nothing is known cannot be given an answer, nor a known one be passed off as unknown.
      withAnswers((one) => (one.task === 3 ? { ...one, answer: concat([one.answer, json('cat')]) } : one)),
      withAnswers((one) => ({ ...one, answer: one.answer.subarray(0, 16) })),
      { ...opened, answers: opened.answers.slice(1) },
      { ...opened, answers: opened.answers.toReversed() },
      { ...opened, proof: opened.proof.slice(1) },
      { ...opened, proof: [...opened.proof, secret] },
      opening(),
      openOf([3, 4], keeperOf({ answers, tasks: 6, secret: new Uint8Array(32) })),
    ]
    for (const other of others) expect(knownHolds(spec, other)).toBe(false)
  })

  it('of many tasks are a few messages of some bytes a task', () => {
    const tasks = 10_000
    const many = keeperOf({ answers: new Map([[9_999, json('cat')]]), tasks, secret })
    const messages = many.open(Array.from({ length: tasks }, (_, task) => task))
    expect(messages.map(({ answers: opened }) => opened.length)).toEqual([4_096, 4_096, 1_808])
    for (const one of messages) {
      expect(knownHolds({ ...spec, root: many.root, tasks }, opening(one))).toBe(true)
      expect(knownCodec.encode(opening(one)).length).toBeLessThan(one.answers.length * 28 + 1_000)
    }
  })

  it('are signed by their keeper: nobody else can open parts of them, or in another epoch', () => {
    const known = openOf([0, 4])
    const read = readKnown(signKnown(known, key))
    expect(read.known).toEqual(known)
    expect(isByKeeper(read)).toBe(true)
    const part = { ...known, answers: known.answers.slice(1) }
    for (const changed of [part, { ...known, epoch: 4 }]) {
      const { signature } = read
      const bytes = concat([signature, knownCodec.encode(changed)])
      expect(isByKeeper(readKnown(bytes))).toBe(false)
      const stranger = keyFromSecret(new Uint8Array(32).fill(8))
      expect(isByKeeper(readKnown(signKnown(changed, stranger)))).toBe(false)
      expect(knownHolds(spec, { ...changed, keeper: stranger.publicKey })).toBe(false)
    }
  })

  it('are named in the spec of a job', () => {
    const work = { instructions: '?', items: toHex(secret), answer: { type: 'text', most: 9 } }
    const known = { root: toHex(keeper.root), tasks: 6, keeper: toHex(secret) }
    const read = readJobSpec(writeJobSpec({ kind: 'label', title: 'x', known, work }), new Kinds([kind]))
    expect(read.known).toEqual({ ...spec, keeper: secret })
    expect(() => keeperOf({ answers, tasks: 6, secret: new Uint8Array(3) })).toThrow('secret')
  })
})
