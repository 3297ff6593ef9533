import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  ackCodec,
  appealCodec,
  attestationCodec,
  batchCodec,
  bucketCodec,
  type Codec,
  enrolmentCodec,
  evidenceCodec,
  hashListCodec,
  inventoryCodec,
  joinEnrolment,
  joinReveal,
  joinSigned,
  knownCodec,
  reportCodec,
  splitEnrolment,
  splitReveal,
  splitSigned,
} from '../src/codecs.ts'
import { ProtocolError } from '../src/errors.ts'
import * as limits from '../src/limits.ts'
import type { Enrolment, Evidence, Report, StintReport } from '../src/messages.ts'
import * as some from './support/arbitrary.ts'

interface Case<T = unknown> {
  readonly name: string
  readonly codec: Codec<T>
  readonly values: fc.Arbitrary<T>
  /** One byte more than any message of this type has. */
  readonly tooLong: number
}

function caseOf<T>(name: string, codec: Codec<T>, rest: Pick<Case<T>, 'values' | 'tooLong'>): Case {
  // A case gives its codec nothing but what its own arbitrary made.
  return { name, codec, ...rest } as Case
}

const CASES: readonly Case[] = [
  caseOf('enrolment', enrolmentCodec, { values: some.enrolment, tooLong: 8_000 }),
  caseOf('batch', batchCodec, { values: some.batch, tooLong: limits.MAX_SIGNED_BATCH_BYTES - 64 + 1 }),
  caseOf('ack', ackCodec, { values: some.ack, tooLong: 113 }),
  caseOf('inventory', inventoryCodec, { values: some.inventory, tooLong: 44 + 256 * 32 + 128 + 1 }),
  caseOf('bucket', bucketCodec, { values: some.bucket, tooLong: 40 * limits.BUCKET_ENTRIES + 1 }),
  caseOf('hash list', hashListCodec, { values: some.hashList, tooLong: 32 * limits.INVENTORY_HASHES + 1 }),
  caseOf('known', knownCodec, { values: some.known, tooLong: 2 ** 25 }),
  caseOf('appeal', appealCodec, { values: some.appeal, tooLong: 84 + limits.REASON_BYTES + 1 }),
  caseOf('report', reportCodec, { values: some.report, tooLong: limits.REPORT_BYTES + 1 }),
  caseOf('evidence', evidenceCodec, { values: some.evidence, tooLong: 1_200_000 }),
  caseOf('attestation', attestationCodec, { values: some.attestation, tooLong: 417 }),
]

/** A value that stands for exactly these bytes, or the code of the error. */
function outcome({ codec }: Case, bytes: Uint8Array): string {
  try {
    expect(codec.encode(codec.decode(bytes))).toEqual(bytes)
    return 'decoded'
  } catch (error) {
    if (error instanceof ProtocolError) return error.code
    throw error
  }
}

describe.each(CASES)('the codec of $name', (one) => {
  test('reads back what it wrote', () => {
    fc.assert(
      fc.property(one.values, (value) => {
        expect(one.codec.decode(one.codec.encode(value))).toEqual(value)
      }),
    )
  })

  test('takes mutated bytes for exactly what they say, or refuses them', () => {
    const mutation = fc.record({ at: fc.nat(), xor: fc.integer({ min: 1, max: 255 }) })
    fc.assert(
      fc.property(one.values, fc.array(mutation, { minLength: 1, maxLength: 4 }), (value, mutations) => {
        const bytes = one.codec.encode(value)
        for (const { at, xor } of mutations) {
          if (bytes.length > 0) bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ xor
        }
        expect(['decoded', 'bytes/malformed']).toContain(outcome(one, bytes))
      }),
    )
  })

  test('takes bytes that are cut or go on for exactly what they say, or refuses them', () => {
    fc.assert(
      fc.property(
        one.values,
        fc.nat(),
        fc.uint8Array({ minLength: 1, maxLength: 50 }),
        (value, cut, more) => {
          const bytes = one.codec.encode(value)
          const longer = new Uint8Array([...bytes, ...more])
          const shorter = bytes.slice(0, bytes.length === 0 ? 0 : cut % bytes.length)
          for (const changed of [longer, shorter, more]) {
            expect(['decoded', 'bytes/malformed', 'bytes/too-long']).toContain(outcome(one, changed))
          }
        },
      ),
    )
  })

  test('does not look into bytes that are too long', () => {
    expect(outcome(one, new Uint8Array(one.tooLong))).toBe('bytes/too-long')
  })
})

