import { describe, expect, it } from 'vitest'
import { withAccounts, withArgs } from './support/calls.ts'
import type { Running } from './support/epochs.ts'
import {
  cooldown,
  leaveCall,
  leftNetwork,
  million,
  retireCall,
  slashesLedger,
  verifierAt,
  withdrawCall,
} from './support/leaving.ts'
import { joinVerifier, makeNetwork } from './support/network.ts'
import { putRoots } from './support/roots.ts'
import { substitutions } from './support/substitution.ts'
import { balance, makeMint, makeTokens } from './support/tokens.ts'
import { World } from './support/world.ts'

/** The epoch it had no seat in any more, and the last one of the cooldown. */
const exitEpoch = 2n
const lastEpoch = exitEpoch + cooldown

/** The first verifier has retired, and its cooldown is over. */
function setup(): Running {
  const running = leftNetwork()
  const { world, network } = running
  world.send(retireCall(network, verifierAt(running, 0)))
  putRoots(world, network, { epoch: lastEpoch })
  return running
}

describe('withdraw_stake', () => {
  it('pays the stake, and closes the account', () => {
    const running = setup()
    const { world, network } = running
    const verifier = verifierAt(running, 0)
    const destination = makeTokens(world, { mint: network.mint, owner: world.key() })
    const rent = world.account(verifier.address).lamports
    const lamports = world.account(verifier.operator).lamports
    const call = withdrawCall(world, network, { verifier, destination })
    const { events } = world.send(call)
    const fields = { network: network.id.toBase58(), id: 0n, amount: 3n * million }
    expect(events).toEqual([{ name: 'StakeWithdrawn', fields }])
    expect(balance(world, destination)).toBe(3n * million)
    expect(balance(world, network.stakeVault)).toBe(2n * million)
    expect(world.integer('Network', network.id, 'totals.staked')).toBe(2n * million)
    expect(world.account(verifier.operator).lamports).toBe(lamports + rent)
    expect(world.account(verifier.address).data).toHaveLength(0)
    expect(world.refusal(call)).toBe('WrongOwner')
  })

  it('does not pay again to an account that was revived', () => {
    const running = setup()
    const { world, network } = running
    const verifier = verifierAt(running, 0)
    world.send(withdrawCall(world, network, { verifier }))
    world.setLamports(verifier.address, 10_000_000n)
    expect(world.refusal(withdrawCall(world, network, { verifier }))).toBe('WrongOwner')
  })

  it('waits for the cooldown', () => {
    const running = setup()
    const { world, network } = running
    const call = withdrawCall(world, network, { verifier: verifierAt(running, 0) })
    putRoots(world, network, { epoch: lastEpoch - 1n })
    expect(world.refusal(call)).toBe('CooldownNotOver')
    putRoots(world, network, { epoch: lastEpoch })
    expect(world.refusal(call)).toBe('accepted')
  })

  it('is for the operator of a retired verifier', () => {
    const running = setup()
    const { world, network } = running
    const call = withdrawCall(world, network, { verifier: verifierAt(running, 0) })
    expect(world.refusal(withAccounts(call, { operator: world.funded() }))).toBe('NotOperator')
    expect(world.refusal(withdrawCall(world, network, { verifier: verifierAt(running, 1) }))).toBe(
      'NotRetired',
    )
  })

  it('wants the slashes leaf of the latest root when the ledger reaches it', () => {
    const running = setup()
    const { world, network } = running
    const verifier = verifierAt(running, 0)
    const slashes = slashesLedger(running, [40n, 0n])
    putRoots(world, network, { epoch: lastEpoch, slashes: slashes.root })
    world.write('Verifier', verifier.address, { slashed: 40n })
    const call = withdrawCall(world, network, { verifier, slashes })
    expect(world.refusal(call)).toBe('accepted')
    expect(world.refusal(withArgs(call, { amount: 0n }))).toBe('WrongProof')
    expect(world.refusal(withArgs(call, { proof: [] }))).toBe('WrongProof')
    expect(world.refusal(withArgs(call, { detail: new Uint8Array(32).fill(1) }))).toBe('WrongProof')
    expect(world.refusal(withdrawCall(world, network, { verifier }))).toBe('WrongProof')
    world.write('Verifier', verifier.address, { slashed: 39n })
    expect(world.refusal(call)).toBe('SlashPending')
    world.write('Verifier', verifier.address, { slashed: 39n, stake: 0n })
    expect(world.refusal(call)).toBe('accepted')
  })

  it('wants no leaf when the ledger does not reach it, and none at all', () => {
    const running = setup()
    const { world, network } = running
    const call = withdrawCall(world, network, { verifier: verifierAt(running, 0) })
    expect(world.refusal(withArgs(call, { amount: 1n }))).toBe('WrongProof')
    expect(world.refusal(withArgs(call, { proof: [new Uint8Array(32)] }))).toBe('WrongProof')
  })

  it('waits for nothing when there never was a seat, even before the start', () => {
    const world = new World()
    const network = makeNetwork(world)
    const verifier = joinVerifier(world, network, 2n * million)
    const call = withdrawCall(world, network, { verifier })
    expect(world.refusal(call)).toBe('NotRetired')
    world.send(leaveCall(network, verifier))
    world.send(retireCall(network, verifier))
    world.send(call)
    expect(balance(world, network.stakeVault)).toBe(0n)
  })

  it('goes on while the network is paused', () => {
    const running = setup()
    const { world, network } = running
    world.write('Network', network.id, { pause_until: 2n ** 60n })
    const call = withdrawCall(world, network, { verifier: verifierAt(running, 0) })
    expect(world.refusal(call)).toBe('accepted')
  })

  it('refuses every account in another place', () => {
    const running = setup()
    const { world, network } = running
    const other = makeNetwork(world, { name: 2 })
    const foreign = joinVerifier(world, other)
    const call = withdrawCall(world, network, { verifier: verifierAt(running, 0) })
    const { expected, actual } = substitutions(world, call, {
      foreign: { verifier: foreign.address },
      elsewhere: {
        network: [other.id, 'WrongVault'],
        verifier: [verifierAt(running, 1).address, 'NotOperator'],
      },
    })
    expect(actual).toEqual(expected)
    expect(world.refusal(withAccounts(call, { stake_vault: network.vault }))).toBe('WrongVault')
    const ofOther = makeTokens(world, { mint: makeMint(world), owner: world.key() })
    expect(world.refusal(withAccounts(call, { destination: ofOther }))).toBe('WrongTokenAccount')
    expect(world.refusal(withAccounts(call, { destination: network.roster }))).toBe('WrongTokenAccount')
  })
})
