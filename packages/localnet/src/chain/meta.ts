// The status metadata of a transaction, in the very form that getTransaction answers with.
import type { JsonInteger } from '../json.ts'
import type { Account } from '../vm/account.ts'
import type { Address } from '../vm/address.ts'
import type { LoadedAddresses } from '../vm/lookup.ts'
import type { TransactionError } from '../vm/transaction-error.ts'
import type { Execution, InnerInstructions, ReturnData } from '../vm/vm.ts'
import { isWritable, type Transaction } from '../vm/wire.ts'
import { readMint, readTokenAccount, type UiAmount, uiAmount } from './token.ts'

export interface TokenBalance {
  readonly accountIndex: number
  readonly mint: Address
  readonly uiTokenAmount: UiAmount
  readonly owner: Address
  readonly programId: Address
}

export interface Meta {
  readonly err: TransactionError | null
  readonly status: { readonly Ok: null } | { readonly Err: TransactionError }
  readonly fee: JsonInteger
  readonly preBalances: readonly JsonInteger[]
  readonly postBalances: readonly JsonInteger[]
  readonly innerInstructions: readonly InnerInstructions[]
  readonly logMessages: readonly string[]
  readonly preTokenBalances: readonly TokenBalance[]
  readonly postTokenBalances: readonly TokenBalance[]
  readonly rewards: readonly never[]
  readonly loadedAddresses: LoadedAddresses
  readonly returnData?: ReturnData
  readonly computeUnitsConsumed: number
  readonly costUnits: number
}

export type Accounts = readonly (Account | undefined)[]

/** What the accounts of a transaction were before and after it, in the order of its keys. */
export interface Touched {
  readonly addresses: readonly Address[]
  readonly loaded: LoadedAddresses
  readonly before: Accounts
  readonly after: Accounts
}

export type ReadAccount = (address: Address) => Account | undefined

export interface Ran {
  readonly execution: Execution
  readonly fee: bigint
  /** For mints of token accounts that the transaction didn't name. */
  readonly read: ReadAccount
}

export function metaOf(transaction: Transaction, touched: Touched, { execution, fee, read }: Ran): Meta {
  const { error, returnData } = execution
  return {
    err: error,
    status: error === null ? { Ok: null } : { Err: error },
    fee,
    preBalances: balances(touched.before),
    postBalances: balances(touched.after),
    innerInstructions: execution.inner,
    logMessages: execution.logs,
    preTokenBalances: tokenBalances(touched.addresses, touched.before, read),
    postTokenBalances: tokenBalances(touched.addresses, touched.after, read),
    rewards: [],
    loadedAddresses: touched.loaded,
    ...(returnData === null ? {} : { returnData }),
    computeUnitsConsumed: execution.unitsConsumed,
    costUnits: costOf(transaction, execution.unitsConsumed, loadedBytes(transaction, touched.before)),
  }
}

export function balances(accounts: Accounts): bigint[] {
  return accounts.map((account) => account?.lamports ?? 0n)
}

export function tokenBalances(
  addresses: readonly Address[],
  accounts: Accounts,
  read: ReadAccount,
): TokenBalance[] {
  return accounts.flatMap((account, accountIndex) => {
    const token = readTokenAccount(account)
    if (account === undefined || token === undefined || token.state === 'uninitialized') return []
    const position = addresses.indexOf(token.mint)
    const mint = readMint(accounts[position] ?? read(token.mint))
    if (mint === undefined) return []
    const amount = uiAmount(token.amount, mint.decimals)
    return [
      { accountIndex, mint: token.mint, uiTokenAmount: amount, owner: token.owner, programId: account.owner },
    ]
  })
}

/** What every loaded account and every lookup table counts besides its data. */
const ACCOUNT_BASE_BYTES = 64
const LOOKUP_TABLE_BYTES = 8_248

export function loadedBytes(transaction: Transaction, accounts: Accounts): number {
  return accounts.reduce(
    (sum, account) => sum + (account === undefined ? 0 : ACCOUNT_BASE_BYTES + account.data.length),
    transaction.lookups.length * LOOKUP_TABLE_BYTES,
  )
}

/** The cost model's weights, in compute units. */
const SIGNATURE_COST = 720
const WRITE_LOCK_COST = 300
const INSTRUCTION_BYTES_PER_UNIT = 4
const LOADED_PAGE_BYTES = 32_768
const LOADED_PAGE_COST = 8

function costOf(transaction: Transaction, unitsConsumed: number, loaded: number): number {
  const { signatures, keys, lookups, instructions } = transaction
  const total = lookups.reduce((sum, lookup) => sum + lookup.writable.length, keys.length)
  const writable = Array.from({ length: total }, (_, i) => i).filter((i) => isWritable(transaction, i)).length
  const dataBytes = instructions.reduce((sum, { data }) => sum + data.length, 0)
  return (
    signatures.length * SIGNATURE_COST +
    writable * WRITE_LOCK_COST +
    Math.floor(dataBytes / INSTRUCTION_BYTES_PER_UNIT) +
    unitsConsumed +
    Math.ceil(loaded / LOADED_PAGE_BYTES) * LOADED_PAGE_COST
  )
}

const MEMO_PROGRAMS: readonly Address[] = [
  'Memo1UhkJRfHyvLMcVucJwxXeuD728EqVDDwQDxFMNo',
  'MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr',
]

/** Memos as getSignaturesForAddress shows them: each with its length in front. */
export function memoOf(transaction: Transaction): string | null {
  const memos = transaction.instructions
    .filter(({ program }) => MEMO_PROGRAMS.includes(transaction.keys[program] ?? ''))
    .map(({ data }) => `[${data.length}] ${Buffer.from(data).toString('utf8')}`)
  return memos.length === 0 ? null : memos.join('; ')
}
