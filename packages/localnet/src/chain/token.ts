// Reads and writes the SPL token program's two kinds of account. Extensions of Token-2022 after them are left alone.
import type { Account } from '../vm/account.ts'
import { type Address, addressBytes, TOKEN_2022_PROGRAM, TOKEN_PROGRAM, toBase58 } from '../vm/address.ts'

export const MINT_BYTES = 82
export const TOKEN_ACCOUNT_BYTES = 165

/** Token-2022 writes after the common part which kind of account it is. */
const ACCOUNT_TYPE_OFFSET = TOKEN_ACCOUNT_BYTES
const MULTISIG_BYTES = 355

export interface Mint {
  readonly authority: Address | null
  readonly supply: bigint
  readonly decimals: number
  readonly initialized: boolean
  readonly freezeAuthority: Address | null
}

export interface TokenAccount {
  readonly mint: Address
  readonly owner: Address
  readonly amount: bigint
  readonly delegate: Address | null
  readonly delegatedAmount: bigint
  readonly state: 'uninitialized' | 'initialized' | 'frozen'
  /** The rent kept back by an account that wraps SOL; null for any other mint. */
  readonly nativeReserve: bigint | null
  readonly closeAuthority: Address | null
}

const STATES = ['uninitialized', 'initialized', 'frozen'] as const

export function isTokenProgram(address: Address): boolean {
  return address === TOKEN_PROGRAM || address === TOKEN_2022_PROGRAM
}

function isKind(account: Account, bytes: number, type: number): boolean {
  if (!isTokenProgram(account.owner)) return false
  if (account.data.length === bytes) return true
  if (account.owner !== TOKEN_2022_PROGRAM || account.data.length === MULTISIG_BYTES) return false
  return account.data.length > ACCOUNT_TYPE_OFFSET && account.data[ACCOUNT_TYPE_OFFSET] === type
}

export function readMint(account: Account | undefined): Mint | undefined {
  if (account === undefined || !isKind(account, MINT_BYTES, 1)) return undefined
  const data = Buffer.from(account.data)
  return {
    authority: optionalAddress(data, 0),
    supply: data.readBigUInt64LE(36),
    decimals: data.readUInt8(44),
    initialized: data.readUInt8(45) === 1,
    freezeAuthority: optionalAddress(data, 46),
  }
}

export function readTokenAccount(account: Account | undefined): TokenAccount | undefined {
  if (account === undefined || !isKind(account, TOKEN_ACCOUNT_BYTES, 2)) return undefined
  const data = Buffer.from(account.data)
  return {
    mint: toBase58(data.subarray(0, 32)),
    owner: toBase58(data.subarray(32, 64)),
    amount: data.readBigUInt64LE(64),
    delegate: optionalAddress(data, 72),
    state: STATES[data.readUInt8(108)] ?? 'uninitialized',
    nativeReserve: data.readUInt32LE(109) === 1 ? data.readBigUInt64LE(113) : null,
    delegatedAmount: data.readBigUInt64LE(121),
    closeAuthority: optionalAddress(data, 129),
  }
}

function optionalAddress(data: Buffer, offset: number): Address | null {
  return data.readUInt32LE(offset) === 1 ? toBase58(data.subarray(offset + 4, offset + 36)) : null
}

export function writeMint(mint: { authority: Address; supply: bigint; decimals: number }): Uint8Array {
  const data = Buffer.alloc(MINT_BYTES)
  data.writeUInt32LE(1, 0)
  data.set(addressBytes(mint.authority), 4)
  data.writeBigUInt64LE(mint.supply, 36)
  data.writeUInt8(mint.decimals, 44)
  data.writeUInt8(1, 45)
  return data
}

export function writeTokenAccount(token: { mint: Address; owner: Address; amount: bigint }): Uint8Array {
  const data = Buffer.alloc(TOKEN_ACCOUNT_BYTES)
  data.set(addressBytes(token.mint), 0)
  data.set(addressBytes(token.owner), 32)
  data.writeBigUInt64LE(token.amount, 64)
  data.writeUInt8(1, 108)
  return data
}

export interface UiAmount {
  readonly amount: string
  readonly decimals: number
  readonly uiAmount: number | null
  readonly uiAmountString: string
}

/** An amount as people read it: without trailing zeros, exact in the string. */
export function uiAmount(amount: bigint, decimals: number): UiAmount {
  const digits = amount.toString().padStart(decimals + 1, '0')
  const whole = digits.slice(0, digits.length - decimals)
  const part = digits.slice(digits.length - decimals).replace(/0+$/, '')
  const text = part === '' ? whole : `${whole}.${part}`
  return { amount: amount.toString(), decimals, uiAmount: Number(text), uiAmountString: text }
}
