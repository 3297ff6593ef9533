import type { PublicKey } from '@solana/web3.js'
import { describe, expect, it } from 'vitest'
import type { Call } from './support/encode.ts'
import { joinVerifier, makeNetwork, type Network, planVerifier } from './support/network.ts'
import { substitutions } from './support/substitution.ts'
import { balance, makeMint, makeTokens } from './support/tokens.ts'
import { World } from './support/world.ts'

const leastStake = 1_000_000n
const stays = 2n ** 63n - 1n
const seats = 64

type Setup = { readonly world: World; readonly network: Network }

function setup(): Setup {
  const world = new World()
  return { world, network: makeNetwork(world) }
}

/** Writes what `start` and two seals leave: epoch 2 runs, and begins at slot 1,000. */
function startedAtEpochTwo(world: World, network: Network): void {
  world.write('Network', network.id, { started: 1, next_seal: 1n, 'starts.1': 970n, 'starts.2': 1_000n })
  world.setSlot(1_000n)
}

/** A field of the roster, such as `entries.3.stake`. */
function roster({ world, network }: Setup, path: string): string | bigint {
  return world.read('Roster', network.roster, path)
}

function changed(call: Call, accounts: Readonly<Record<string, PublicKey>>): Call {
  return { ...call, accounts: { ...call.accounts, ...accounts } }
}

describe('join_roster', () => {
  it('takes the stake and gives a seat, at once before the start', () => {
    const { world, network } = setup()
    joinVerifier(world, network)
    const { verifier, call } = planVerifier(world, network, 3_000_000n)
    const { events } = world.send(call)
    expect(events).toEqual([
      {
        name: 'VerifierJoined',
        fields: {
          network: network.id.toBase58(),
          id: 1n,
          operator: verifier.operator.toBase58(),
          vote_key: verifier.voteKey.toBase58(),
          stake: 3_000_000n,
          from_epoch: 0n,
          displaced: 2n ** 32n - 1n,
        },
      },
    ])
    expect(balance(world, network.stakeVault)).toBe(4_000_000n)
    expect(world.read('Network', network.id, 'totals.staked')).toBe(4_000_000n)
    expect(world.read('Roster', network.roster, 'count')).toBe(2n)
    expect(roster({ world, network }, 'entries.1.id')).toBe(1n)
    expect(roster({ world, network }, 'entries.1.stake')).toBe(3_000_000n)
    expect(roster({ world, network }, 'entries.1.exit_epoch')).toBe(stays)
    expect(roster({ world, network }, 'entries.1.vote_key')).toBe(verifier.voteKey.toBase58())
    expect(world.read('Verifier', verifier.address, 'operator')).toBe(verifier.operator.toBase58())
    expect(world.read('Verifier', verifier.address, 'exit_epoch')).toBe(stays)
    expect(world.read('Verifier', verifier.address, 'retired')).toBe(0n)
  })

  it('refuses every account in another place', () => {
    const { world, network } = setup()
    const other = makeNetwork(world, { name: 2 })
    const { call } = planVerifier(world, network, leastStake)
    const { expected, actual } = substitutions(world, call, { foreign: { roster: other.roster } })
    expect(actual).toEqual(expected)
  })

  it('takes tokens of the mint alone, into the vault alone', () => {
    const { world, network } = setup()
    const { verifier, call } = planVerifier(world, network, leastStake)
    const vault = makeTokens(world, { mint: network.mint, owner: network.stakeVault })
    expect(world.refusal(changed(call, { stake_vault: vault }))).toBe('WrongVault')
    expect(world.refusal(changed(call, { stake_vault: network.vault }))).toBe('WrongVault')
    const ofOther = makeTokens(world, { mint: makeMint(world), owner: verifier.operator, amount: leastStake })
    expect(world.refusal(changed(call, { operator_tokens: ofOther }))).toBe('WrongTokenAccount')
    expect(world.refusal(changed(call, { operator_tokens: network.roster }))).toBe('WrongTokenAccount')
    const stranger = makeTokens(world, { mint: network.mint, owner: world.key(), amount: leastStake })
    expect(world.refusal(changed(call, { operator_tokens: stranger }))).toContain('owner does not match')
  })

  it('wants the least stake', () => {
    const { world, network } = setup()
    expect(world.refusal(planVerifier(world, network, leastStake).call)).toBe('accepted')
    expect(world.refusal(planVerifier(world, network, leastStake - 1n).call)).toBe('StakeTooSmall')
  })

  it("wants a vote key that is nobody's, and not the operator's", () => {
    const { world, network } = setup()
    const first = joinVerifier(world, network)
    const { verifier, call } = planVerifier(world, network, leastStake)
    expect(world.refusal(changed(call, { vote_key: first.voteKey }))).toBe('VoteKeyTaken')
    expect(world.refusal(changed(call, { vote_key: verifier.operator }))).toBe('VoteKeyIsOperator')
  })

  it('never gives an id beyond the last', () => {
    const { world, network } = setup()
    world.write('Network', network.id, { next_verifier: 2 ** 32 - 1 })
    expect(world.refusal(planVerifier(world, network, leastStake).call)).toBe('NoMoreIds')
  })

  it('counts stakes without overflow', () => {
    const { world, network } = setup()
    world.write('Network', network.id, { 'totals.staked': 2n ** 64n - 1n })
    expect(world.refusal(planVerifier(world, network, leastStake).call)).toBe('Overflow')
  })

  it('seats newcomers two epochs later, four an epoch', () => {
    const { world, network } = setup()
    joinVerifier(world, network)
    startedAtEpochTwo(world, network)
    for (let i = 0; i < 9; i++) joinVerifier(world, network)
    const from = Array.from({ length: 10 }, (_, place) =>
      roster({ world, network }, `entries.${place}.from_epoch`),
    )
    expect(from).toEqual([0n, 4n, 4n, 4n, 4n, 5n, 5n, 5n, 5n, 6n])
  })

  it('takes the epoch before for the one of now until the new one begins', () => {
    const { world, network } = setup()
    startedAtEpochTwo(world, network)
    world.setSlot(999n)
    joinVerifier(world, network)
    expect(roster({ world, network }, 'entries.0.from_epoch')).toBe(3n)
  })
})

