import { readFileSync } from 'node:fs'

export type Field = { readonly name: string; readonly type: string; readonly doc?: string }
export type Struct = { readonly name: string; readonly doc?: string; readonly fields: readonly Field[] }
export type AccountType = Struct & { readonly kind: number; readonly seeds: readonly string[] }
export type AccountPlace = {
  readonly name: string
  readonly doc?: string
  readonly signer?: true | 'optional'
  readonly writable?: true
  readonly optional?: true
  /** The account of this program that must be here, checked by the instruction. */
  readonly is?: string
  /** The account that the instruction makes here. */
  readonly creates?: string
  readonly address?: 'token' | 'system'
}
export type RestPlace = {
  readonly name: string
  readonly signer: true
  readonly min: number
  readonly max: number
}
export type Instruction = {
  readonly name: string
  readonly discriminator: number
  readonly doc?: string
  readonly accounts: readonly AccountPlace[]
  readonly rest?: RestPlace
  readonly args: readonly Field[]
}
export type EventType = {
  readonly name: string
  readonly discriminator: number
  readonly doc?: string
  readonly fields: readonly (readonly [name: string, type: string])[]
}
export type ErrorCode = { readonly code: number; readonly name: string; readonly message: string }
export type Idl = {
  readonly constants: Readonly<Record<string, number>>
  readonly structs: readonly Struct[]
  readonly accounts: readonly AccountType[]
  readonly instructions: readonly Instruction[]
  readonly events: readonly EventType[]
  readonly errors: readonly ErrorCode[]
}

/** What a type's name says: one value, or several of one type. */
export type Shape = { readonly item: string; readonly count: number | 'rest' | undefined }

export const idl: Idl = JSON.parse(readFileSync(new URL('../idl.json', import.meta.url), 'utf8'))

const scalars: Readonly<Record<string, number>> = {
  u8: 1,
  u16: 2,
  u32: 4,
  u64: 8,
  i64: 8,
  address: 32,
  hash: 32,
}

export function shapeOf(type: string): Shape {
  const array = /^\[(\w+);(\d+)\]$/.exec(type)
  if (array?.[1] !== undefined) return { item: array[1], count: Number(array[2]) }
  if (type.endsWith('[]')) return { item: type.slice(0, -2), count: 'rest' }
  return { item: type, count: undefined }
}

export function structOf(name: string): Struct | undefined {
  return idl.structs.find((one) => one.name === name)
}

function known(name: string): Struct {
  const struct = structOf(name)
  if (struct === undefined) throw new Error(`idl.json names no type ${name}`)
  return struct
}

export function sizeOf(type: string): number {
  const { item, count } = shapeOf(type)
  const one = scalars[item] ?? sizeOfFields(known(item).fields)
  if (count === 'rest') return 0
  return one * (count ?? 1)
}

export function sizeOfFields(fields: readonly Field[]): number {
  return fields.reduce((sum, field) => sum + sizeOf(field.type), 0)
}

export function alignOf(type: string): number {
  const { item } = shapeOf(type)
  if (item === 'address' || item === 'hash') return 1
  return scalars[item] ?? Math.max(...known(item).fields.map((field) => alignOf(field.type)))
}

/** The fields with their offsets. */
export function placed(fields: readonly Field[]): readonly (Field & { readonly offset: number })[] {
  let offset = 0
  return fields.map((field) => {
    const at = offset
    offset += sizeOf(field.type)
    return { ...field, offset: at }
  })
}
