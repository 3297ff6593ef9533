// Accounts by address.
import { z } from 'zod'
import type { Account } from '../../vm/account.ts'
import { type AccountJson, type AccountLook, accountFields, accountJson } from '../account-json.ts'
import { type Backend, inContext } from '../backend.ts'
import {
  address,
  configWith,
  contextConfig,
  count,
  type Methods,
  method,
  type View,
  viewOf,
} from '../params.ts'

/** The real cluster's bound on one request. */
const MAX_ACCOUNTS = 100

export const accountMethods: Methods = {
  getAccountInfo: method(z.tuple([address, configWith(accountFields)]), (backend, [pubkey, config]) => {
    const view = viewOf(backend, config)
    const account = backend.chain.account(pubkey, view.commitment)
    return inContext(
      view.slot,
      account === undefined ? null : showAccount(account, { backend, view, look: config }),
    )
  }),

  getMultipleAccounts: method(
    z.tuple([
      z.array(address).max(MAX_ACCOUNTS, `Too many inputs provided; max ${MAX_ACCOUNTS}`),
      configWith(accountFields),
    ]),
    (backend, [pubkeys, config]) => {
      const view = viewOf(backend, config)
      const look = { encoding: 'base64', ...config } as const
      const accounts = pubkeys.map((pubkey) => backend.chain.account(pubkey, view.commitment))
      const shown = accounts.map((account) =>
        account === undefined ? null : showAccount(account, { backend, view, look }),
      )
      return inContext(view.slot, shown)
    },
  ),

  getBalance: method(z.tuple([address, contextConfig]), (backend, [pubkey, config]) => {
    const view = viewOf(backend, config)
    return inContext(view.slot, backend.chain.account(pubkey, view.commitment)?.lamports ?? 0)
  }),

  getMinimumBalanceForRentExemption: method(
    z.tuple([count, contextConfig]),
    (backend, [dataLength, config]) => {
      viewOf(backend, config)
      return backend.chain.minimumBalance(dataLength)
    },
  ),
}

export interface Showing {
  readonly backend: Backend
  readonly view: View
  readonly look: AccountLook | null | undefined
}

export function showAccount(account: Account, { backend, view, look }: Showing): AccountJson {
  return accountJson(account, { ...look, mint: (mint) => backend.chain.accountAt(mint, view.slot) })
}
