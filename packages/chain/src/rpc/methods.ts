// The methods of Solana's RPC that are used here: their parameters, and how much of an answer is believed.
import { Buffer } from 'node:buffer'
import type { RawAccount } from '../accounts/form.ts'
import type { Address } from '../address.ts'
import { ChainError } from '../errors.ts'
import type { AccountSearch, AsOf, Commitment, FoundAccount } from '../port.ts'
import type { Endpoint } from './endpoint.ts'
import { RpcRefusal } from './http.ts'
import {
  address,
  array,
  base64,
  field,
  garbage,
  inContext,
  type Json,
  lamports,
  natural,
  text,
} from './json.ts'
import { transactionError } from './transaction-error.ts'

export interface ReadOptions {
  readonly commitment: Commitment
  /** Answers as of earlier slots are refused, by the endpoint and again here. */
  readonly minSlot: number
  /** Later slots can't have been reached yet. */
  readonly maxSlot: number
}

function config({ commitment, minSlot }: ReadOptions): Readonly<Record<string, Json>> {
  return { commitment, encoding: 'base64', minContextSlot: minSlot }
}

function inTime<T>(answer: AsOf<T>, { minSlot, maxSlot }: ReadOptions): AsOf<T> {
  if (answer.slot >= minSlot && answer.slot <= maxSlot) return answer
  throw garbage(`it is as of slot ${answer.slot}, where ${minSlot} to ${maxSlot} can be`)
}

export async function getAccounts(
  endpoint: Endpoint,
  addresses: readonly Address[],
  options: ReadOptions,
): Promise<AsOf<readonly (RawAccount | undefined)[]>> {
  const result = await endpoint.call('getMultipleAccounts', [addresses, config(options)])
  const answer = inTime(
    inContext(result, (value) => array(value).map((one) => (one === null ? undefined : rawAccount(one)))),
    options,
  )
  if (answer.value.length === addresses.length) return answer
  throw garbage(`${answer.value.length} accounts where ${addresses.length} were asked for`)
}

export async function searchAccounts(
  endpoint: Endpoint,
  { programId, size, matches }: AccountSearch & { readonly programId: Address },
  options: ReadOptions,
): Promise<AsOf<readonly FoundAccount[]>> {
  const memcmp = matches.map(({ offset, bytes }) => ({
    memcmp: { offset, bytes: Buffer.from(bytes).toString('base64'), encoding: 'base64' },
  }))
  const filters = [{ dataSize: size }, ...memcmp]
  const params = [programId, { ...config(options), filters, withContext: true }]
  const result = await endpoint.call('getProgramAccounts', params)
  const found = (one: Json): FoundAccount => ({
    address: address(field(one, 'pubkey')),
    account: rawAccount(field(one, 'account')),
  })
  const { slot, value } = inTime(
    inContext(result, (all) => array(all).map(found)),
    options,
  )
  return { slot, value: [...value].sort((a, b) => (a.address < b.address ? -1 : 1)) }
}

function rawAccount(value: Json): RawAccount {
  return {
    owner: address(field(value, 'owner')),
    lamports: lamports(field(value, 'lamports')),
    data: base64(field(value, 'data')),
  }
}

export async function getSlot(endpoint: Endpoint, commitment: Commitment, maxSlot: number): Promise<number> {
  const slot = natural(await endpoint.call('getSlot', [{ commitment }]))
  if (slot <= maxSlot) return slot
  throw garbage(`slot ${slot} can't have been reached`)
}

export async function getBlockHeight(endpoint: Endpoint, commitment: Commitment): Promise<number> {
  return natural(await endpoint.call('getBlockHeight', [{ commitment }]))
}

export async function getRent(endpoint: Endpoint, bytes: number): Promise<number> {
  return natural(await endpoint.call('getMinimumBalanceForRentExemption', [bytes]))
}

