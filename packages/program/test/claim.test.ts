import type { PublicKey } from '@solana/web3.js'
import { describe, expect, it } from 'vitest'
import {
  type Account,
  type ClaimOptions,
  fillVault,
  makeAccountsLedger,
  type Paid,
  planClaim,
  planPage,
  putAccounts,
} from './support/accounts.ts'
import type { Call, Values } from './support/encode.ts'
import { localParams, makeNetwork, type Network } from './support/network.ts'
import { substitutions } from './support/substitution.ts'
import { associated, balance, makeMint, makeTokens } from './support/tokens.ts'
import { World } from './support/world.ts'

const wholeVault = 1_000_000n
const outflowLimit = 10_000n
const maturity = 300n
const window = 3_000n
const rootSlot = 5_000n
const rootEpoch = 18n
const maxClaimFee = 20n

type Setup = {
  readonly world: World
  readonly network: Network
  readonly paid: Paid
  readonly tokens: PublicKey
}

/** Account 1 allows a carrier a fee of 30, and asks for at least 100; account 2 has a great deal. */
function setup(): Setup {
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

function plan({ world, paid }: Setup, options: ClaimOptions): Call {
  return planClaim(world, paid, options)
}

function withArgs(call: Call, args: Values): Call {
  return { ...call, args: { ...call.args, ...args } }
}

function withAccounts(call: Call, accounts: Readonly<Record<string, PublicKey>>): Call {
  return { ...call, accounts: { ...call.accounts, ...accounts } }
}

function carrierOf({ world, network }: Setup): PublicKey {
  return makeTokens(world, { mint: network.mint, owner: world.key() })
}

describe('claim', () => {
  it('pays who signs into any token account of its own', () => {
    const all = setup()
    const { world, network, paid, tokens } = all
    const { events } = world.send(plan(all, { index: 1, to: tokens }))
    expect(balance(world, tokens)).toBe(1_000n)
    expect(balance(world, network.vault)).toBe(wholeVault - 1_000n)
    expect(world.read('Network', network.id, 'totals.claimed')).toBe(1_000n)
    const wallet = paid.accounts[1]?.owner.toBase58()
    const fields = {
      network: network.id.toBase58(),
      index: 1n,
      wallet,
      paid: 1_000n,
      fee: 0n,
      claimed: 1_000n,
    }
    expect(events).toEqual([{ name: 'Claimed', fields }])
  })

  it('pays a carrier its fee and the rest into the associated account', () => {
    const all = setup()
    const { world, network, paid } = all
    const carrier = { tokens: carrierOf(all), fee: maxClaimFee }
    const call = plan(all, { index: 1, carrier })
    const { events } = world.send(call)
    expect(balance(world, carrier.tokens)).toBe(maxClaimFee)
    const owner = paid.accounts[1]?.owner ?? world.key()
    expect(balance(world, associated(network.mint, owner)[0])).toBe(1_000n - maxClaimFee)
    expect(events[0]?.fields['fee']).toBe(maxClaimFee)
    expect(world.refusal(call)).toBe('NothingToClaim')
  })

  it('pays only what was not paid before, under whichever kept root', () => {
    const all = setup()
    const { world, network, tokens, paid } = all
    world.send(plan(all, { index: 1, to: tokens }))
    const accounts = paid.accounts.map((account) => ({ ...account, amount: account.amount + 11n }))
    const later = putAccounts(world, network, { accounts, epoch: rootEpoch + 15n })
    expect(world.refusal(plan(all, { index: 1, to: tokens }))).toBe('NothingToClaim')
    world.send(planClaim(world, later, { index: 1, to: tokens }))
    expect(balance(world, tokens)).toBe(1_011n)
    world.setSlot(rootSlot + maturity)
    world.send(plan(all, { index: 2 }))
    expect(world.read('ClaimPage', pageKey(all), 'claimed.2')).toBe(20_000n)
  })

  it('refuses every account in another place', () => {
    const all = setup()
    const { world } = all
    const other = makeNetwork(world, { name: 2 })
    putAccounts(world, other, { accounts: all.paid.accounts, epoch: rootEpoch })
    const foreign = planPage(world, other)
    world.send(foreign)
    const page = foreign.accounts['page'] ?? world.key()
    const call = plan(all, { index: 1, carrier: { tokens: carrierOf(all), fee: 1n } })
    const { expected, actual } = substitutions(world, call, { foreign: { page } })
    expect(actual).toEqual(expected)
    expect(world.refusal(withAccounts(call, { network: other.id }))).toBe('WrongVault')
    expect(world.refusal(withAccounts(call, { page: all.network.id }))).toBe('SameAccountTwice')
  })

  it('pays nobody from the commons', () => {
    const all = setup()
    const { world, network, paid } = all
    const owner = paid.accounts[0]?.owner ?? world.key()
    const to = makeTokens(world, { mint: network.mint, owner })
    expect(world.refusal(plan(all, { index: 0, to }))).toBe('CommonsNotClaimable')
  })
})

function pageKey(all: Setup): PublicKey {
  return planPage(all.world, all.network).accounts['page'] ?? all.world.key()
}

describe('the proof of a claim', () => {
  it('is of exactly this leaf', () => {
    const all = setup()
    const { world, tokens } = all
    const call = plan(all, { index: 1, to: tokens })
    const proof = all.paid.ledger.proof(1)
    const lies: readonly Values[] = [
      { amount: 1_001n },
      { min_amount: 99n },
      { max_fee: 31n },
      { rest: new Uint8Array(32).fill(1) },
      { index: 3 },
      { index: 5 },
      { index: 2 ** 32 - 1 },
      { proof: proof.slice(1) },
      { proof: [...proof, new Uint8Array(32)] },
      { proof: [] },
      { proof: proof.map((sibling, at) => (at === 1 ? sibling.map((byte) => byte ^ 1) : sibling)) },
    ]
    expect(lies.map((lie) => world.refusal(withArgs(call, lie)))).toEqual(lies.map(() => 'WrongProof'))
    expect(world.refusal(withAccounts(call, { wallet: world.funded() }))).toBe('WrongProof')
  })

  it('is under a root that is kept', () => {
    const all = setup()
    const { world, network, tokens } = all
    const call = plan(all, { index: 1, to: tokens })
    for (const epoch of [-1n, 17n, 19n, 2n, 34n, 2n ** 63n - 1n, -(2n ** 63n)])
      expect(world.refusal(withArgs(call, { root_epoch: epoch })), `${epoch}`).toBe('RootNotKept')
    putAccounts(world, network, { accounts: all.paid.accounts, epoch: rootEpoch + 16n })
    expect(world.refusal(call)).toBe('RootNotKept')
  })

  it('is marked on the page of its index', () => {
    const all = setup()
    const { world, network } = all
    const owner = world.key()
    const accounts = Array.from({ length: 1_026 }, () => ({ owner, amount: 5n }))
    const paid = putAccounts(world, network, { accounts, epoch: rootEpoch })
    world.send(planPage(world, network, 1))
    const to = makeTokens(world, { mint: network.mint, owner })
    const call = planClaim(world, paid, { index: 1_025, to })
    expect(world.refusal(withAccounts(call, { page: pageKey(all) }))).toBe('WrongPage')
    world.send(call)
    expect(world.read('ClaimPage', call.accounts['page'] ?? owner, 'claimed.1')).toBe(5n)
    expect(world.read('ClaimPage', pageKey(all), 'claimed.1')).toBe(0n)
  })
})

describe('where a claim is paid to', () => {
  it('is an account of the owner and the mint', () => {
    const all = setup()
    const { world, network, paid, tokens } = all
    const call = plan(all, { index: 1, to: tokens })
    const to = (destination: PublicKey): string => world.refusal(withAccounts(call, { destination }))
    const owner = paid.accounts[1]?.owner ?? world.key()
    expect(to(makeTokens(world, { mint: network.mint, owner: world.key() }))).toBe('WrongDestination')
    expect(to(network.vault)).toBe('WrongDestination')
    expect(to(makeTokens(world, { mint: makeMint(world), owner }))).toBe('WrongTokenAccount')
    expect(to(world.funded())).toBe('WrongTokenAccount')
    expect(to(network.stakeVault)).toBe('WrongDestination')
    const forged = makeTokens(world, { mint: network.mint, owner })
    world.setAccount(forged, { ...world.account(forged), owner: world.programId })
    expect(to(forged)).toBe('WrongTokenAccount')
  })

  it('is the associated account when somebody carries it', () => {
    const all = setup()
    const { world, network, tokens, paid } = all
    const call = plan(all, { index: 1 })
    expect(world.refusal(call)).toBe('accepted')
    expect(world.refusal(withAccounts(call, { destination: tokens }))).toBe('WrongDestination')
    const bump = Number(call.args?.['ata_bump'])
    expect(world.refusal(withArgs(call, { ata_bump: bump - 1 }))).toBe('WrongDestination')
    const owner = paid.accounts[1]?.owner ?? world.key()
    const [at] = associated(network.mint, owner)
    makeTokens(world, { mint: network.mint, owner: world.key(), at })
    expect(world.refusal(call)).toBe('WrongDestination')
  })

  it('is not another vault', () => {
    const all = setup()
    const { world, network, tokens } = all
    const call = plan(all, { index: 1, to: tokens })
    const twin = makeTokens(world, { mint: network.mint, owner: network.vault, amount: wholeVault })
    expect(world.refusal(withAccounts(call, { vault: twin }))).toBe('WrongVault')
    expect(world.refusal(withAccounts(call, { vault: network.stakeVault }))).toBe('WrongVault')
  })
})

describe('the terms of a carried claim', () => {
  it('keep its fee below what wallet and network allow', () => {
    const all = setup()
    const { world, network, tokens } = all
    const fee = (fee: bigint, index = 1): string =>
      world.refusal(plan(all, { index, carrier: { tokens: carrierOf(all), fee } }))
    expect(fee(20n)).toBe('accepted')
    expect(fee(21n)).toBe('FeeTooHigh')
    world.write('Network', network.id, { 'params.max_claim_fee': 1_000_000n })
    expect(fee(30n)).toBe('accepted')
    expect(fee(31n)).toBe('FeeTooHigh')
    const signed = plan(all, { index: 1, to: tokens })
    expect(world.refusal(withArgs(signed, { fee: 1n }))).toBe('FeeTooHigh')
  })

  it('never let the fee be more than the claim', () => {
    const all = setup()
    const { world, network } = all
    const owner = world.key()
    makeTokens(world, { mint: network.mint, owner, at: associated(network.mint, owner)[0] })
    const accounts = [
      { owner, amount: 9n },
      { owner, amount: 9n, maxFee: 30n },
    ]
    const paid = putAccounts(world, network, { accounts, epoch: rootEpoch })
    const fee = (fee: bigint): string =>
      world.refusal(planClaim(world, paid, { index: 1, carrier: { tokens: carrierOf(all), fee } }))
    expect(fee(9n)).toBe('accepted')
    expect(fee(10n)).toBe('FeeTooHigh')
  })

  it('want an account for the fee, of the mint', () => {
    const all = setup()
    const { world } = all
    const call = plan(all, { index: 1, carrier: { tokens: carrierOf(all), fee: 5n } })
    const { fee_destination: _, ...accounts } = call.accounts
    expect(world.refusal({ ...call, accounts })).toBe('WrongTokenAccount')
    const ofOther = makeTokens(world, { mint: makeMint(world), owner: world.key() })
    expect(world.refusal(withAccounts(call, { fee_destination: ofOther }))).toBe('WrongTokenAccount')
  })

  it('pay at least what the wallet asks for', () => {
    const all = setup()
    const { world, network, tokens, paid } = all
    world.send(plan(all, { index: 1, to: tokens }))
    const grown = (by: bigint): Paid => {
      const accounts = paid.accounts.map((one, at) => (at === 1 ? { ...one, amount: one.amount + by } : one))
      return putAccounts(world, network, { accounts, epoch: rootEpoch })
    }
    const carried = (by: bigint): string => world.refusal(planClaim(world, grown(by), { index: 1 }))
    expect(carried(99n)).toBe('BelowMinAmount')
    expect(carried(100n)).toBe('accepted')
    expect(world.refusal(planClaim(world, grown(1n), { index: 1, to: tokens }))).toBe('accepted')
  })
})

describe('the outflow under young roots', () => {
  const claimed = (all: Setup, amount: bigint): void =>
    all.world.write('Network', all.network.id, { outflow: amount, outflow_from: rootSlot })

  it('is limited per window', () => {
    const all = setup()
    const { world, network, tokens } = all
    const call = plan(all, { index: 1, to: tokens })
    claimed(all, outflowLimit - 999n)
    expect(world.refusal(call)).toBe('OutflowLimit')
    claimed(all, outflowLimit - 1_000n)
    world.send(call)
    expect(world.read('Network', network.id, 'outflow')).toBe(outflowLimit)
  })

  it('begins anew with the next window', () => {
    const all = setup()
    const { world, network, paid, tokens } = all
    claimed(all, outflowLimit)
    world.setSlot(rootSlot + window - 1n)
    putAccounts(world, network, { accounts: paid.accounts, epoch: rootEpoch })
    const call = plan(all, { index: 1, to: tokens })
    expect(world.refusal(call)).toBe('OutflowLimit')
    world.setSlot(rootSlot + window)
    world.send(call)
    expect(world.read('Network', network.id, 'outflow')).toBe(1_000n)
    expect(world.read('Network', network.id, 'outflow_from')).toBe(rootSlot + window)
  })

  it('is not counted under a mature root', () => {
    const all = setup()
    const { world, network, tokens } = all
    const call = plan(all, { index: 2, to: tokens })
    world.setSlot(rootSlot + maturity - 1n)
    expect(world.refusal(call)).toBe('OutflowLimit')
    world.setSlot(rootSlot + maturity)
    world.send(call)
    expect(world.read('Network', network.id, 'outflow')).toBe(0n)
  })

  it('stops while the network is paused; claims under a mature root do not', () => {
    const all = setup()
    const { world, network, tokens } = all
    world.write('Network', network.id, { pause_until: rootSlot + 1_000n })
    const call = plan(all, { index: 1, to: tokens })
    expect(world.refusal(call)).toBe('Paused')
    world.setSlot(rootSlot + maturity)
    expect(world.refusal(call)).toBe('accepted')
  })

  it('goes by the parameters of the running epoch', () => {
    const all = setup()
    const { world, network, tokens } = all
    const call = plan(all, { index: 2, to: tokens })
    const next = { ...localParams, outflow_limit: 20_000n }
    world.write('Network', network.id, { next_params: next, next_params_from: 20n, next_seal: 19n })
    world.write('Network', network.id, { 'starts.0': rootSlot + 1n, 'starts.3': rootSlot - 10n })
    expect(world.refusal(call)).toBe('OutflowLimit')
    world.setSlot(rootSlot + 1n)
    expect(world.refusal(call)).toBe('accepted')
  })
})

describe('the totals', () => {
  it('never let more be claimed than was paid', () => {
    const all = setup()
    const { world, network, tokens } = all
    const call = plan(all, { index: 1, to: tokens })
    const { total } = makeAccountsLedger(all.paid.accounts).root
    world.write('Network', network.id, { 'totals.claimed': total - 999n })
    expect(world.refusal(call)).toBe('ClaimedAbovePaid')
    world.write('Network', network.id, { 'totals.claimed': total - 1_000n })
    expect(world.refusal(call)).toBe('accepted')
    world.write('Network', network.id, { 'totals.claimed': 2n ** 64n - 1n })
    expect(world.refusal(call)).toBe('Overflow')
  })

  it('count an outflow without overflow', () => {
    const all = setup()
    const { world, network, tokens } = all
    world.write('Network', network.id, { outflow: 2n ** 64n - 1n, outflow_from: rootSlot })
    expect(world.refusal(plan(all, { index: 1, to: tokens }))).toBe('Overflow')
  })
})
