// The typed twins and the program's description can't drift apart: every name, place, type and byte is compared.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { accountForms } from '../src/accounts/all.ts'
import { addressOf, addressOfKey, SYSTEM_PROGRAM, TOKEN_PROGRAM } from '../src/address.ts'
import { encode, type Layout, viewOf } from '../src/codec/layout.ts'
import { eventForms } from '../src/events/forms.ts'
import { type AnyInstructionForm, instructionForms } from '../src/instructions/all.ts'
import { encodeInstruction, type Place } from '../src/instructions/form.ts'
import { programErrorAdvice } from '../src/program-errors/advice.ts'
import { programErrorCodes } from '../src/program-errors/codes.ts'
import { programErrorMessages } from '../src/program-errors/messages.ts'
import * as sizes from '../src/sizes.ts'
import { EPOCH_STATES, LEDGERS, POST_SORTS, RULES } from '../src/words.ts'
import { anyOf, plain } from './support/arbitraries.ts'
import {
  camel,
  encodeFieldsByIdl,
  type IdlField,
  type IdlInstruction,
  type IdlPlace,
  idl,
} from './support/idl.ts'

const RUNS = 20
const programId = addressOf(new Uint8Array(32).fill(9))

interface Named {
  readonly name: string
  readonly type: string
}

/** Fields of the description that hold a value. */
const withoutPadding = (fields: readonly IdlField[]): Named[] =>
  fields.filter(({ name }) => name !== 'padding').map(({ name, type }) => ({ name: camel(name), type }))

const fieldsOf = (layout: Layout<unknown>): Named[] =>
  (layout.fields ?? []).map(({ name, layout: { type } }) => ({ name, type }))

/** Every layout of a struct below a layout, with its fields. */
function structsIn(layout: Layout<unknown>): Layout<unknown>[] {
  const inner = [...(layout.fields ?? []).map((field) => field.layout), ...(layout.item ? [layout.item] : [])]
  return [...(layout.fields === undefined ? [] : [layout]), ...inner.flatMap(structsIn)]
}

function holdsItsBytes(layout: Layout<unknown>, fields: readonly IdlField[]): void {
  fc.assert(
    fc.property(anyOf(layout), (value) => {
      const bytes = encode(layout, value)
      expect(Buffer.from(bytes)).toEqual(encodeFieldsByIdl(fields, plain(layout, value) as object))
      expect(layout.read(viewOf(bytes), 0)).toEqual(value)
    }),
    { numRuns: RUNS },
  )
}

describe('accounts', () => {
  it('are those of the description', () => {
    expect(accountForms.map(({ kind, layout }) => [layout.type, kind])).toEqual(
      idl.accounts.map(({ kind, name }) => [name, kind]),
    )
  })

  it.each(idl.accounts)('$name has its fields and bytes', ({ name, fields }) => {
    const form = accountForms.find(({ layout }) => layout.type === name)
    if (form === undefined) throw new Error(`${name} has no twin`)
    expect(fieldsOf(form.layout)).toEqual(withoutPadding(fields))
    holdsItsBytes(form.layout, fields)
  })
})

describe('structs', () => {
  const used = accountForms.flatMap(({ layout }) => structsIn(layout))

  it.each(idl.structs)('$name has its fields and bytes', ({ name, fields }) => {
    const layout = used.find(({ type }) => type === name)
    if (layout === undefined) throw new Error(`${name} has no twin`)
    expect(fieldsOf(layout)).toEqual(withoutPadding(fields))
    holdsItsBytes(layout, fields)
  })
})