test('what an offset table claims is never more than the bytes that are there', () => {
  for (const one of CASES) {
    for (const filler of [0xff, 0x7f, 0x04]) {
      const bytes = new Uint8Array(4096).fill(filler)
      expect(['bytes/malformed', 'bytes/too-long', 'decoded']).toContain(outcome(one, bytes))
    }
  }
})

/** One sample of an arbitrary, always the same. */
function sample<T>(values: fc.Arbitrary<T>): T {
  const [first] = fc.sample(values, { numRuns: 1, seed: 42 })
  if (first === undefined) throw new Error('fast-check made no sample')
  return first
}

const codeOf = (action: () => unknown): string => {
  try {
    action()
    return 'none'
  } catch (error) {
    return error instanceof ProtocolError ? error.code : String(error)
  }
}

describe('what has no encoding is refused', () => {
  const enrolment: Enrolment = { ...sample(some.enrolment), kinds: [], attributes: [] }
  const refused = (change: Partial<Enrolment>): void => {
    expect(codeOf(() => enrolmentCodec.encode({ ...enrolment, ...change }))).toBe('bytes/malformed')
  }

  test('numbers out of their range', () => {
    refused({ expiresAtEpoch: 2 ** 53 })
    refused({ expiresAtEpoch: -1 })
    refused({ expiresAtEpoch: 1.5 })
    refused({ nonce: -1n })
    refused({ nonce: 1n << 64n })
    refused({ kinds: [{ kind: 65_536, capacity: 1 }] })
    refused({ kinds: [{ kind: 1, capacity: 2 ** 32 }] })
  })

  test('an epoch beyond 2^53, in bytes too', () => {
    const bytes = ackCodec.encode(sample(some.ack))
    bytes.fill(0, 32, 40)
    bytes[38] = 0x20
    expect(codeOf(() => ackCodec.decode(bytes))).toBe('bytes/malformed')
    bytes[38] = 0x1f
    expect(codeOf(() => ackCodec.decode(bytes))).toBe('none')
  })

  test('keys and hashes of another length', () => {
    refused({ wallet: new Uint8Array(31) })
    refused({ wallet: new Uint8Array(33) })
  })

  test('lists out of order, with an entry twice, or too long', () => {
    const kind = (number: number) => ({ kind: number, capacity: 1 })
    refused({ kinds: [kind(2), kind(1)] })
    refused({ kinds: [kind(1), kind(1)] })
    refused({ kinds: Array.from({ length: limits.ENROLMENT_KINDS + 1 }, (_, i) => kind(i)) })
    const attribute = (name: string) => ({ name, value: '' })
    refused({ attributes: [attribute('b'), attribute('a')] })
    refused({ attributes: [attribute('a'), attribute('a')] })
  })

  test('text that is too long, or no text', () => {
    refused({ attributes: [{ name: 'n'.repeat(limits.ATTRIBUTE_NAME_BYTES + 1), value: '' }] })
    refused({ attributes: [{ name: 'n', value: 'é'.repeat(limits.ATTRIBUTE_VALUE_BYTES / 2 + 1) }] })
    refused({ attributes: [{ name: 'half a pair \ud800', value: '' }] })
    const appeal = appealCodec.encode({ ...sample(some.appeal), reason: 'x' })
    appeal[appeal.length - 1] = 0xff
    expect(codeOf(() => appealCodec.decode(appeal))).toBe('bytes/malformed')
  })

  test('a batch without rows', () => {
    expect(codeOf(() => batchCodec.encode({ ...sample(some.batch), rows: [] }))).toBe('bytes/malformed')
  })
})

