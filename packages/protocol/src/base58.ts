// Keys as people know them: Solana's wallets show addresses in Bitcoin's base58.

import { concat } from './bytes.ts'
import { ProtocolError } from './errors.ts'

const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

export function toBase58(bytes: Uint8Array): string {
  let number = 0n
  for (const byte of bytes) number = number * 256n + BigInt(byte)
  let digits = ''
  for (; number > 0n; number /= 58n) digits = ALPHABET.charAt(Number(number % 58n)) + digits
  // Zero bytes at the start have no weight, and stand as digits of zero.
  const nonZero = bytes.findIndex((byte) => byte !== 0)
  return ALPHABET.charAt(0).repeat(nonZero === -1 ? bytes.length : nonZero) + digits
}

/** A key has 44 digits at most, a signature 88. The work grows with the square of the digits. */
const MAX_DIGITS = 128

export function fromBase58(text: string): Uint8Array {
  if (text.length > MAX_DIGITS) throw noBase58(text, `it has more than ${MAX_DIGITS} digits`)
  let number = 0n
  for (const digit of text) {
    const value = ALPHABET.indexOf(digit)
    if (value === -1) throw noBase58(text, `'${digit}' is none of its digits`)
    number = number * 58n + BigInt(value)
  }
  const bytes: number[] = []
  for (; number > 0n; number /= 256n) bytes.unshift(Number(number % 256n))
  const zeros = [...text].findIndex((digit) => digit !== ALPHABET.charAt(0))
  return concat([new Uint8Array(zeros === -1 ? text.length : zeros), Uint8Array.from(bytes)])
}

function noBase58(text: string, why: string): ProtocolError {
  return new ProtocolError('bytes/malformed', `This is no address in base58: ${why}.`, {
    text: text.slice(0, MAX_DIGITS),
  })
}
