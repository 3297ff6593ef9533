// Encodes any instruction of idl.json, so that tests need no client of it.
import { type AccountMeta, PublicKey, SystemProgram, TransactionInstruction } from '@solana/web3.js'
import {
  type AccountPlace,
  type Field,
  type Instruction,
  idl,
  shapeOf,
  sizeOf,
  structOf,
} from '../../generate/idl.ts'

export type Value =
  | number
  | bigint
  | Uint8Array
  | PublicKey
  | readonly Value[]
  | { readonly [name: string]: Value }
export type Values = Readonly<Record<string, Value>>
export type Keys = Readonly<Record<string, PublicKey>>
export type Call = {
  readonly name: string
  readonly accounts: Keys
  readonly args?: Values
  readonly rest?: readonly PublicKey[]
  /** Optional signers of the instruction that do sign here. */
  readonly signing?: readonly string[]
  /** Accounts that get fewer rights than the instruction asks for, or rest accounts by their place. */
  readonly readonly?: readonly string[]
  readonly unsigned?: readonly (string | number)[]
}

export const tokenProgram: PublicKey = new PublicKey('TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA')
export const fixedPrograms: Readonly<Record<'token' | 'system', PublicKey>> = {
  token: tokenProgram,
  system: SystemProgram.programId,
}

export function instructionOf(name: string): Instruction {
  const found = idl.instructions.find((one) => one.name === name)
  if (found === undefined) throw new Error(`idl.json has no instruction ${name}`)
  return found
}

export function encode(programId: PublicKey, call: Call): TransactionInstruction {
  const one = instructionOf(call.name)
  const keys = one.accounts.map((place) => meta(place, call, programId))
  const rest = (call.rest ?? []).map((pubkey, place) => ({
    pubkey,
    isSigner: !(call.unsigned ?? []).includes(place),
    isWritable: false,
  }))
  const data = Buffer.concat([Buffer.of(one.discriminator), encodeFields(one.args, call.args ?? {})])
  return new TransactionInstruction({ programId, keys: [...keys, ...rest], data })
}

function meta(place: AccountPlace, call: Call, programId: PublicKey): AccountMeta {
  const given = call.accounts[place.name] ?? (place.address && fixedPrograms[place.address])
  if (given === undefined && place.optional !== true)
    throw new Error(`${call.name} needs the account ${place.name}`)
  const signs =
    place.signer === true || (place.signer === 'optional' && (call.signing ?? []).includes(place.name))
  return {
    pubkey: given ?? programId,
    isSigner: signs && !(call.unsigned ?? []).includes(place.name),
    isWritable: given !== undefined && place.writable === true && !(call.readonly ?? []).includes(place.name),
  }
}

export function encodeFields(fields: readonly Field[], values: Values): Buffer {
  for (const name of Object.keys(values))
    if (!fields.some((field) => field.name === name)) throw new Error(`no field ${name}`)
  return Buffer.concat(
    fields.map((field) => {
      const value = values[field.name]
      if (value === undefined) throw new Error(`${field.name} is missing`)
      return encodeValue(field.type, value)
    }),
  )
}

export function encodeValue(type: string, value: Value): Buffer {
  const { item, count } = shapeOf(type)
  if (count !== undefined) {
    if (!Array.isArray(value)) throw new Error(`${type} wants a list`)
    return Buffer.concat(value.map((each: Value) => encodeValue(item, each)))
  }
  if (value instanceof PublicKey) return value.toBuffer()
  if (value instanceof Uint8Array) {
    if (value.length !== sizeOf(type)) throw new Error(`${type} of ${value.length} bytes`)
    return Buffer.from(value)
  }
  if (typeof value === 'number' || typeof value === 'bigint') return integer(item, BigInt(value))
  const struct = structOf(item)
  if (struct === undefined || Array.isArray(value)) throw new Error(`no ${type}: ${String(value)}`)
  return encodeFields(struct.fields, value as Values)
}

function integer(type: string, value: bigint): Buffer {
  const bytes = Buffer.alloc(8)
  if (type.startsWith('i')) bytes.writeBigInt64LE(value)
  else bytes.writeBigUInt64LE(value)
  const size = sizeOf(type)
  if (bytes.subarray(size).some((byte) => byte !== 0)) throw new Error(`${value} is no ${type}`)
  return bytes.subarray(0, size)
}
