// Where an account is: base58 text, because it compares with ===, is a key of a map, and reads as people know it.

import { ChainError } from './errors.ts'
import { PublicKey } from './web3.ts'

export const ADDRESS_BYTES = 32

export type Address = string & { readonly __kind: 'address' }

/** Text that a person or a file gave. */
export function parseAddress(text: string): Address {
  try {
    const key = new PublicKey(text)
    if (key.toBase58() === text) return text as Address
  } catch {
    // Said below, with the text.
  }
  throw new ChainError('address/malformed', `'${text}' is no address: 32 bytes in base58 are`, { text })
}

export function addressOf(bytes: Uint8Array): Address {
  if (bytes.length === ADDRESS_BYTES) return addressOfKey(new PublicKey(bytes))
  throw new ChainError('address/malformed', `${bytes.length} bytes are no address: 32 are`)
}

export function addressOfKey(key: PublicKey): Address {
  return key.toBase58() as Address
}

export function keyOf(address: Address): PublicKey {
  return new PublicKey(address)
}

export function bytesOf(address: Address): Uint8Array {
  return Uint8Array.from(keyOf(address).toBytes())
}

/** 32 zero bytes: nobody's address. It is the system program's too. */
export const NO_ADDRESS: Address = parseAddress('11111111111111111111111111111111')
export const SYSTEM_PROGRAM: Address = NO_ADDRESS
/** The classic one. Networks use its mints alone. */
export const TOKEN_PROGRAM: Address = parseAddress('TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA')
export const ASSOCIATED_TOKEN_PROGRAM: Address = parseAddress('ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL')
export const COMPUTE_BUDGET_PROGRAM: Address = parseAddress('ComputeBudget111111111111111111111111111111')