describe('reports', () => {
  const stint: StintReport = { epoch: 3, node: 7, traces: [], delivered: [], answers: [], scores: [] }
  const report: Report = { ...sample(some.report), stints: [], evidence: [] }
  const withStints = (...stints: StintReport[]): string =>
    codeOf(() => reportCodec.encode({ ...report, stints }))

  test('have their stints in order', () => {
    expect(withStints(stint, { ...stint, node: 8 }, { ...stint, epoch: 4, node: 1 })).toBe('none')
    expect(withStints(stint, stint)).toBe('bytes/malformed')
    expect(withStints({ ...stint, epoch: 4 }, stint)).toBe('bytes/malformed')
  })

  test('have a bitmap for each trace, and scores of at most one', () => {
    const trace = new Uint8Array(32)
    expect(withStints({ ...stint, traces: [trace], delivered: [] })).toBe('bytes/malformed')
    expect(withStints({ ...stint, traces: [trace], delivered: [new Uint8Array()] })).toBe('bytes/malformed')
    expect(withStints({ ...stint, traces: [trace], delivered: [new Uint8Array(129)] })).toBe(
      'bytes/malformed',
    )
    expect(withStints({ ...stint, traces: [trace], delivered: [new Uint8Array(128)] })).toBe('none')
    expect(withStints({ ...stint, scores: [{ job: 1, score: limits.SCORE_ONE + 1 }] })).toBe(
      'bytes/malformed',
    )
  })

  test('have evidence with nothing in it that it does not use', () => {
    const fields = { first: new Uint8Array(3), row: 0, salt: new Uint8Array(32), output: new Uint8Array() }
    const encode = (evidence: Evidence): string => codeOf(() => evidenceCodec.encode(evidence))
    expect(encode({ what: 'row', ...fields, second: new Uint8Array(1) })).toBe('bytes/malformed')
    expect(encode({ what: 'equivocation', ...fields, second: new Uint8Array(1) })).toBe('none')
    expect(encode({ what: 'equivocation', ...fields, second: new Uint8Array(1), row: 1 })).toBe(
      'bytes/malformed',
    )
  })
})

describe('signed messages', () => {
  const message = new Uint8Array([1, 2, 3])
  const signature = new Uint8Array(64).fill(4)

  test('have their signature in front', () => {
    expect(splitSigned(joinSigned({ signature, message }))).toEqual({ signature, message })
    expect(joinSigned({ signature, message })).toHaveLength(67)
  })

  test('an enrolment has two, and zeros for a wallet that did not sign', () => {
    const both = { nodeSignature: signature, walletSignature: signature, message }
    expect(splitEnrolment(joinEnrolment(both))).toEqual(both)
    const alone = { ...both, walletSignature: undefined }
    expect(splitEnrolment(joinEnrolment(alone))).toEqual(alone)
    expect(joinEnrolment(alone).subarray(64, 128)).toEqual(new Uint8Array(64))
  })

  test('a reveal has its salt in front', () => {
    const reveal = { salt: new Uint8Array(32).fill(5), signed: joinSigned({ signature, message }) }
    expect(splitReveal(joinReveal(reveal))).toEqual(reveal)
  })

  test('are refused when cut, or made of parts of another length', () => {
    expect(codeOf(() => splitSigned(new Uint8Array(64)))).toBe('bytes/malformed')
    expect(codeOf(() => splitEnrolment(new Uint8Array(128)))).toBe('bytes/malformed')
    expect(codeOf(() => splitReveal(new Uint8Array(5)))).toBe('bytes/malformed')
    expect(codeOf(() => joinSigned({ signature: new Uint8Array(63), message }))).toBe('bytes/malformed')
  })
})