describe('instructions', () => {
  it('are those of the description', () => {
    expect(instructionForms.map(({ discriminator, name }) => [name, discriminator])).toEqual(
      idl.instructions.map(({ discriminator, name }) => [name, discriminator]),
    )
  })

  const pairs = idl.instructions.map((described): [string, IdlInstruction, AnyInstructionForm] => {
    const form = instructionForms.find(({ name }) => name === described.name)
    if (form === undefined) throw new Error(`${described.name} has no twin`)
    return [described.name, described, form]
  })

  it.each(pairs)('%s has its places and arguments', (_, described, form) => {
    expect(Object.entries(form.accounts)).toEqual(
      described.accounts.map((one) => [placeName(one), placeOf(one)]),
    )
    expect(fieldsOf(form.args)).toEqual(withoutPadding(described.args))
    expect(form.voters).toEqual(
      described.rest === undefined ? undefined : { min: described.rest.min, max: described.rest.max },
    )
  })

  it.each(pairs)('%s encodes as the description says', (_, described, form) => {
    fc.assert(
      fc.property(anyOf(form.args) as fc.Arbitrary<object>, callOf(described), (args, call) => {
        const { data, keys } = encodeInstruction(form, { programId, args, ...call })
        const body = encodeFieldsByIdl(described.args, plain(form.args, args) as object)
        expect(data).toEqual(Buffer.concat([Buffer.of(described.discriminator), body]))
        expect(keys.map((key) => [addressOfKey(key.pubkey), key.isSigner, key.isWritable])).toEqual([
          ...described.accounts.map((one) => metaByIdl(one, call)),
          ...call.voters.map((voter) => [voter, true, false]),
        ])
      }),
      { numRuns: RUNS },
    )
  })
})

type AnyCall = ReturnType<typeof callOf> extends fc.Arbitrary<infer Call> ? Call : never

/** Addresses for every place, some left out where that is allowed, and who signs of those that may. */
function callOf(described: IdlInstruction) {
  const key = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(addressOf)
  const fixed = { token: TOKEN_PROGRAM, system: SYSTEM_PROGRAM }
  const accounts = described.accounts.map((one) => {
    const some = one.address === undefined ? key : fc.constant(fixed[one.address])
    return [placeName(one), one.optional === true ? fc.option(some, { nil: undefined }) : some] as const
  })
  const maySign = described.accounts.filter(({ signer }) => signer === 'optional').map(placeName)
  return fc.record({
    accounts: fc.record(Object.fromEntries(accounts)),
    signing: fc.subarray(maySign),
    voters: fc.array(key, { minLength: described.rest?.min ?? 0, maxLength: described.rest?.max ?? 0 }),
  })
}

function metaByIdl(one: IdlPlace, { accounts, signing }: AnyCall): unknown[] {
  const name = placeName(one)
  const given = accounts[name]
  if (given === undefined) return [programId, false, false]
  const signs = one.signer === true || (one.signer === 'optional' && signing.includes(name))
  return [given, signs, one.writable === true]
}

const placeName = ({ name }: IdlPlace): string => camel(name)

function placeOf({ signer, writable, optional }: IdlPlace): Place {
  return {
    signer: signer === 'optional' ? 'either' : signer === true,
    writable: writable === true,
    optional: optional === true,
  }
}

describe('events', () => {
  it('are those of the description', () => {
    expect(eventForms.map(({ discriminator, name }) => [name, discriminator])).toEqual(
      idl.events.map(({ discriminator, name }) => [name, discriminator]),
    )
  })

  it.each(idl.events)('$name has its fields and bytes', ({ name, fields }) => {
    const form = eventForms.find((one) => one.name === name)
    if (form === undefined) throw new Error(`${name} has no twin`)
    const described = fields.map(([field, type]) => ({ name: field, type }))
    expect(fieldsOf(form.layout)).toEqual(withoutPadding(described))
    holdsItsBytes(form.layout, described)
  })
})

describe('errors', () => {
  it('have the same codes and sentences', () => {
    expect(Object.entries(programErrorCodes)).toEqual(idl.errors.map(({ code, name }) => [name, code]))
    expect(Object.entries(programErrorMessages)).toEqual(
      idl.errors.map(({ message, name }) => [name, message]),
    )
  })

  it('all say what to do', () => {
    expect(Object.keys(programErrorAdvice).sort()).toEqual(idl.errors.map(({ name }) => name).sort())
    for (const advice of Object.values(programErrorAdvice)) expect(advice).toMatch(/^[A-Z].*\.$/)
  })
})

describe('constants', () => {
  it('have the same values, and words their places', () => {
    const words = (prefix: string, list: readonly string[]) =>
      list.map((word, place) => [`${prefix}_${word.toUpperCase()}`, place] as const)
    const { ringOf: _, ...numbers } = sizes
    expect(
      Object.fromEntries([
        ...Object.entries(numbers),
        ...words('STATE', EPOCH_STATES),
        ...words('POST', POST_SORTS),
        ...words('LEDGER', LEDGERS),
        ...words('RULE', RULES),
      ]),
    ).toEqual(idl.constants)
  })
})
