import type { PublicKey } from '@solana/web3.js'
import { describe, expect, it } from 'vitest'
import { planClaim, planPage, putAccounts } from './support/accounts.ts'
import { withAccounts, withArgs } from './support/calls.ts'
import {
  carrierOf,
  maturity,
  maxClaimFee,
  pageKey,
  plan,
  rootEpoch,
  rootSlot,
  setup,
  wholeVault,
} from './support/claim-setup.ts'
import type { Values } from './support/encode.ts'
import { makeNetwork } from './support/network.ts'
import { substitutions } from './support/substitution.ts'
import { associated, balance, makeMint, makeTokens } from './support/tokens.ts'

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
