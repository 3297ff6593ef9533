import { readFileSync } from 'node:fs'
import type { AccountMeta } from '@solana/web3.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { generatedFiles } from '../generate/files.ts'
import { type Instruction, idl, sizeOfFields } from '../generate/idl.ts'
import { programBytes } from '../index.ts'
import { fixedPrograms } from './support/encode.ts'
import { World } from './support/world.ts'

/** What the program may weigh: the bar of its design. */
const largestProgram = 64 * 1024

/** Empty accounts with all the rights that an instruction asks for. */
function strangers(world: World, one: Instruction): readonly AccountMeta[] {
  const listed = one.accounts.map((place) => ({
    pubkey: place.address === undefined ? world.key() : fixedPrograms[place.address],
    isSigner: place.signer !== undefined,
    isWritable: place.writable === true,
  }))
  const rest = Array.from({ length: one.rest?.min ?? 0 }, () => ({
    pubkey: world.key(),
    isSigner: true,
    isWritable: false,
  }))
  return [...listed, ...rest]
}

describe('the program', () => {
  it('stays below its bar', () => {
    expect(programBytes().length).toBeLessThanOrEqual(largestProgram)
  })

  it('refuses data that names no instruction', () => {
    const world = new World()
    expect(world.raw(new Uint8Array(), [])).toBe('UnknownInstruction')
    const known = new Set(idl.instructions.map((one) => one.discriminator))
    for (let byte = 0; byte < 256; byte++)
      if (!known.has(byte)) expect(world.raw(Uint8Array.of(byte), []), `${byte}`).toBe('UnknownInstruction')
  })

  it('answers any data and accounts with a refusal of its own', () => {
    const world = new World()
    const names = new Set(idl.errors.map((one) => one.name))
    fc.assert(
      fc.property(fc.constantFrom(...idl.instructions), fc.uint8Array({ maxLength: 300 }), (one, data) => {
        expect(names).toContain(world.raw(Uint8Array.of(one.discriminator, ...data), strangers(world, one)))
      }),
      { numRuns: 300 },
    )
  })

  it.each(idl.instructions)('$name answers arguments of the right length, too', (one) => {
    const world = new World()
    const names = new Set(idl.errors.map((each) => each.name))
    const size = sizeOfFields(one.args)
    fc.assert(
      fc.property(fc.uint8Array({ minLength: size, maxLength: size }), (data) => {
        expect(names).toContain(world.raw(Uint8Array.of(one.discriminator, ...data), strangers(world, one)))
      }),
      { numRuns: 20 },
    )
  })

  it.each(idl.instructions)('$name wants as much data as its arguments', (one) => {
    const world = new World()
    const size = 1 + sizeOfFields(one.args)
    const accounts = strangers(world, one)
    for (const length of [size - 1, size + 1].filter((each) => each > 0)) {
      const data = new Uint8Array(length)
      data[0] = one.discriminator
      expect(world.raw(data, accounts), `${length} bytes`).toBe('WrongData')
    }
  })

  it.each(idl.instructions.map((one) => one.name))('%s wants its accounts', (name) => {
    const world = new World()
    const one = idl.instructions.find((each) => each.name === name)
    const data = new Uint8Array(1 + sizeOfFields(one?.args ?? []))
    data[0] = one?.discriminator ?? 0
    expect(['WrongAccountCount', 'UnknownInstruction']).toContain(world.raw(data, []))
  })
})

describe('the Rust layouts', () => {
  it.each(Object.entries(generatedFiles))('%s follows from idl.json', (name, text) => {
    const there = readFileSync(new URL(`../src/generated/${name}`, import.meta.url), 'utf8')
    expect(there === text, `run node packages/program/generate/main.ts: ${name} is old`).toBe(true)
  })
})
