// Transactions in: sent, simulated, and made by the faucet.
import { z } from 'zod'
import { airdropTransaction } from '../../chain/faucet.ts'
import { describeError } from '../../vm/transaction-error.ts'
import { type Transaction, withBlockhash } from '../../vm/wire.ts'
import { accountEncoding, accountJson } from '../account-json.ts'
import { type Backend, inContext } from '../backend.ts'
import { INTERNAL_ERROR, invalidParams, PREFLIGHT_FAILURE, RpcError, SIGNATURE_FAILURE } from '../errors.ts'
import {
  address,
  blockhash,
  commitment,
  configWith,
  count,
  type Methods,
  method,
  u64,
  type View,
  viewOf,
} from '../params.ts'
import { balancesJson, type Simulated, simulate, simulationJson } from '../simulation-json.ts'
import { parsedInner } from '../transaction-json.ts'
import { readTransactionParam, transactionEncoding } from '../transaction-param.ts'

const accountsConfig = z.object({ encoding: accountEncoding.nullish(), addresses: z.array(address) })

export const sendMethods: Methods = {
  sendTransaction: method(
    z.tuple([
      z.string(),
      configWith({
        encoding: transactionEncoding.nullish(),
        skipPreflight: z.boolean().nullish(),
        preflightCommitment: commitment.nullish(),
        maxRetries: count.nullish(),
      }),
    ]),
    (backend, [text, config]) => {
      const transaction = readTransactionParam(text, config?.encoding ?? 'base58')
      const view = viewOf(backend, { ...config, commitment: config?.preflightCommitment })
      if (!config?.skipPreflight) preflight(backend, transaction, view)
      // Like on the real cluster, the answer is no promise: a transaction that can't land is dropped without a word.
      backend.chain.send(transaction)
      return transaction.signature
    },
  ),

  simulateTransaction: method(
    z.tuple([
      z.string(),
      configWith({
        encoding: transactionEncoding.nullish(),
        sigVerify: z.boolean().nullish(),
        replaceRecentBlockhash: z.boolean().nullish(),
        innerInstructions: z.boolean().nullish(),
        accounts: accountsConfig.nullish(),
      }),
    ]),
    (backend, [text, config]) => {
      const view = viewOf(backend, config)
      const given = readTransactionParam(text, config?.encoding ?? 'base58')
      if (config?.sigVerify && config.replaceRecentBlockhash) {
        throw invalidParams('sigVerify may not be used with replaceRecentBlockhash')
      }
      const replacement = config?.replaceRecentBlockhash
        ? backend.chain.slots.latestBlockhash(view.commitment)
        : null
      const transaction = replacement === null ? given : withBlockhash(given, replacement.blockhash)
      const simulated = simulate(backend, transaction, { view, verify: config?.sigVerify ?? false })
      const { touched, simulation } = simulated
      return inContext(view.slot, {
        ...simulationJson(simulated),
        ...balancesJson(backend, simulated),
        accounts: config?.accounts == null ? null : accountsAfter(backend, simulated, config.accounts),
        innerInstructions: config?.innerInstructions
          ? parsedInner(simulation.inner, touched.addresses)
          : null,
        replacementBlockhash: replacement,
      })
    },
  ),

  requestAirdrop: method(
    z.tuple([address, u64, configWith({ recentBlockhash: blockhash.nullish() })]),
    (backend, [to, lamports, config]) => {
      const { chain, faucet } = backend
      const recent = config?.recentBlockhash ?? chain.slots.latestBlockhash('processed').blockhash
      if (to === faucet.address) throw invalidParams('Invalid param: the faucet has no need of an airdrop')
      const transaction = airdropTransaction(faucet, {
        to,
        lamports,
        blockhash: recent,
        number: chain.transactionCount,
      })
      const sent = chain.send(transaction)
      const error = 'refused' in sent ? sent.refused : sent.landed.error
      if (error !== null)
        throw new RpcError(INTERNAL_ERROR, `airdrop request failed: ${describeError(error)}`)
      return transaction.signature
    },
  ),
}

function preflight(backend: Backend, transaction: Transaction, view: View): void {
  const simulated = simulate(backend, transaction, { view, verify: true })
  const { error } = simulated.simulation
  if (error === null) return
  if (error === 'SignatureFailure') {
    throw new RpcError(SIGNATURE_FAILURE, 'Transaction signature verification failure')
  }
  const message = `Transaction simulation failed: ${describeError(error)}`
  throw new RpcError(PREFLIGHT_FAILURE, message, simulationJson(simulated))
}

function accountsAfter(
  backend: Backend,
  { simulation, touched }: Simulated,
  wanted: z.infer<typeof accountsConfig>,
): unknown {
  const { addresses } = wanted
  const encoding = wanted.encoding ?? 'base64'
  if (encoding === 'binary' || encoding === 'base58') throw invalidParams('base58 encoding not supported')
  const max = touched.addresses.length
  if (addresses.length > max) throw invalidParams(`Too many accounts provided; max ${max}`)
  if (simulation.error !== null) return addresses.map(() => null)
  const after = new Map(touched.addresses.map((touchedAddress, i) => [touchedAddress, touched.after[i]]))
  const read = (one: string) => (after.has(one) ? after.get(one) : backend.chain.account(one, 'processed'))
  return addresses.map((one) => {
    const account = read(one)
    return account === undefined ? null : accountJson(account, { encoding, mint: read })
  })
}