export async function getBlockhash(endpoint: Endpoint): Promise<Address> {
  const result = await endpoint.call('getLatestBlockhash', [{ commitment: 'confirmed' }])
  return inContext(result, (value) => address(field(value, 'blockhash'))).value
}

export async function isBlockhashValid(endpoint: Endpoint, blockhash: string): Promise<boolean> {
  const result = await endpoint.call('isBlockhashValid', [blockhash, { commitment: 'confirmed' }])
  return inContext(result, (value) => value === true).value
}

export interface SignatureStatus {
  readonly slot: number
  readonly commitment: 'processed' | Commitment
  /** Null: it succeeded. */
  readonly err: Json
}

/** Undefined: the endpoint knows of no such transaction. */
export async function getStatus(
  endpoint: Endpoint,
  signature: string,
  maxSlot: number,
): Promise<SignatureStatus | undefined> {
  const params = [[signature], { searchTransactionHistory: true }]
  const result = await endpoint.call('getSignatureStatuses', params)
  const [status, ...more] = inContext(result, array).value
  if (status === undefined || more.length > 0) throw garbage('it has not one status', result)
  if (status === null) return undefined
  const found = signatureStatus(status)
  if (found.slot > maxSlot) throw garbage(`slot ${found.slot} can't have been reached`)
  return found
}

function signatureStatus(status: Json): SignatureStatus {
  const commitment = text(field(status, 'confirmationStatus'))
  if (commitment !== 'processed' && commitment !== 'confirmed' && commitment !== 'finalized') {
    throw garbage(`${commitment} is no commitment`)
  }
  return { slot: natural(field(status, 'slot')), commitment, err: field(status, 'err') }
}

export interface TransactionAnswer {
  readonly slot: number
  readonly err: Json
  readonly logs: readonly string[]
}

/** Null: it is in no slot of this commitment. */
export async function getTransaction(
  endpoint: Endpoint,
  signature: string,
  commitment: Commitment,
): Promise<TransactionAnswer | null> {
  const params = [signature, { commitment, encoding: 'base64', maxSupportedTransactionVersion: 0 }]
  const result = await endpoint.call('getTransaction', params)
  if (result === null) return null
  const meta = field(result, 'meta')
  const logs = field(meta, 'logMessages')
  return {
    slot: natural(field(result, 'slot')),
    err: field(meta, 'err'),
    logs: logs === null ? [] : array(logs).map(text),
  }
}

/** What an endpoint found when it tried the transaction before passing it on. */
export type Submitted =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'refused'; readonly error: ChainError }

const PREFLIGHT_FAILURE = -32002

export interface Submission {
  readonly wire: Uint8Array
  /** Tried before it is passed on; not when it is sent again, as it may have landed by then. */
  readonly preflight: boolean
}

export async function sendTransaction(
  endpoint: Endpoint,
  { wire, preflight }: Submission,
): Promise<Submitted> {
  const options = {
    encoding: 'base64',
    skipPreflight: !preflight,
    preflightCommitment: 'confirmed',
    maxRetries: 0,
  }
  try {
    text(await endpoint.call('sendTransaction', [Buffer.from(wire).toString('base64'), options]))
    return { kind: 'accepted' }
  } catch (error) {
    if (!(error instanceof RpcRefusal)) throw error
    if (error.rpcCode !== PREFLIGHT_FAILURE) return { kind: 'refused', error }
    const err = field(error.data, 'err')
    // It has landed before: the answer to an earlier sending got lost.
    if (err === 'AlreadyProcessed') return { kind: 'accepted' }
    // Another node behind the same URL may know it, and this one may soon. It can still land: it is not signed anew.
    if (err === 'BlockhashNotFound')
      throw new ChainError('rpc/behind', `${error.message}. It is behind: wait.`)
    const logs = field(error.data, 'logs')
    return {
      kind: 'refused',
      error: transactionError({ err, logs: logs === null ? [] : array(logs).map(text) }),
    }
  }
}
