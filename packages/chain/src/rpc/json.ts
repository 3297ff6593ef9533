// What an endpoint answered, believed only as far as it has the shape that was asked for.
import { Buffer } from 'node:buffer'
import { type Address, parseAddress } from '../address.ts'
import { ChainError } from '../errors.ts'

export type Json = unknown

export function garbage(what: string, found?: Json): ChainError {
  const message = `The endpoint's answer makes no sense: ${what}. It is broken, or no Solana RPC: use another one.`
  return new ChainError('rpc/garbage', message, found === undefined ? {} : { found: excerpt(found) })
}

/** Enough of an answer to see what it is. */
const EXCERPT_LETTERS = 200

function excerpt(found: Json): string {
  return (JSON.stringify(found) ?? 'nothing').slice(0, EXCERPT_LETTERS)
}

export function field(value: Json, name: string): Json {
  if (typeof value === 'object' && value !== null && name in value) {
    return (value as Readonly<Record<string, Json>>)[name]
  }
  throw garbage(`${name} is missing`, value)
}

export function array(value: Json): readonly Json[] {
  if (Array.isArray(value)) return value
  throw garbage('a list is missing', value)
}

export function text(value: Json): string {
  if (typeof value === 'string') return value
  throw garbage('a text is missing', value)
}

/** A slot, a height or a number of bytes. */
export function natural(value: Json): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
  throw garbage('a whole number is missing', value)
}

/** JSON keeps no integer above 2^53 exactly; nothing is decided by so many lamports. */
export function lamports(value: Json): bigint {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return BigInt(value)
  throw garbage('an amount is missing', value)
}

export function address(value: Json): Address {
  try {
    return parseAddress(text(value))
  } catch {
    throw garbage('an address is missing', value)
  }
}

/** Data as [base64 text, 'base64']. */
export function base64(value: Json): Uint8Array {
  const [encoded, encoding] = array(value)
  if (encoding !== 'base64') throw garbage('the data is not in base64', encoding)
  const given = text(encoded)
  const bytes = Buffer.from(given, 'base64')
  if (bytes.toString('base64') !== given) throw garbage('the data is no base64', given)
  return Uint8Array.from(bytes)
}

/** An answer that says as of which slot it is. */
export function inContext<T>(
  value: Json,
  read: (value: Json) => T,
): { readonly slot: number; readonly value: T } {
  return { slot: natural(field(field(value, 'context'), 'slot')), value: read(field(value, 'value')) }
}
