// What became of transactions.
import { z } from 'zod'
import type { Landed } from '../../chain/history.ts'
import type { Meta } from '../../chain/meta.ts'
import type { Slots } from '../../chain/slots.ts'
import { parse } from '../../json.ts'
import type { Signature } from '../../vm/address.ts'
import { readTransaction } from '../../vm/wire.ts'
import { type Backend, inContext } from '../backend.ts'
import { FILTER_TRANSACTION_NOT_FOUND, RpcError, UNSUPPORTED_VERSION } from '../errors.ts'
import { address, configWith, confirmedViewOf, count, type Methods, method, signature } from '../params.ts'
import { metaJson, transactionJson } from '../transaction-json.ts'

/** The real cluster's bounds. */
const MAX_STATUSES = 256
const MAX_SIGNATURES = 1_000

/** Without a search of the history, the cluster only knows the statuses of about this many slots. */
const RECENT_STATUS_SLOTS = 300

const encoding = z.enum(['json', 'jsonParsed', 'base58', 'base64'])
const transactionConfig = configWith({
  encoding: encoding.nullish(),
  maxSupportedTransactionVersion: count.nullish(),
})

export const historyMethods: Methods = {
  getSignatureStatuses: method(
    z.tuple([
      z.array(signature).max(MAX_STATUSES, `Too many inputs provided; max ${MAX_STATUSES}`),
      z.object({ searchTransactionHistory: z.boolean().nullish() }).nullish(),
    ]),
    (backend, [signatures, config]) => {
      const { slots, history } = backend.chain
      const oldest = config?.searchTransactionHistory ? 0 : slots.open - RECENT_STATUS_SLOTS
      const statuses = signatures.map((one) => statusOf(slots, history.get(one), oldest))
      return inContext(slots.open, statuses)
    },
  ),

  getSignaturesForAddress: method(
    z.tuple([
      address,
      configWith({
        before: signature.nullish(),
        until: signature.nullish(),
        limit: z.number().int().min(1).max(MAX_SIGNATURES, `Invalid limit; max ${MAX_SIGNATURES}`).nullish(),
      }),
    ]),
    (backend, [pubkey, config]) => {
      const { slot } = confirmedViewOf(backend, config)
      const before = landedOr(backend, config?.before)
      const until = landedOr(backend, config?.until)
      const range = {
        ...(before === undefined ? {} : { before }),
        ...(until === undefined ? {} : { until }),
        limit: config?.limit ?? MAX_SIGNATURES,
        slot,
      }
      return backend.chain.history
        .forAddress(pubkey, range)
        .map((landed) => signatureInfo(backend.chain.slots, landed))
    },
  ),

  getTransaction: method(
    z.tuple([signature, z.union([encoding, transactionConfig]).nullish()]),
    (backend, [wanted, given]) => {
      const config = typeof given === 'string' ? { encoding: given } : given
      const { slot } = confirmedViewOf(backend, config)
      const landed = backend.chain.history.get(wanted)
      if (landed === undefined || landed.slot > slot) return null
      return showTransaction(landed, config ?? {})
    },
  ),
}

function statusOf(slots: Slots, landed: Landed | undefined, oldest: number): unknown {
  if (landed === undefined || landed.slot < oldest) return null
  const { slot, error } = landed
  const confirmationStatus = confirmationOf(slots, slot)
  return {
    slot,
    confirmations: confirmationStatus === 'finalized' ? null : slots.open - slot,
    err: error,
    status: error === null ? { Ok: null } : { Err: error },
    confirmationStatus,
  }
}

function confirmationOf(slots: Slots, slot: number): string {
  if (slot <= slots.at('finalized')) return 'finalized'
  return slot <= slots.at('confirmed') ? 'confirmed' : 'processed'
}

function signatureInfo(slots: Slots, landed: Landed): unknown {
  return {
    signature: landed.signature,
    slot: landed.slot,
    err: landed.error,
    memo: landed.memo,
    blockTime: landed.time,
    confirmationStatus: confirmationOf(slots, landed.slot),
  }
}

function landedOr(backend: Backend, wanted: Signature | null | undefined): Landed | undefined {
  if (wanted == null) return undefined
  const landed = backend.chain.history.get(wanted)
  if (landed !== undefined) return landed
  throw new RpcError(FILTER_TRANSACTION_NOT_FOUND, `Transaction ${wanted} not found`)
}

interface Wanted {
  readonly encoding?: z.infer<typeof encoding> | null | undefined
  readonly maxSupportedTransactionVersion?: number | null | undefined
}

function showTransaction(landed: Landed, wanted: Wanted): unknown {
  const transaction = readTransaction(landed.bytes)
  const versions = wanted.maxSupportedTransactionVersion
  if (versions == null && transaction.version !== 'legacy') {
    const message =
      `Transaction version (${transaction.version}) is not supported by the requesting client. ` +
      'Please try the request again with the following configuration parameter: ' +
      `"maxSupportedTransactionVersion": ${transaction.version}`
    throw new RpcError(UNSUPPORTED_VERSION, message)
  }
  // Written by this very program, in this very form.
  const meta = parse(landed.meta) as Meta
  const form = wanted.encoding ?? 'json'
  return {
    slot: landed.slot,
    transaction: transactionJson(transaction, meta, form),
    meta: metaJson(transaction, meta, form),
    ...(versions == null ? {} : { version: transaction.version }),
    blockTime: landed.time,
  }
}
