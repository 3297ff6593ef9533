// The chain as the rest of Piecework sees it. Whoever acts on what it says can rely on four things:
// what it reads is as of one slot, and never older than what it read before; it is at least confirmed;
// what was said by too few endpoints is never returned; and nothing waits for ever.

import type { RawAccount } from './accounts/form.ts'
import type { Address } from './address.ts'
import type { NetworkAddresses } from './addresses.ts'
import type { ChainError } from './errors.ts'
import type { TransactionInstruction } from './web3.ts'

/**
 * confirmed: more than 2/3 of the cluster's stake voted for the slot. finalized: it can't be rolled back any more.
 * There is nothing below: nobody acts on less.
 */
export type Commitment = 'confirmed' | 'finalized'

export type { TransactionInstruction }

export interface AsOf<T> {
  readonly slot: number
  readonly value: T
}

export interface FoundAccount {
  readonly address: Address
  readonly account: RawAccount
}

/** Bytes that an account must have at a place. */
export interface BytesAt {
  readonly offset: number
  readonly bytes: Uint8Array
}

export interface AccountSearch {
  readonly size: number
  readonly matches: readonly BytesAt[]
}

/** Signs exactly the message it is given, or throws. */
export interface Signer {
  readonly address: Address
  sign(message: Uint8Array): Promise<Uint8Array>
}

export interface SendRequest {
  readonly instructions: readonly TransactionInstruction[]
  /** Pays the fees, and signs. */
  readonly payer: Signer
  /** The others who sign. */
  readonly signers?: readonly Signer[]
  /** How certain it must be before it counts as landed; confirmed, where it is left out. */
  readonly commitment?: Commitment
}

export type SendOutcome =
  /** It is in a slot of the wanted commitment, and did what it was meant to. */
  | { readonly kind: 'landed'; readonly signature: string; readonly slot: number }
  /** It did nothing, and this says why; with a slot, it landed as a failure and cost its fee. */
  | { readonly kind: 'refused'; readonly error: ChainError; readonly slot?: number }
  /** Every blockhash it was signed for has passed, finally: it is not there, and never will be. */
  | { readonly kind: 'expired'; readonly attempts: number }
  /** It may still land, or have landed: read the state before doing it again. */
  | { readonly kind: 'unknown'; readonly signature: string; readonly error: ChainError }

export interface LandedTransaction {
  readonly slot: number
  /** Undefined: it succeeded. */
  readonly error: ChainError | undefined
  readonly logs: readonly string[]
}

/** What slot it is, estimated between readings. */
export interface SlotClock {
  /** Never goes back. 0 before the first reading. */
  slot(): number
  /** The cluster's confirmed slot is at most this far from it; Infinity before the first reading. */
  uncertainty(): number
}

export type Unsubscribe = () => void

export interface Chain {
  /** Where the network's accounts are. */
  readonly at: NetworkAddresses
  readonly clock: SlotClock
  /** Up to MAX_ACCOUNTS_READ accounts, all as of one slot; undefined where there is none. */
  accounts(
    addresses: readonly Address[],
    commitment?: Commitment,
  ): Promise<AsOf<readonly (RawAccount | undefined)[]>>
  /** Accounts of the program, ascending by address. */
  search(search: AccountSearch, commitment?: Commitment): Promise<AsOf<readonly FoundAccount[]>>
  /** Undefined while it is in no slot of this commitment. */
  transaction(signature: string, commitment?: Commitment): Promise<LandedTransaction | undefined>
  /** Lamports that an account of so many bytes must hold. */
  rent(bytes: number): Promise<number>
  send(request: SendRequest): Promise<SendOutcome>
  /** Called with every new slot of the clock, some of which may be skipped. */
  onSlot(listener: (slot: number) => void): Unsubscribe
  /** Called with the confirmed account, now and whenever it has changed. */
  onAccount(address: Address, listener: (account: AsOf<RawAccount | undefined>) => void): Unsubscribe
}

/** The cluster's own bound on one reading. */
export const MAX_ACCOUNTS_READ = 100
