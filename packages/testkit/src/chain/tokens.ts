// Token accounts: as many bytes of them as anybody reads.
import {
  type Address,
  bytesOf,
  decodeTokenAccount,
  encode,
  TOKEN_ACCOUNT_BYTES,
  TOKEN_PROGRAM,
  u64,
} from '@piecework/chain'
import { type Run, requireThat } from './run.ts'

export interface Tokens {
  readonly mint: Address
  readonly owner: Address
  readonly amount: bigint
}

export function tokenBytes({ mint, owner, amount }: Tokens): Uint8Array {
  const bytes = new Uint8Array(TOKEN_ACCOUNT_BYTES)
  bytes.set(bytesOf(mint), 0)
  bytes.set(bytesOf(owner), 32)
  bytes.set(encode(u64, amount), 64)
  const initialised = 1
  bytes[108] = initialised
  return bytes
}

export function tokensAt(run: Run, address: Address, mint: Address): Tokens {
  const raw = run.get(address)
  requireThat(raw?.owner === TOKEN_PROGRAM && raw.data.length === TOKEN_ACCOUNT_BYTES, 'WrongTokenAccount')
  const tokens = decodeTokenAccount(raw)
  requireThat(tokens.mint === mint, 'WrongTokenAccount')
  return tokens
}

export interface Transfer {
  readonly mint: Address
  readonly from: Address
  readonly to: Address
  readonly amount: bigint
  /** Whose tokens they must be. */
  readonly owner: Address
}

/** They are gone. Of a mint no more is kept than its address. */
export function burn(run: Run, { mint, from, amount, owner }: Omit<Transfer, 'to'>): void {
  const source = tokensAt(run, from, mint)
  requireThat(source.owner === owner && source.amount >= amount, 'Runtime')
  run.put(from, TOKEN_PROGRAM, tokenBytes({ ...source, amount: source.amount - amount }))
}

export function transfer(run: Run, { mint, from, to, amount, owner }: Transfer): void {
  const source = tokensAt(run, from, mint)
  const destination = tokensAt(run, to, mint)
  requireThat(source.owner === owner && source.amount >= amount, 'Runtime')
  run.put(from, TOKEN_PROGRAM, tokenBytes({ ...source, amount: source.amount - amount }))
  const sum = from === to ? source.amount : destination.amount + amount
  run.put(to, TOKEN_PROGRAM, tokenBytes({ ...destination, amount: sum }))
}
