// Five accounts under a young root, a page, and a vault that has enough: what the tests of claims start from.
import type { PublicKey } from '@solana/web3.js'
import {
  type Account,
  type ClaimOptions,
  fillVault,
  type Paid,
  planClaim,
  planPage,
  putAccounts,
} from './accounts.ts'
import type { Call } from './encode.ts'
import { makeNetwork, type Network } from './network.ts'
import { associated, makeTokens } from './tokens.ts'
import { World } from './world.ts'

export const wholeVault = 1_000_000n
export const outflowLimit = 10_000n
export const maturity = 300n
export const window = 3_000n
export const rootSlot = 5_000n
export const rootEpoch = 18n
export const maxClaimFee = 20n

export type Setup = {
  readonly world: World
  readonly network: Network
  readonly paid: Paid
  readonly tokens: PublicKey
}

/** Account 1 allows a carrier a fee of 30, and asks for at least 100; account 2 has a great deal. */
export function setup(): Setup {
  const world = new World()
  const params = { outflow_limit: outflowLimit, max_claim_fee: maxClaimFee }
  const network = makeNetwork(world, { params })
  world.setSlot(rootSlot)
  const owner = world.key()
  const accounts: readonly Account[] = [
    { owner: world.key(), amount: 50n },
    { owner, amount: 1_000n, minAmount: 100n, maxFee: 30n },
    { owner, amount: 20_000n, maxFee: 30n },
    { owner: world.key(), amount: 7n },
    { owner: world.key(), amount: 8n },
  ]
  const paid = putAccounts(world, network, { accounts, epoch: rootEpoch })
  fillVault(world, network, wholeVault)
  world.send(planPage(world, network))
  makeTokens(world, { mint: network.mint, owner, at: associated(network.mint, owner)[0] })
  return { world, network, paid, tokens: makeTokens(world, { mint: network.mint, owner }) }
}

export function plan({ world, paid }: Setup, options: ClaimOptions): Call {
  return planClaim(world, paid, options)
}

export function carrierOf({ world, network }: Setup): PublicKey {
  return makeTokens(world, { mint: network.mint, owner: world.key() })
}

export function pageKey(all: Setup): PublicKey {
  return planPage(all.world, all.network).accounts['page'] ?? all.world.key()
}
