// What the methods work on, and how every answer with a context looks.
import type { Chain } from '../chain/chain.ts'
import type { KeyPair } from '../keys.ts'
import type { Address, Blockhash } from '../vm/address.ts'

/** The runtime inside litesvm 1.5 is that of Agave 4.2. */
export const SOLANA_VERSION = '4.2.0'

export interface Backend {
  readonly chain: Chain
  readonly faucet: KeyPair
  readonly genesisHash: Blockhash
  /** Stands in for a validator's identity. */
  readonly identity: Address
}

export interface InContext<T> {
  readonly context: { readonly slot: number; readonly apiVersion: string }
  readonly value: T
}

export function inContext<T>(slot: number, value: T): InContext<T> {
  return { context: { slot, apiVersion: SOLANA_VERSION }, value }
}
