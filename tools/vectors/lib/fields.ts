// The fields of an SSZ value as JSON, and back, by the layout of its codec: bytes as hex, u64 as decimal strings, smaller
// integers as numbers; null stands for a u64 that says "never".
import { fromHex, toHex } from '../../../packages/protocol/src/bytes.ts'
import type { Layout } from '../../../packages/protocol/src/codecs/strict.ts'
import { NEVER } from '../../../packages/protocol/src/state/state.ts'

export type Fields =
  | string
  | number
  | boolean
  | null
  | readonly Fields[]
  | { readonly [name: string]: Fields }

/** What is looked at of an SSZ type. */
interface Shape {
  readonly typeName: string
  readonly fields?: Readonly<Record<string, Shape>>
  readonly elementType?: Shape
}

export function fieldsOf({ type }: Layout, bytes: Uint8Array): Fields {
  return toFields(type, type.deserialize(bytes))
}

export function bytesOf({ type }: Layout, fields: Fields): Uint8Array {
  return type.serialize(fromFields(type, fields))
}

function toFields(shape: Shape, value: unknown): Fields {
  if (value instanceof Uint8Array) return toHex(value)
  if (Array.isArray(value)) return value.map((item) => toFields(elementOf(shape), item))
  if (typeof value === 'object' && value !== null) {
    return named(shape, value, toFields)
  }
  if (typeof value === 'boolean') return value
  if (value === NEVER) return null
  return isWide(shape) ? String(value) : Number(value)
}

function fromFields(shape: Shape, fields: Fields): unknown {
  if (fields === null) return NEVER
  if (Array.isArray(fields)) return fields.map((item) => fromFields(elementOf(shape), item))
  if (typeof fields === 'object') return named(shape, fields, fromFields)
  if (typeof fields !== 'string') return fields
  if (!isWide(shape)) return fromHex(fields)
  return shape.typeName === 'uintBigint64' ? BigInt(fields) : Number(fields)
}

function named<In, Out>(
  { fields = {} }: Shape,
  value: object,
  convert: (shape: Shape, part: In) => Out,
): Record<string, Out> {
  const parts: Readonly<Record<string, In>> = { ...value }
  const converted = Object.entries(fields).map(([name, shape]) => [name, convert(shape, parts[name] as In)])
  return Object.fromEntries(converted)
}

function elementOf({ elementType, typeName }: Shape): Shape {
  if (elementType === undefined) throw new TypeError(`${typeName} has no elements`)
  return elementType
}

function isWide({ typeName }: Shape): boolean {
  return typeName === 'uint64' || typeName === 'uintBigint64'
}
