// Addresses, signatures and blockhashes travel as base58 text, which is also how they are compared and used as keys.
import { getBase58Decoder, getBase58Encoder } from '@solana/kit'

export type Address = string
export type Signature = string
export type Blockhash = string

export const ADDRESS_BYTES = 32
export const SIGNATURE_BYTES = 64

export const SYSTEM_PROGRAM: Address = '11111111111111111111111111111111'
export const COMPUTE_BUDGET_PROGRAM: Address = 'ComputeBudget111111111111111111111111111111'
export const TOKEN_PROGRAM: Address = 'TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA'
export const TOKEN_2022_PROGRAM: Address = 'TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb'
export const ASSOCIATED_TOKEN_PROGRAM: Address = 'ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL'
export const CLOCK_SYSVAR: Address = 'SysvarC1ock11111111111111111111111111111111'
export const SLOT_HASHES_SYSVAR: Address = 'SysvarS1otHashes111111111111111111111111111'
export const SYSVAR_OWNER: Address = 'Sysvar1111111111111111111111111111111111111'

/** A u64 in base58 never takes more characters than its bytes need: longer text is refused before the slow decoding. */
const MAX_BASE58_CHARS_PER_BYTE = 1.4

const decoder = getBase58Decoder()
const encoder = getBase58Encoder()

export function toBase58(bytes: Uint8Array): string {
  return decoder.decode(bytes)
}

/** The bytes of base58 text, or undefined when it isn't base58 or has more than `maxBytes`. */
export function fromBase58(text: string, maxBytes: number): Uint8Array | undefined {
  if (text.length > Math.ceil(maxBytes * MAX_BASE58_CHARS_PER_BYTE)) return undefined
  try {
    const bytes = new Uint8Array(encoder.encode(text))
    return bytes.length <= maxBytes ? bytes : undefined
  } catch {
    return undefined
  }
}

/** Decoding base58 takes longer than reading an account: the addresses in use are decoded once. */
const MAX_DECODED = 4_096
const decoded = new Map<Address, Uint8Array>()

/** The 32 bytes of an address that was validated where it came in; not to be written to. */
export function addressBytes(address: Address): Uint8Array {
  const known = decoded.get(address)
  if (known !== undefined) return known
  const bytes = new Uint8Array(encoder.encode(address))
  if (decoded.size >= MAX_DECODED) decoded.clear()
  decoded.set(address, bytes)
  return bytes
}

export function isBase58Of(text: string, bytes: number): boolean {
  return fromBase58(text, bytes)?.length === bytes
}
