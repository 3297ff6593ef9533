// Who acts on a network: requesters, wallets and a carrier, each with token accounts, and a thief who owns nothing and
// is owed nothing.
import type { Address } from '@piecework/chain'
import type { ProgramNetwork } from './network.ts'

export interface Actor {
  readonly address: Address
  /** A token account of its own beside the associated one. */
  readonly tokens: Address
  readonly associated: Address
}

export interface Actors {
  readonly requesters: readonly Actor[]
  readonly wallets: readonly Actor[]
  readonly carrier: Actor
  readonly thief: Actor
}

/** What each requester has to spend. */
const BUDGET = 10n ** 15n
const REQUESTERS = 4
const WALLETS = 8

export function makeActors(network: ProgramNetwork): Actors {
  const actor = (amount = 0n): Actor => {
    const address = network.vm.funded()
    const associated = network.tokens(address, 0n, 'associated')
    return { address, tokens: network.tokens(address, amount), associated }
  }
  return {
    requesters: Array.from({ length: REQUESTERS }, () => actor(BUDGET)),
    wallets: Array.from({ length: WALLETS }, () => actor()),
    carrier: actor(),
    thief: actor(),
  }
}

export function everybody({ requesters, wallets, carrier, thief }: Actors): readonly Actor[] {
  return [...requesters, ...wallets, carrier, thief]
}

export function tokenAccountsOf(actors: Actors): readonly Address[] {
  return everybody(actors).flatMap(({ tokens, associated }) => [tokens, associated])
}
