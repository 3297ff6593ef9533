import { describe, expect, it } from 'vitest'
import { withAccounts, withArgs } from './support/calls.ts'
import {
  candidate,
  type Disputed,
  disputeAt,
  disputedNetwork,
  type Ledgers,
  million,
  openDisputeCall,
  type Point,
  proveDisputeCall,
  rootsOf,
  withLeaf,
} from './support/disputes.ts'
import {
  epochOf,
  finalize,
  goTo,
  propose,
  readEntry,
  readEpoch,
  toCandidate,
  toSealed,
  toVoted,
  vote,
} from './support/epochs.ts'
import { makeNetwork } from './support/network.ts'
import { substitutions } from './support/substitution.ts'
import { balance, makeMint, makeTokens } from './support/tokens.ts'

const point: Point = { name: 'accounts', index: 1 }

type Setup = { readonly disputed: Disputed; readonly after: Ledgers }

/** Everybody has voted for a candidate in which account 1 has one unit less, and the dispute is open. */
function setup(): Setup {
  const disputed = disputedNetwork()
  const after = withLeaf(disputed.before, 'accounts', { index: 1, amount: 69n })
  candidate(disputed, after)
  disputed.world.send(openDisputeCall(disputed, point))
  return { disputed, after }
}

describe('prove_dispute', () => {
  it('cancels the candidate, burns a tenth of the voters stakes, and rewards the disputer', () => {
    const { disputed, after } = setup()
    const { world, running, disputer, tokens } = disputed
    const { network } = running
    const supply = Buffer.from(world.account(network.mint).data).readBigUInt64LE(36)
    const rent = world.account(disputeAt(disputed, point)).lamports
    const lamports = world.account(disputer).lamports
    const staked = world.integer('Network', network.id, 'totals.staked')
    const { events } = world.send(proveDisputeCall(disputed, point, after))
    const taken = 700_000n
    const fields = {
      network: network.id.toBase58(),
      epoch: 1n,
      round: 0n,
      ledger: 0n,
      index: 1n,
      burned: taken - taken / 10n,
      reward: taken / 10n,
    }
    expect(events).toEqual([{ name: 'DisputeProven', fields }])
    expect(balance(world, tokens)).toBe(taken / 10n)
    expect(balance(world, network.stakeVault)).toBe(staked - taken)
    expect(Buffer.from(world.account(network.mint).data).readBigUInt64LE(36)).toBe(supply - fields.burned)
    expect(world.integer('Network', network.id, 'totals.staked')).toBe(staked - taken)
    expect(world.integer('Network', network.id, 'totals.slashed')).toBe(taken)
    expect([0, 1, 2].map((place) => readEntry(running, place, 'stake'))).toEqual([
      900_000n,
      1_800_000n,
      3_600_000n,
    ])
    expect(readEpoch(running, 1n, 'round')).toBe(1n)
    expect(readEpoch(running, 1n, 'round_from')).toBe(world.slot())
    expect(readEpoch(running, 1n, 'voted_slot')).toBe(0n)
    expect(readEpoch(running, 1n, 'vote_mask')).toBe(0n)
    expect(world.read('Epoch', epochOf(network, 1n), 'candidate')).toMatch(/^0+$/)
    expect(world.account(disputeAt(disputed, point)).lamports).toBe(0n)
    expect(world.account(disputer).lamports).toBe(lamports + rent)
  })

  it('lets the next round settle what is right', () => {
    const { disputed, after } = setup()
    const { world, running, before } = disputed
    world.send(proveDisputeCall(disputed, point, after))
    propose(running, 1n, rootsOf(before))
    vote(running, 1n)
    expect(finalize(running, 1n).events[0]?.name).toBe('Finalized')
    // The next snapshot weighs what is left.
    toSealed(running, 2n)
    expect(readEpoch(running, 3n, 'stake_total')).toBe(6_300_000n)
  })

  const wrongs: readonly (readonly [string, Point, (before: Ledgers) => Ledgers])[] = [
    ['a smaller amount', point, (before) => withLeaf(before, 'accounts', { index: 1, amount: 0n })],
    [
      'less charged',
      { name: 'jobs', index: 0 },
      (before) => withLeaf(before, 'jobs', { index: 0, amount: 79n }),
    ],
    [
      'less slashed',
      { name: 'slashes', index: 1 },
      (before) => withLeaf(before, 'slashes', { index: 1, amount: 4n }),
    ],
    [
      'another owner',
      { name: 'accounts', index: 2 },
      (before) =>
        withLeaf(before, 'accounts', { index: 2, owner: before.jobs.leaves[0]?.owner ?? stranger() }),
    ],
  ]
  it.each(wrongs)('sees %s', (_, at, change) => {
    const disputed = disputedNetwork()
    const after = change(disputed.before)
    candidate(disputed, after)
    disputed.world.send(openDisputeCall(disputed, at))
    expect(disputed.world.refusal(proveDisputeCall(disputed, at, after))).toBe('accepted')
  })

  it('has nothing against an amount that grows, or another detail', () => {
    const disputed = disputedNetwork()
    const detail = new Uint8Array(32).fill(99)
    const after = withLeaf(disputed.before, 'accounts', { index: 1, amount: 70n, detail })
    candidate(disputed, after)
    disputed.world.send(openDisputeCall(disputed, point))
    expect(disputed.world.refusal(proveDisputeCall(disputed, point, after))).toBe('NothingWrong')
  })

  it('costs only those who voted, and nothing when nobody did', () => {
    const disputed = disputedNetwork()
    const { running, world } = disputed
    const after = withLeaf(disputed.before, 'accounts', { index: 1, amount: 0n })
    toCandidate(running, 1n, rootsOf(after))
    world.send(openDisputeCall(disputed, point))
    const unvoted = world.send(proveDisputeCall(disputed, point, after))
    expect(unvoted.events[0]?.fields).toMatchObject({ burned: 0n, reward: 0n })
    propose(running, 1n, rootsOf(after))
    vote(running, 1n, running.verifiers.slice(1, 2))
    world.send(openDisputeCall(disputed, point))
    const voted = world.send(proveDisputeCall(disputed, point, after))
    expect(voted.events[0]?.fields).toMatchObject({ round: 1n, burned: 180_000n, reward: 20_000n })
    expect([0, 1, 2].map((place) => readEntry(running, place, 'stake'))).toEqual([
      million,
      1_800_000n,
      4n * million,
    ])
  })

  it('goes by the largest slash of the parameters that hold for the epoch', () => {
    const { disputed, after } = setup()
    const { world, running } = disputed
    world.write('Network', running.network.id, { next_params_from: 1n, 'next_params.max_slash_bps': 10_000 })
    const { events } = world.send(proveDisputeCall(disputed, point, after))
    expect(events[0]?.fields).toMatchObject({ burned: 6_300_000n, reward: 700_000n })
    expect(readEntry(running, 2, 'stake')).toBe(0n)
  })

  it('is still in time when the dispute slots are over, until the candidate is final', () => {
    const { disputed, after } = setup()
    const { world, running } = disputed
    goTo(world, world.slot() + 100n)
    expect(world.refusal(proveDisputeCall(disputed, point, after))).toBe('accepted')
    finalize(running, 1n)
    expect(world.refusal(proveDisputeCall(disputed, point, after))).toBe('DisputeOver')
  })

  it('is refused without the right proof, and for an epoch that it is not about', () => {
    const { disputed, after } = setup()
    const { world, running } = disputed
    const call = proveDisputeCall(disputed, point, after)
    expect(world.refusal(withArgs(call, { amount: 68n }))).toBe('WrongProof')
    expect(world.refusal(withArgs(call, { owner: world.key() }))).toBe('WrongProof')
    expect(world.refusal(withArgs(call, { proof: [] }))).toBe('WrongProof')
    expect(world.refusal(proveDisputeCall(disputed, point, disputed.before))).toBe('WrongProof')
    finalize(running, 1n)
    toVoted(running, 2n, rootsOf(after))
    const later = withAccounts(call, { epoch: epochOf(running.network, 2n) })
    expect(world.refusal(later)).toBe('WrongEpoch')
  })

  it('wants a candidate', () => {
    const { disputed, after } = setup()
    const { world, running } = disputed
    world.write('Epoch', epochOf(running.network, 1n), { 'candidate.attestation': new Uint8Array(32) })
    expect(world.refusal(proveDisputeCall(disputed, point, after))).toBe('NoCandidate')
  })

  it('refuses every account in another place', () => {
    const { disputed, after } = setup()
    const { world, running } = disputed
    const { network } = running
    const other = makeNetwork(world, { name: 2 })
    const second: Point = { ...point, index: 2 }
    world.send(openDisputeCall(disputed, second))
    const call = proveDisputeCall(disputed, point, after)
    const { expected, actual } = substitutions(world, call, {
      foreign: { epoch: epochOf(other, 1n), roster: other.roster },
      elsewhere: {
        disputer: [world.funded(), 'WrongDisputer'],
        network: [other.id, 'WrongVault'],
        epoch: [epochOf(network, 2n), 'WrongEpoch'],
        dispute: [disputeAt(disputed, second), 'WrongProof'],
      },
    })
    expect(actual).toEqual(expected)
    expect(world.refusal(withAccounts(call, { stake_vault: network.vault }))).toBe('WrongVault')
    expect(world.refusal(withAccounts(call, { mint: makeMint(world) }))).toBe('WrongMint')
    const stranger = makeTokens(world, { mint: network.mint, owner: world.key() })
    expect(world.refusal(withAccounts(call, { destination: stranger }))).toBe('WrongTokenAccount')
    const ofOther = makeTokens(world, { mint: makeMint(world), owner: disputed.disputer })
    expect(world.refusal(withAccounts(call, { destination: ofOther }))).toBe('WrongTokenAccount')
    expect(world.refusal(withAccounts(call, { destination: network.roster }))).toBe('WrongTokenAccount')
  })
})

function stranger(): never {
  throw new Error('no such leaf')
}
