// Transactions as they come in, in base58 or base64.
import { z } from 'zod'
import { LocalnetError } from '../errors.ts'
import { fromBase58 } from '../vm/address.ts'
import { MAX_TRANSACTION_BYTES, readMessage, readTransaction, type Transaction } from '../vm/wire.ts'
import { invalidParams } from './errors.ts'

/** What 1,232 bytes take in each encoding. */
const MAX_BASE58_CHARS = 1_683
const MAX_BASE64_CHARS = 1_644
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/

export const transactionEncoding: z.ZodType<'base58' | 'base64'> = z.enum(['base58', 'base64'], {
  error: (issue) => `unsupported encoding: ${String(issue.input)}. Supported encodings: base58, base64`,
})

export function readTransactionParam(text: string, encoding: 'base58' | 'base64'): Transaction {
  const bytes = encoding === 'base64' ? fromBase64(text) : fromBase58Text(text)
  if (bytes.length > MAX_TRANSACTION_BYTES) {
    throw invalidParams(
      `decoded transaction too large: ${bytes.length} bytes (max: ${MAX_TRANSACTION_BYTES} bytes)`,
    )
  }
  return deserialized('transaction', () => readTransaction(bytes))
}

export function readMessageParam(text: string): Transaction {
  const bytes = fromBase64(text)
  return deserialized('message', () => readMessage(bytes))
}

function deserialized(what: string, read: () => Transaction): Transaction {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof LocalnetError)) throw error
    throw invalidParams(`failed to deserialize ${what}: ${error.message}`)
  }
}

function tooLarge(encoding: string, length: number, max: number): Error {
  return invalidParams(
    `${encoding} encoded transaction too large: ${length} bytes (max: encoded/raw ${max}/${MAX_TRANSACTION_BYTES})`,
  )
}

function fromBase64(text: string): Uint8Array {
  if (text.length > MAX_BASE64_CHARS) throw tooLarge('base64', text.length, MAX_BASE64_CHARS)
  if (!BASE64.test(text) || text.length % 4 !== 0)
    throw invalidParams('invalid base64 encoding of the transaction')
  return Buffer.from(text, 'base64')
}

function fromBase58Text(text: string): Uint8Array {
  if (text.length > MAX_BASE58_CHARS) throw tooLarge('base58', text.length, MAX_BASE58_CHARS)
  const bytes = fromBase58(text, MAX_BASE58_CHARS)
  if (bytes === undefined) throw invalidParams('invalid base58 encoding of the transaction')
  return bytes
}
