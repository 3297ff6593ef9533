// Accounts as the RPC shows them, in every encoding of the real cluster.
import zlib from 'node:zlib'
import { z } from 'zod'
import { type Mint, readMint, readTokenAccount, type TokenAccount, uiAmount } from '../chain/token.ts'
import type { JsonInteger } from '../json.ts'
import type { Account } from '../vm/account.ts'
import { type Address, TOKEN_PROGRAM, toBase58 } from '../vm/address.ts'
import { INVALID_REQUEST, invalidParams, RpcError } from './errors.ts'
import { count, type Optional } from './params.ts'

/** Base58 takes quadratic time: longer data has to be asked for in base64. */
const MAX_BASE58_BYTES = 128

/** Accounts here are all exempt from rent: the epoch that never comes. */
const RENT_EXEMPT_EPOCH = 2n ** 64n - 1n

export type AccountEncoding = 'binary' | 'base58' | 'base64' | 'base64+zstd' | 'jsonParsed'

export interface DataSlice {
  readonly offset: number
  readonly length: number
}

/** How a client wants to see accounts. */
export interface AccountLook {
  readonly encoding?: AccountEncoding | null | undefined
  readonly dataSlice?: DataSlice | null | undefined
}

export const accountEncoding: z.ZodType<AccountEncoding> = z.enum([
  'binary',
  'base58',
  'base64',
  'base64+zstd',
  'jsonParsed',
])

export const accountFields: {
  readonly encoding: Optional<AccountEncoding>
  readonly dataSlice: Optional<DataSlice>
} = {
  encoding: accountEncoding.nullish(),
  dataSlice: z.object({ offset: count, length: count }).nullish(),
}

export interface AccountFormat extends AccountLook {
  /** Looks up the mint that a token account's amount is told in. */
  readonly mint: (address: Address) => Account | undefined
}

export interface AccountJson {
  readonly lamports: JsonInteger
  readonly data: unknown
  readonly owner: Address
  readonly executable: boolean
  readonly rentEpoch: JsonInteger
  readonly space: number
}

export function accountJson(account: Account, format: AccountFormat): AccountJson {
  return {
    lamports: account.lamports,
    data: dataJson(account, format),
    owner: account.owner,
    executable: account.executable,
    rentEpoch: RENT_EXEMPT_EPOCH,
    space: account.data.length,
  }
}

function dataJson(account: Account, format: AccountFormat): unknown {
  const encoding = format.encoding ?? 'binary'
  const parsed = encoding === 'jsonParsed' ? parsedJson(account, format.mint) : undefined
  if (parsed !== undefined) return parsed
  const data = sliced(account.data, format.dataSlice)
  switch (encoding) {
    case 'binary':
      return base58(data)
    case 'base58':
      return [base58(data), encoding]
    case 'base64+zstd':
      return [Buffer.from(compressed(data)).toString('base64'), encoding]
    default:
      // Also what the real cluster answers for accounts that it has no parser for.
      return [Buffer.from(data).toString('base64'), 'base64']
  }
}

function sliced(data: Uint8Array, slice: DataSlice | null | undefined): Uint8Array {
  return slice == null ? data : data.subarray(slice.offset, slice.offset + slice.length)
}

function base58(data: Uint8Array): string {
  if (data.length <= MAX_BASE58_BYTES) return toBase58(data)
  const message = 'Encoded binary (base 58) data should be less than 128 bytes, please use Base64 encoding.'
  throw new RpcError(INVALID_REQUEST, message)
}

function compressed(data: Uint8Array): Uint8Array {
  // Older versions of Node have no zstd.
  if (typeof zlib.zstdCompressSync !== 'function') {
    throw invalidParams('base64+zstd needs Node 22.15 or newer on the local chain, please use base64')
  }
  return zlib.zstdCompressSync(data)
}

function parsedJson(account: Account, mintOf: AccountFormat['mint']): unknown {
  const program = account.owner === TOKEN_PROGRAM ? 'spl-token' : 'spl-token-2022'
  const space = account.data.length
  const mint = readMint(account)
  if (mint?.initialized) return { program, parsed: { info: mintInfo(mint), type: 'mint' }, space }
  const token = readTokenAccount(account)
  const tokenMint = readMint(token === undefined ? undefined : mintOf(token.mint))
  if (token === undefined || token.state === 'uninitialized' || tokenMint === undefined) return undefined
  return { program, parsed: { info: tokenInfo(token, tokenMint), type: 'account' }, space }
}

function mintInfo(mint: Mint): unknown {
  return {
    mintAuthority: mint.authority,
    supply: mint.supply.toString(),
    decimals: mint.decimals,
    isInitialized: mint.initialized,
    freezeAuthority: mint.freezeAuthority,
  }
}

function tokenInfo(token: TokenAccount, { decimals }: Mint): unknown {
  return {
    mint: token.mint,
    owner: token.owner,
    tokenAmount: uiAmount(token.amount, decimals),
    ...(token.delegate === null
      ? {}
      : { delegate: token.delegate, delegatedAmount: uiAmount(token.delegatedAmount, decimals) }),
    state: token.state,
    isNative: token.nativeReserve !== null,
    ...(token.nativeReserve === null ? {} : { rentExemptReserve: uiAmount(token.nativeReserve, decimals) }),
    ...(token.closeAuthority === null ? {} : { closeAuthority: token.closeAuthority }),
  }
}
