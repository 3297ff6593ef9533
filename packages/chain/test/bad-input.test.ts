// Whatever bytes come, the outcome is a value or an error of ours.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type AnyAccountForm, accountForms } from '../src/accounts/all.ts'
import {
  type Address,
  addressesOf,
  addressOf,
  ChainError,
  decodeAccount,
  decodeEvent,
  decodeTokenAccount,
  encode,
  eventsIn,
  jobForm,
  logsOf,
  parseAddress,
  postValues,
  type RawAccount,
  readInstruction,
  voteForm,
} from '../src/index.ts'

const programId = addressOf(new Uint8Array(32).fill(9))
const at = addressesOf(programId, addressOf(new Uint8Array(32).fill(10)))

/** Runs it, and gives the error's class: only ours may come out. */
function outcome(work: () => unknown): string {
  try {
    work()
    return 'a value'
  } catch (error) {
    return error instanceof ChainError ? 'a chain error' : String(error)
  }
}

/** A value or a refusal, and nothing else. */
function holds(work: () => unknown): void {
  expect(['a value', 'a chain error']).toContain(outcome(work))
}

function owned(data: Uint8Array, owner: Address = programId): RawAccount {
  return { owner, lamports: 1n, data }
}

describe('accounts', () => {
  it.each(accountForms)('of the kind $kind are read from any bytes, or refused', (form: AnyAccountForm) => {
    const anyBytes = fc.uint8Array({ maxLength: form.layout.size + 20 })
    const rightHead = fc
      .uint8Array({ minLength: form.layout.size, maxLength: form.layout.size })
      .map((bytes) => Uint8Array.of(form.kind, 1, ...bytes.subarray(2)))
    const read = (data: Uint8Array) =>
      holds(() => decodeAccount(form as typeof jobForm, owned(data), programId))
    fc.assert(fc.property(fc.oneof(anyBytes, rightHead), read))
  })

  it('of tokens are read from any bytes, or refused', () => {
    const token = parseAddress('TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA')
    const anyBytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.uint8Array({ minLength: 165, maxLength: 165 }),
    )
    fc.assert(
      fc.property(anyBytes, fc.constantFrom(token, programId), (data, owner) => {
        holds(() => decodeTokenAccount(owned(data, owner)))
      }),
    )
  })
})

describe('addresses', () => {
  it('are read from any text, or refused', () => {
    fc.assert(fc.property(fc.string({ maxLength: 60 }), (text) => holds(() => parseAddress(text))))
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        expect(outcome(() => addressOf(bytes))).toBe(bytes.length === 32 ? 'a value' : 'a chain error')
      }),
    )
  })
})

describe('values', () => {
  it('that do not fit are refused, not cut', () => {
    const job = jobForm.layout.read(new DataView(new ArrayBuffer(jobForm.layout.size)), 0)
    const wrong: readonly object[] = [
      { replicas: 256 },
      { tasks: -1 },
      { tasks: 1.5 },
      { price: -1n },
      { price: 2n ** 64n },
      { createdSlot: 2 ** 60 },
      { createdSlot: -1 },
      { specHash: new Uint8Array(31) },
      { holders: [] },
      { rule: 'gift' },
    ]
    for (const changed of wrong) {
      expect(
        outcome(() => encode(jobForm.layout, { ...job, ...changed })),
        JSON.stringify(Object.keys(changed)),
      ).toBe('a chain error')
    }
  })

  it('of too many voters are refused before they are sent', () => {
    const post = { voteKey: programId, value: new Uint8Array(32) }
    const posts = (count: number) => Array.from({ length: count }, () => post)
    const make = (count: number) =>
      outcome(() => postValues(at, { what: 'commit', number: 0, posts: posts(count) }))
    expect([0, 1, 8, 9].map(make)).toEqual(['a chain error', 'a value', 'a value', 'a chain error'])
  })
})

describe('instructions', () => {
  it('of others, or cut short, are no instructions', () => {
    const post = { voteKey: programId, value: new Uint8Array(32) }
    const one = postValues(at, { what: 'commit', number: 0, posts: [post] })
    expect(readInstruction(voteForm, one)).toBeUndefined()
    const short = { ...one, data: Buffer.from([voteForm.discriminator, 1, 2]) }
    expect(readInstruction(voteForm, { ...one, data: short.data })).toBeUndefined()
    expect(
      readInstruction(voteForm, { ...one, data: Buffer.alloc(33, voteForm.discriminator), keys: [] }),
    ).toBeUndefined()
  })
})

describe('events', () => {
  const event = {
    name: 'PageOpened',
    fields: { network: at.network, number: 7 },
  } as const
  const [begin = '', data = '', end = ''] = logsOf([event], programId)
  const other = addressOf(new Uint8Array(32).fill(8))
  const of = (id: Address, lines: readonly string[]) => lines.map((line) => line.replace(programId, id))

  it('are read from logs', () => {
    expect(eventsIn([begin, data, end], programId)).toEqual([event])
    expect(eventsIn([begin, 'Program log: hello', data, data, end], programId)).toEqual([event, event])
  })

  it('are only those that the program logged itself', () => {
    expect(eventsIn([...of(other, [begin, data, end])], programId)).toEqual([])
    expect(eventsIn([begin, ...of(other, [begin, data, end]), end], programId)).toEqual([])
    expect(eventsIn([begin, ...of(other, [begin, end]), data, end], programId)).toEqual([event])
    expect(eventsIn([data], programId)).toEqual([])
    expect(eventsIn([begin, end, data], programId)).toEqual([])
    expect(eventsIn([`Program log: ${begin}`, data], programId)).toEqual([])
    expect(
      eventsIn([begin, `Program ${programId} failed: custom program error: 0x3ff`, data], programId),
    ).toEqual([])
  })

  it('are read from any bytes, or refused', () => {
    const near = fc
      .tuple(fc.nat(40), fc.uint8Array({ maxLength: 200 }))
      .map(([kind, rest]) => Uint8Array.of(kind, ...rest))
    fc.assert(fc.property(near, (bytes) => holds(() => decodeEvent(bytes))))
    const lines = fc.array(fc.oneof(fc.string(), fc.constantFrom(begin, data, end, 'Program data: AAAA')))
    fc.assert(fc.property(lines, (logs) => holds(() => eventsIn(logs, programId))))
  })
})
