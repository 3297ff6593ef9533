// Known answers: committed to in the spec, opened task by task.
import { concat, type Known, keyFromSecret, knownCodec, toHex } from '@piecework/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  isByKeeper,
  Kinds,
  keeperOf,
  knownHolds,
  knownOutput,
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

function opening(opened: Known['answers']): Known {
  return { networkId: new Uint8Array(32).fill(1), epoch: 3, job: 2, keeper: key.publicKey, answers: opened }
}

describe('known answers', () => {
  it('can be opened, and those of other tasks cannot', () => {
    const opened = keeper.open([5, 4, 1, 0])
    expect(opened.map(({ task }) => task)).toEqual([0, 4])
    expect(knownHolds(spec, opening(opened))).toBe(true)
    expect(opened.map(({ answer }) => new TextDecoder().decode(knownOutput(answer)))).toEqual([
      '"cat"',
      '"dog"',
    ])
  })

  it('cannot be changed, moved to another task, or made up', () => {
    const [opened] = keeper.open([4])
    if (opened === undefined) throw new Error('it is known')
    fc.assert(
      fc.property(fc.nat(opened.answer.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const answer = opened.answer.map((byte, i) => (i === at ? byte ^ change : byte))
        expect(knownHolds(spec, opening([{ ...opened, answer }]))).toBe(false)
      }),
    )
    const others = [
      { ...opened, task: 5 },
      { ...opened, task: 600 },
      { ...opened, proof: opened.proof.slice(1) },
      { ...opened, answer: new Uint8Array() },
    ]
    for (const other of others) expect(knownHolds(spec, opening([other]))).toBe(false)
    const elsewhere = keeperOf({ answers, tasks: 6, secret: new Uint8Array(32) })
    expect(knownHolds(spec, opening(elsewhere.open([4])))).toBe(false)
  })

  it('are signed by their keeper: nobody else can open parts of them, or in another epoch', () => {
    const known = opening(keeper.open([0, 4]))
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
