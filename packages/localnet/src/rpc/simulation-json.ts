// What a simulation found, as simulateTransaction and a failed preflight answer it.
import { balances, loadedBytes, type Touched, tokenBalances } from '../chain/meta.ts'
import type { Address } from '../vm/address.ts'
import { feeOf } from '../vm/fee.ts'
import type { TransactionError } from '../vm/transaction-error.ts'
import type { Simulation } from '../vm/vm.ts'
import type { Transaction } from '../vm/wire.ts'
import type { Backend } from './backend.ts'
import type { View } from './params.ts'

export interface Simulated {
  readonly transaction: Transaction
  readonly simulation: Simulation
  readonly touched: Touched
}

/** Runs a transaction as it would run now; one that couldn't even be tried says so and has run nothing. */
export function simulate(
  backend: Backend,
  transaction: Transaction,
  how: { view: View; verify: boolean },
): Simulated {
  const { simulation, touched } = backend.chain.simulate(transaction, how.verify)
  const refused = backend.chain.refusal(transaction, how.view.slot)
  if (refused === undefined || simulation.error === 'SignatureFailure')
    return { transaction, simulation, touched }
  return { transaction, simulation: notRun(refused), touched: { ...touched, after: touched.before } }
}

function notRun(error: TransactionError): Simulation {
  return { error, included: false, logs: [], unitsConsumed: 0, inner: [], returnData: null, accounts: [] }
}

export function simulationJson({ transaction, simulation, touched }: Simulated): Record<string, unknown> {
  return {
    err: simulation.error,
    logs: simulation.logs,
    accounts: null,
    unitsConsumed: simulation.unitsConsumed,
    loadedAccountsDataSize: loadedBytes(transaction, touched.before),
    returnData: simulation.returnData,
    innerInstructions: null,
    replacementBlockhash: null,
    fee: feeOf(transaction),
    preBalances: null,
    postBalances: null,
    preTokenBalances: null,
    postTokenBalances: null,
    loadedAddresses: null,
  }
}

/** What simulateTransaction tells besides, and a preflight doesn't. */
export function balancesJson(backend: Backend, { touched }: Simulated): Record<string, unknown> {
  const read = (mint: Address) => backend.chain.account(mint, 'processed')
  return {
    preBalances: balances(touched.before),
    postBalances: balances(touched.after),
    preTokenBalances: tokenBalances(touched.addresses, touched.before, read),
    postTokenBalances: tokenBalances(touched.addresses, touched.after, read),
    loadedAddresses: touched.loaded,
  }
}
