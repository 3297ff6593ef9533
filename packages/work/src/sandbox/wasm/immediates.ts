// What stands in a function beside its instructions: its locals, and what follows an opcode.
import { refused } from './module.ts'
import { type Immediate, isValueType } from './opcodes.ts'
import type { Reader } from './reader.ts'
import { u32 } from './writer.ts'

/** The largest alignment of a number, as a power of two. A larger one is how another memory is named. */
const LARGEST_ALIGNMENT = 3

export interface Locals {
  readonly count: number
  readonly type: number
}

export function readLocals(code: Reader): readonly Locals[] {
  return Array.from({ length: code.count() }, () => {
    const count = code.u32()
    const type = code.byte()
    if (!isValueType(type)) throw refused('it has values that are no plain numbers (vectors or references)')
    return { count, type }
  })
}

export function countLocals(locals: readonly Locals[]): number {
  return locals.reduce((sum, { count }) => sum + count, 0)
}

export function writeLocals(locals: readonly Locals[]): Uint8Array {
  return Uint8Array.from([
    ...u32(locals.length),
    ...locals.flatMap(({ count, type }) => [...u32(count), type]),
  ])
}

export function skipImmediate(code: Reader, immediate: Immediate): void {
  if (immediate === 'leb32') code.skipLeb32()
  else if (immediate === 'leb64') code.skipLeb64()
  else if (immediate === 'bytes4') code.skip(4)
  else if (immediate === 'bytes8') code.skip(8)
  else if (immediate === 'memory') {
    if (code.byte() > LARGEST_ALIGNMENT)
      throw refused('it has an access with an alignment that no number has')
    code.skipLeb32()
  }
}
