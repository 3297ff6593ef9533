// The few instructions of the token programs that a network needs around its own.
import { Buffer } from 'node:buffer'
import type { RawAccount } from './accounts/form.ts'
import {
  type Address,
  ASSOCIATED_TOKEN_PROGRAM,
  addressOf,
  bytesOf,
  keyOf,
  SYSTEM_PROGRAM,
  TOKEN_PROGRAM,
} from './address.ts'
import { associatedTokens } from './addresses.ts'
import { encode, viewOf } from './codec/layout.ts'
import { u64 } from './codec/scalars.ts'
import { ChainError } from './errors.ts'
import { type AccountMeta, SystemProgram, TransactionInstruction } from './web3.ts'

export const MINT_BYTES = 82
export const TOKEN_ACCOUNT_BYTES = 165

/** Discriminators of the token programs' instructions. */
const MINT_TO = 7
const INITIALIZE_MINT_2 = 20
const CREATE_IDEMPOTENT = 1

export interface NewTokenAccount {
  readonly payer: Address
  readonly wallet: Address
  readonly mint: Address
}

/** Makes a wallet's associated token account; does nothing where it is there already. */
export function createAssociatedTokens({ payer, wallet, mint }: NewTokenAccount): TransactionInstruction {
  return new TransactionInstruction({
    programId: keyOf(ASSOCIATED_TOKEN_PROGRAM),
    keys: [
      { pubkey: keyOf(payer), isSigner: true, isWritable: true },
      writable(associatedTokens(wallet, mint).address),
      readonly(wallet),
      readonly(mint),
      readonly(SYSTEM_PROGRAM),
      readonly(TOKEN_PROGRAM),
    ],
    data: Buffer.of(CREATE_IDEMPOTENT),
  })
}

export interface NewMint {
  readonly payer: Address
  /** A new key, which signs. */
  readonly mint: Address
  readonly authority: Address
  readonly decimals: number
  /** Of MINT_BYTES, as the cluster says. */
  readonly rentLamports: number
}

/** A mint that cannot freeze anyone's tokens. */
export function createMint(input: NewMint): readonly TransactionInstruction[] {
  const account = SystemProgram.createAccount({
    fromPubkey: keyOf(input.payer),
    newAccountPubkey: keyOf(input.mint),
    lamports: input.rentLamports,
    space: MINT_BYTES,
    programId: keyOf(TOKEN_PROGRAM),
  })
  const noFreezeAuthority = 0
  const initialize = new TransactionInstruction({
    programId: keyOf(TOKEN_PROGRAM),
    keys: [writable(input.mint)],
    data: Buffer.concat([
      Buffer.of(INITIALIZE_MINT_2, input.decimals),
      bytesOf(input.authority),
      Buffer.of(noFreezeAuthority),
    ]),
  })
  return [account, initialize]
}

export interface MintTo {
  readonly mint: Address
  readonly authority: Address
  readonly destination: Address
  readonly amount: bigint
}

export function mintTo({ mint, authority, destination, amount }: MintTo): TransactionInstruction {
  return new TransactionInstruction({
    programId: keyOf(TOKEN_PROGRAM),
    keys: [
      writable(mint),
      writable(destination),
      { pubkey: keyOf(authority), isSigner: true, isWritable: false },
    ],
    data: Buffer.concat([Buffer.of(MINT_TO), encode(u64, amount)]),
  })
}

export interface TokenAccount {
  readonly mint: Address
  readonly owner: Address
  readonly amount: bigint
}

/** Throws when the bytes are no account of the token program. */
export function decodeTokenAccount({ owner, data }: RawAccount): TokenAccount {
  if (owner !== TOKEN_PROGRAM || data.length !== TOKEN_ACCOUNT_BYTES) {
    throw new ChainError('account/not-ours', 'This is no token account of the classic token program')
  }
  return {
    mint: addressOf(data.subarray(0, 32)),
    owner: addressOf(data.subarray(32, 64)),
    amount: u64.read(viewOf(data), 64),
  }
}

function readonly(account: Address): AccountMeta {
  return { pubkey: keyOf(account), isSigner: false, isWritable: false }
}

function writable(account: Address): AccountMeta {
  return { pubkey: keyOf(account), isSigner: false, isWritable: true }
}
