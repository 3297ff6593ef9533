// Token accounts and mints.
import { z } from 'zod'
import { isTokenProgram, readMint, readTokenAccount, type TokenAccount, uiAmount } from '../../chain/token.ts'
import type { KeyedAccount } from '../../vm/account.ts'
import { type Address, TOKEN_2022_PROGRAM, TOKEN_PROGRAM } from '../../vm/address.ts'
import { accountFields } from '../account-json.ts'
import { type Backend, inContext } from '../backend.ts'
import { invalidParams } from '../errors.ts'
import { address, configWith, contextConfig, type Methods, method, type View, viewOf } from '../params.ts'
import { showAccount } from './accounts.ts'

const tokenFilter = z.union([z.object({ mint: address }), z.object({ programId: address })])
type TokenFilter = z.infer<typeof tokenFilter>

type Belongs = (token: TokenAccount) => boolean

export const tokenMethods: Methods = {
  getTokenAccountBalance: method(z.tuple([address, contextConfig]), (backend, [pubkey, config]) => {
    const view = viewOf(backend, config)
    const account = backend.chain.account(pubkey, view.commitment)
    if (account === undefined) throw invalidParams('Invalid param: could not find account')
    const token = readTokenAccount(account)
    if (token === undefined) throw invalidParams('Invalid param: not a Token account')
    const mint = readMint(backend.chain.account(token.mint, view.commitment))
    if (mint === undefined) throw invalidParams('Invalid param: could not find mint')
    return inContext(view.slot, uiAmount(token.amount, mint.decimals))
  }),

  getTokenSupply: method(z.tuple([address, contextConfig]), (backend, [pubkey, config]) => {
    const view = viewOf(backend, config)
    const account = backend.chain.account(pubkey, view.commitment)
    if (account === undefined) throw invalidParams('Invalid param: could not find account')
    const mint = readMint(account)
    if (mint === undefined) throw invalidParams('Invalid param: not a Token mint')
    return inContext(view.slot, uiAmount(mint.supply, mint.decimals))
  }),

  getTokenAccountsByOwner: method(
    z.tuple([address, tokenFilter, configWith(accountFields)]),
    (backend, [owner, filter, config]) => {
      const view = viewOf(backend, config)
      const found = tokenAccounts(backend, { view, filter, belongs: (token) => token.owner === owner })
      return inContext(view.slot, show(backend, found, { view, look: config }))
    },
  ),

  getTokenAccountsByDelegate: method(
    z.tuple([address, tokenFilter, configWith(accountFields)]),
    (backend, [delegate, filter, config]) => {
      const view = viewOf(backend, config)
      const found = tokenAccounts(backend, { view, filter, belongs: (token) => token.delegate === delegate })
      return inContext(view.slot, show(backend, found, { view, look: config }))
    },
  ),
}

function tokenAccounts(
  backend: Backend,
  query: { view: View; filter: TokenFilter; belongs: Belongs },
): KeyedAccount[] {
  const { view, filter, belongs } = query
  return programsOf(backend, view, filter)
    .flatMap((program) => backend.chain.accountsOf(program, view.commitment))
    .filter(({ account }) => {
      const token = readTokenAccount(account)
      if (token === undefined || token.state === 'uninitialized' || !belongs(token)) return false
      return !('mint' in filter) || token.mint === filter.mint
    })
    .sort((a, b) => (a.address < b.address ? -1 : 1))
}

function programsOf(backend: Backend, view: View, filter: TokenFilter): Address[] {
  if ('mint' in filter) {
    const mint = backend.chain.account(filter.mint, view.commitment)
    if (mint === undefined) throw invalidParams('Invalid param: could not find mint')
    if (readMint(mint) === undefined) throw invalidParams('Invalid param: not a Token mint')
    return [TOKEN_PROGRAM, TOKEN_2022_PROGRAM].filter((program) => program === mint.owner)
  }
  if (!isTokenProgram(filter.programId)) throw invalidParams('Invalid param: unrecognized Token program id')
  return [filter.programId]
}

function show(
  backend: Backend,
  found: readonly KeyedAccount[],
  how: { view: View; look: Parameters<typeof showAccount>[1]['look'] },
): unknown {
  return found.map((keyed) => ({
    pubkey: keyed.address,
    account: showAccount(keyed.account, { backend, ...how }),
  }))
}