describe('join_roster with all seats taken', () => {
  const full = (): Setup => {
    const { world, network } = setup()
    for (let i = 0; i < seats; i++) joinVerifier(world, network, i === 20 ? leastStake : 2n * leastStake)
    return { world, network }
  }

  it('displaces the smallest stake by 1.1 times as much', () => {
    const { world, network } = full()
    startedAtEpochTwo(world, network)
    expect(world.refusal(planVerifier(world, network, 1_099_999n).call)).toBe('StakeBelowDisplacement')
    const { call } = planVerifier(world, network, 1_100_000n)
    const { events, computeUnits } = world.send(call)
    expect(events[0]?.fields['displaced']).toBe(20n)
    expect(roster({ world, network }, 'entries.20.exit_epoch')).toBe(4n)
    expect(roster({ world, network }, `entries.${seats}.from_epoch`)).toBe(4n)
    expect(roster({ world, network }, 'entries.19.exit_epoch')).toBe(stays)
    expect(computeUnits).toBeLessThan(40_000n)
  })

  it('displaces a newcomer before it ever had its seat', () => {
    const { world, network } = full()
    startedAtEpochTwo(world, network)
    for (let i = 0; i < 4; i++) joinVerifier(world, network, 2_200_000n)
    const last = `entries.${seats + 3}`
    world.write('Roster', network.roster, { [`${last}.stake`]: leastStake, [`${last}.from_epoch`]: 9n })
    joinVerifier(world, network, 2_200_000n)
    expect(roster({ world, network }, `entries.${seats + 3}.exit_epoch`)).toBe(9n)
  })

  it('counts nobody whose seat ended before it began, and displaces it once', () => {
    const { world, network } = full()
    startedAtEpochTwo(world, network)
    joinVerifier(world, network, 2_200_000n)
    const waiting = `entries.${seats}`
    world.write('Roster', network.roster, { [`${waiting}.stake`]: leastStake, [`${waiting}.from_epoch`]: 9n })
    joinVerifier(world, network, 2_200_000n)
    expect(roster({ world, network }, `${waiting}.exit_epoch`)).toBe(9n)
    expect(world.refusal(planVerifier(world, network, 2_199_999n).call)).toBe('StakeBelowDisplacement')
    const { events } = world.send(planVerifier(world, network, 2_200_000n).call)
    expect(events[0]?.fields['displaced']).toBe(BigInt(seats - 1))
    expect(roster({ world, network }, `entries.${seats - 1}.exit_epoch`)).toBe(4n)
  })

  it('is over when the entries are', () => {
    const { world, network } = full()
    startedAtEpochTwo(world, network)
    for (let i = 0; i < 16; i++) joinVerifier(world, network, 3n * leastStake)
    expect(world.read('Roster', network.roster, 'count')).toBe(80n)
    expect(world.refusal(planVerifier(world, network, 10n * leastStake).call)).toBe('RosterFull')
  })
})
