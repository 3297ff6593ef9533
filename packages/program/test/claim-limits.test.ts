import { describe, expect, it } from 'vitest'
import { makeAccountsLedger, type Paid, planClaim, putAccounts } from './support/accounts.ts'
import { withAccounts, withArgs } from './support/calls.ts'
import {
  carrierOf,
  maturity,
  outflowLimit,
  plan,
  rootEpoch,
  rootSlot,
  type Setup,
  setup,
  window,
} from './support/claim-setup.ts'
import { localParams } from './support/network.ts'
import { associated, makeMint, makeTokens } from './support/tokens.ts'

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
