import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { protocols } from '../src/all-protocols.ts'
import { NetworkError } from '../src/errors.ts'
import { answerBytes, questionBytes, readAnswer, readQuestion } from '../src/exchange.ts'
import { DATA_HASHES, OPENINGS, OPENINGS_BYTES } from '../src/limits.ts'
import { SAMPLES } from './support/samples.ts'

const codeOf = (action: () => unknown): unknown => {
  try {
    action()
  } catch (error) {
    return error instanceof NetworkError ? error.code : error
  }
  return undefined
}

/** Read, it is an error of ours; or it is the one encoding of what was read. */
function readsStrictly(read: (bytes: Uint8Array) => unknown, write: (value: unknown) => Uint8Array) {
  return (bytes: Uint8Array): void => {
    let value: unknown
    try {
      value = read(bytes)
    } catch (error) {
      expect(error).toBeInstanceOf(NetworkError)
      return
    }
    expect(write(value)).toEqual(bytes)
  }
}

describe('forms', () => {
  it('are sampled of every protocol', () => {
    expect(SAMPLES.map(({ protocol }) => protocol.name)).toEqual(Object.keys(protocols))
  })

  describe.each(SAMPLES.map((sample) => [sample.protocol.name, sample] as const))(
    'of %s',
    (_, { protocol, questions, answers }) => {
      it('read back as what was written', () => {
        for (const question of questions)
          expect(readQuestion(protocol, questionBytes(protocol, question))).toEqual(question)
        for (const answer of answers)
          expect(readAnswer(protocol, answerBytes(protocol, answer))).toEqual(answer)
      })

      it('meet changed, cut and prolonged bytes with an error, or read them as their one value', () => {
        const checkQuestion = readsStrictly(
          (bytes) => readQuestion(protocol, bytes),
          (value) => questionBytes(protocol, value),
        )
        const checkAnswer = readsStrictly(
          (bytes) => readAnswer(protocol, bytes),
          (value) => answerBytes(protocol, value),
        )
        const change = fc.record({ at: fc.nat(400), byte: fc.nat(255), cut: fc.nat(400), more: fc.boolean() })
        fc.assert(
          fc.property(change, ({ at, byte, cut, more }) => {
            for (const question of questions)
              checkQuestion(changed(questionBytes(protocol, question), { at, byte, cut, more }))
            for (const answer of answers)
              checkAnswer(changed(answerBytes(protocol, answer), { at, byte, cut, more }))
          }),
          { numRuns: 100 },
        )
      })

      it('refuse more bytes than their limit before they look at them', () => {
        const tooMany = new Uint8Array(protocol.maxQuestionBytes + 1)
        expect(codeOf(() => readQuestion(protocol, tooMany))).toBe('network/too-long')
      })
    },
  )

  it('refuse a list with one more than its limit', () => {
    const hashes = Array.from({ length: DATA_HASHES + 1 }, () => new Uint8Array(32))
    expect(codeOf(() => questionBytes(protocols.data, { sort: 'page', hashes }))).toBe('network/too-long')
  })

  it('refuse openings that are too long together', () => {
    const output = new Uint8Array(OPENINGS_BYTES / 8)
    const openings = Array.from({ length: 8 }, (_, row) => ({
      seq: 0,
      row,
      salt: new Uint8Array(32),
      output,
    }))
    const question = { epoch: 0, nodeKey: new Uint8Array(32), openings }
    expect(openings.length).toBeLessThan(OPENINGS)
    expect(codeOf(() => questionBytes(protocols.deliver, question))).toBe('network/too-long')
    expect(
      questionBytes(protocols.deliver, { ...question, openings: openings.slice(1) }).length,
    ).toBeLessThan(OPENINGS_BYTES)
  })

  it('refuse values that bytes can not hold', () => {
    const question = { epoch: -1, nodeKey: new Uint8Array(32) }
    expect(codeOf(() => questionBytes(protocols.work, question))).toBe('network/malformed')
    const job = { job: 2 ** 32, epoch: 0, after: 0 }
    expect(codeOf(() => questionBytes(protocols.results, job))).toBe('network/malformed')
  })
})

interface Change {
  readonly at: number
  readonly byte: number
  readonly cut: number
  readonly more: boolean
}

function changed(bytes: Uint8Array, { at, byte, cut, more }: Change): Uint8Array {
  const result = bytes.slice(0, Math.max(0, bytes.length - Math.floor(cut / 50)))
  if (result.length > 0) result[at % result.length] = byte
  return more ? new Uint8Array([...result, byte]) : result
}
