// A network with a final accounts ledger, its page and a full vault: what claims start from.
import { PublicKey } from '@solana/web3.js'
import type { Call } from './encode.ts'
import { accountDetail, type Ledger, makeLedger, zeroHash } from './ledger.ts'
import { type Network, u32 } from './network.ts'
import { putRoots } from './roots.ts'
import { associated, makeTokens } from './tokens.ts'
import type { World } from './world.ts'

export const pageEntries = 1024

export type Account = {
  readonly owner: PublicKey
  readonly amount: bigint
  readonly minAmount?: bigint
  readonly maxFee?: bigint
}

export type Paid = {
  readonly network: Network
  readonly accounts: readonly Account[]
  readonly ledger: Ledger
  readonly epoch: bigint
}

export type ClaimOptions = {
  readonly index: number
  /** The wallet signs, and names where to; else its claim is carried. */
  readonly to?: PublicKey
  readonly carrier?: { readonly tokens: PublicKey; readonly fee: bigint }
}

export function makeAccountsLedger(accounts: readonly Account[]): Ledger {
  return makeLedger(
    accounts.map(({ owner, amount, minAmount = 0n, maxFee = 0n }) => ({
      owner,
      amount,
      detail: accountDetail(minAmount, maxFee),
    })),
  )
}

/** Makes this the latest accounts ledger, covered by as large a jobs ledger. */
export function putAccounts(
  world: World,
  network: Network,
  { accounts, epoch, slot }: { accounts: readonly Account[]; epoch: bigint; slot?: bigint },
): Paid {
  const ledger = makeAccountsLedger(accounts)
  const at = slot === undefined ? {} : { slot }
  putRoots(world, network, { epoch, ...at, accounts: ledger.root, jobs: ledger.root })
  return { network, accounts, ledger, epoch }
}

/** Puts tokens into the vault, as deposits would have. */
export function fillVault(world: World, network: Network, amount: bigint): void {
  makeTokens(world, { mint: network.mint, owner: network.vault, amount, at: network.vault })
  world.write('Network', network.id, { 'totals.deposited': amount })
}

export function pageOf(world: World, network: Network, number: number): PublicKey {
  return world.pda('page', network.id, u32(number))
}

export function planPage(world: World, network: Network, number = 0): Call {
  const page = pageOf(world, network, number)
  return {
    name: 'open_page',
    accounts: { payer: world.funded(), network: network.id, page },
    args: { number },
  }
}

export function planClaim(world: World, paid: Paid, { index, to, carrier }: ClaimOptions): Call {
  const { network } = paid
  const { owner, amount, minAmount = 0n, maxFee = 0n } = accountAt(paid, index)
  const [ata, bump] = associated(network.mint, owner)
  return {
    name: 'claim',
    signing: to === undefined ? [] : ['wallet'],
    accounts: {
      network: network.id,
      page: pageOf(world, network, Math.floor(index / pageEntries)),
      wallet: owner,
      vault: network.vault,
      destination: to ?? ata,
      ...(carrier === undefined ? {} : { fee_destination: carrier.tokens }),
    },
    args: {
      root_epoch: paid.epoch,
      index,
      ata_bump: bump,
      amount,
      min_amount: minAmount,
      max_fee: maxFee,
      rest: zeroHash,
      fee: carrier?.fee ?? 0n,
      proof: paid.ledger.proof(index),
    },
  }
}

function accountAt(paid: Paid, index: number): Account {
  return paid.accounts[index] ?? { owner: PublicKey.default, amount: 0n }
}
