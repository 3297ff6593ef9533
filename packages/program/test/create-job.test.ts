import type { PublicKey } from '@solana/web3.js'
import { describe, expect, it } from 'vitest'
import { withAccounts } from './support/calls.ts'
import type { Values } from './support/encode.ts'
import { makeJob, planJob } from './support/jobs.ts'
import { localParams, makeNetwork, type Network } from './support/network.ts'
import { substitutions } from './support/substitution.ts'
import { balance, makeMint, makeTokens } from './support/tokens.ts'
import { World } from './support/world.ts'

const slot = 1_000n

type Setup = { readonly world: World; readonly network: Network }

function setup(): Setup {
  const world = new World()
  const network = makeNetwork(world)
  world.setSlot(slot)
  return { world, network }
}

describe('create_job', () => {
  it('takes the deposit and writes down the terms', () => {
    const { world, network } = setup()
    makeJob(world, network)
    const { job, call } = planJob(world, network, { deposit: 25_000n, nonce: 7n })
    const { events } = world.send(call)
    const fields = {
      network: network.id.toBase58(),
      job: job.address.toBase58(),
      index: 1n,
      requester: job.requester.toBase58(),
      deposit: 25_000n,
    }
    expect(events).toEqual([{ name: 'JobCreated', fields }])
    expect(balance(world, network.vault)).toBe(35_000n)
    expect(balance(world, job.tokens)).toBe(975_000n)
    expect(world.read('Network', network.id, 'totals.deposited')).toBe(35_000n)
    const written: Readonly<Record<string, string | bigint>> = {
      rule: 0n,
      work_kind: 2n,
      replicas: 3n,
      network: network.id.toBase58(),
      requester: job.requester.toBase58(),
      nonce: 7n,
      index: 1n,
      tasks: 100n,
      max_units: 5n,
      lease_epochs: 3n,
      price: 10n,
      cap_price: 0n,
      deposit: 25_000n,
      verifier_bps: 1_500n,
      settle_bps: 50n,
      holder_count: 0n,
      created_slot: slot,
      open_slot: 0n,
      close_slot: 0n,
      spec_hash: '06'.repeat(32),
      allow_root: '00'.repeat(32),
    }
    const read = Object.keys(written).map((path) => [path, world.read('Job', job.address, path)])
    expect(Object.fromEntries(read)).toEqual(written)
  })

  it('refuses every account in another place', () => {
    const { world, network } = setup()
    const { call } = planJob(world, network)
    const { expected, actual } = substitutions(world, call)
    expect(actual).toEqual(expected)
    const other = makeNetwork(world, { name: 2 })
    expect(world.refusal(withAccounts(call, { network: other.id }))).toBe('WrongVault')
  })

  it('takes tokens of the mint alone, into the vault alone', () => {
    const { world, network } = setup()
    const { job, call } = planJob(world, network)
    const twin = makeTokens(world, { mint: network.mint, owner: network.vault })
    expect(world.refusal(withAccounts(call, { vault: twin }))).toBe('WrongVault')
    expect(world.refusal(withAccounts(call, { vault: network.stakeVault }))).toBe('WrongVault')
    const from = (tokens: PublicKey): string =>
      world.refusal(withAccounts(call, { requester_tokens: tokens }))
    const amount = 1_000_000n
    expect(from(makeTokens(world, { mint: makeMint(world), owner: job.requester, amount }))).toBe(
      'WrongTokenAccount',
    )
    expect(from(network.roster)).toBe('WrongTokenAccount')
    expect(from(makeTokens(world, { mint: network.mint, owner: world.key(), amount }))).toContain(
      'owner does not match',
    )
    expect(from(makeTokens(world, { mint: network.mint, owner: job.requester, amount: 9_999n }))).toContain(
      'insufficient funds',
    )
  })

  it('makes another job for another nonce, and none twice', () => {
    const { world, network } = setup()
    const { requester } = makeJob(world, network)
    const again = planJob(world, network, { requester })
    expect(world.refusal(again.call)).toBe('AlreadyExists')
    expect(world.refusal(planJob(world, network, { requester, nonce: 2n }).call)).toBe('accepted')
  })

  it('copies the fees of the running epoch', () => {
    const { world, network } = setup()
    const next: Values = { ...localParams, verifier_bps: 700, min_deposit: 20_000n }
    world.write('Network', network.id, { started: 1, next_params: next, next_params_from: 1n, next_seal: 0n })
    world.write('Network', network.id, { 'starts.0': slot - 10n, 'starts.1': slot + 1n })
    expect(world.refusal(planJob(world, network).call)).toBe('accepted')
    world.setSlot(slot + 1n)
    expect(world.refusal(planJob(world, network).call)).toBe('DepositTooSmall')
    const job = makeJob(world, network, { deposit: 20_000n })
    expect(world.read('Job', job.address, 'verifier_bps')).toBe(700n)
  })

  const cases: readonly (readonly [string, Values, string])[] = [
    ['the least deposit', { deposit: 1_000n }, 'accepted'],
    ['a smaller one', { deposit: 999n }, 'DepositTooSmall'],
    ['an unknown rule', { rule: 2 }, 'WrongRule'],
    ['no price', { price: 0n }, 'WrongRule'],
    ['no units', { max_units: 0 }, 'WrongRule'],
    ['no replica', { replicas: 0 }, 'WrongRule'],
    ['no tasks, as open kinds have none', { tasks: 0 }, 'accepted'],
    ['a share with its cap', { rule: 1, cap_price: 4n }, 'accepted'],
    ['a share without', { rule: 1 }, 'WrongRule'],
    ['a share without a budget', { rule: 1, cap_price: 4n, price: 0n }, 'WrongRule'],
    ['the most a replica can earn', { price: 2n ** 64n - 1n, max_units: 1 }, 'accepted'],
    ['more than a u64', { price: 2n ** 63n, max_units: 2 }, 'WrongRule'],
    ['more than a u64 by shares', { rule: 1, cap_price: 2n ** 40n, max_units: 2 ** 24 }, 'WrongRule'],
  ]
  it.each(cases)('%s', (_, changed, expected) => {
    const { world, network } = setup()
    expect(world.refusal(planJob(world, network, changed).call)).toBe(expected)
  })

  it('stops during a pause', () => {
    const { world, network } = setup()
    world.write('Network', network.id, { pause_until: slot + 1n })
    const { call } = planJob(world, network)
    expect(world.refusal(call)).toBe('Paused')
    world.setSlot(slot + 1n)
    expect(world.refusal(call)).toBe('accepted')
  })

  it('never gives an index beyond the last, nor counts beyond a u64', () => {
    const { world, network } = setup()
    const { call } = planJob(world, network)
    world.write('Network', network.id, { 'totals.deposited': 2n ** 64n - 1n })
    expect(world.refusal(call)).toBe('Overflow')
    world.write('Network', network.id, { next_job: 2 ** 32 - 1 })
    expect(world.refusal(call)).toBe('NoMoreIds')
  })
})
