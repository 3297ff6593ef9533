// The program's description, and an encoding that knows nothing but it: what the typed twins are held to.
import { Buffer } from 'node:buffer'
import { idlText } from '@piecework/program'
import { PublicKey } from '@solana/web3.js'

export interface IdlField {
  readonly name: string
  readonly type: string
}

export interface IdlPlace {
  readonly name: string
  readonly signer?: true | 'optional'
  readonly writable?: true
  readonly optional?: true
  readonly address?: 'token' | 'system'
}

export interface IdlInstruction {
  readonly name: string
  readonly discriminator: number
  readonly accounts: readonly IdlPlace[]
  readonly args: readonly IdlField[]
  readonly rest?: { readonly name: string; readonly min: number; readonly max: number }
}

export interface Idl {
  readonly constants: Readonly<Record<string, number>>
  readonly structs: readonly { readonly name: string; readonly fields: readonly IdlField[] }[]
  readonly accounts: readonly {
    readonly name: string
    readonly kind: number
    readonly seeds: readonly string[]
    readonly fields: readonly IdlField[]
  }[]
  readonly instructions: readonly IdlInstruction[]
  readonly events: readonly {
    readonly name: string
    readonly discriminator: number
    readonly fields: readonly (readonly [name: string, type: string])[]
  }[]
  readonly errors: readonly { readonly code: number; readonly name: string; readonly message: string }[]
}

export const idl: Idl = JSON.parse(idlText())

const INTEGERS: Readonly<Record<string, number>> = { u8: 1, u16: 2, u32: 4, u64: 8, i64: 8 }

/** A value by its type's name. Fields that a value lacks are zero: they are padding. */
export function encodeByIdl(type: string, value: unknown): Buffer {
  const array = /^\[(\w+);(\d+)\]$/.exec(type)
  const item = array?.[1] ?? /^(\w+)\[\]$/.exec(type)?.[1]
  if (item !== undefined) {
    const values = value === undefined ? Array(Number(array?.[2])).fill(undefined) : (value as unknown[])
    return Buffer.concat(values.map((one) => encodeByIdl(item, one)))
  }
  const size = INTEGERS[type]
  if (size !== undefined) return integer(type, size, value)
  if (type === 'address') return new PublicKey(value as string).toBuffer()
  if (type === 'hash') return Buffer.from(value as Uint8Array)
  const struct = idl.structs.find(({ name }) => name === type)
  if (struct === undefined) throw new Error(`idl.json names no type ${type}`)
  return encodeFieldsByIdl(struct.fields, value as object)
}

export function encodeFieldsByIdl(fields: readonly IdlField[], value: object): Buffer {
  const byName = new Map(Object.entries(value))
  return Buffer.concat(fields.map(({ name, type }) => encodeByIdl(type, byName.get(camel(name)))))
}

function integer(type: string, size: number, value: unknown): Buffer {
  const bytes = Buffer.alloc(8)
  const largest = type === 'i64' ? 2n ** 63n - 1n : 2n ** BigInt(8 * size) - 1n
  const number = value === Infinity ? largest : BigInt((value ?? 0) as number)
  if (type === 'i64') bytes.writeBigInt64LE(number)
  else bytes.writeBigUInt64LE(number)
  return bytes.subarray(0, size)
}

export function camel(name: string): string {
  return name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
}
