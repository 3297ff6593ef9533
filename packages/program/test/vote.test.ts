import { describe, expect, it } from 'vitest'
import { withArgs } from './support/calls.ts'
import {
  epochOf,
  filled,
  goTo,
  nextRoundCall,
  propose,
  type Running,
  readEpoch,
  startedNetwork,
  toCandidate,
  toFinal,
  toSealed,
  voteCall,
  voteKeys,
} from './support/epochs.ts'
import { substitutions } from './support/substitution.ts'
import { World } from './support/world.ts'

const million = 1_000_000n

function setup(stakes: readonly bigint[] = [million, million, million]): Running {
  return startedNetwork(new World(), stakes)
}

/** The verifiers at these places vote. */
function ballot(running: Running, places: readonly number[]): ReturnType<typeof voteCall> {
  const keys = voteKeys(running.verifiers)
  return voteCall(
    running,
    0n,
    places.flatMap((place) => keys.slice(place, place + 1)),
  )
}

describe('vote', () => {
  it('takes several signers, and reaches its quorum above two thirds, not at them', () => {
    const running = setup()
    const { world, network } = running
    toCandidate(running, 0n)
    const { events } = world.send(ballot(running, [2, 0]))
    const fields = { network: network.id.toBase58(), epoch: 0n, round: 0n, seats: 0b101n, reached: 0n }
    expect(events).toEqual([{ name: 'Voted', fields }])
    expect(readEpoch(running, 0n, 'stake_voted')).toBe(2n * million)
    expect(readEpoch(running, 0n, 'vote_mask')).toBe(0b101n)
    expect(readEpoch(running, 0n, 'voted_slot')).toBe(0n)
    goTo(world, world.slot() + 2n)
    const last = world.send(ballot(running, [1]))
    expect(last.events[0]?.fields).toMatchObject({ seats: 0b010n, reached: 1n })
    expect(readEpoch(running, 0n, 'voted_slot')).toBe(world.slot())
    expect(readEpoch(running, 0n, 'seats.1.active_slot')).toBe(world.slot())
  })

  it('goes by stake, and reaches once', () => {
    const running = setup([7n * million, 2n * million, million])
    const { world } = running
    toCandidate(running, 0n)
    expect(world.send(ballot(running, [1])).events[0]?.fields['reached']).toBe(0n)
    expect(world.send(ballot(running, [0])).events[0]?.fields['reached']).toBe(1n)
    const reached = world.slot()
    goTo(world, reached + 1n)
    expect(world.send(ballot(running, [2])).events[0]?.fields['reached']).toBe(0n)
    expect(readEpoch(running, 0n, 'voted_slot')).toBe(reached)
  })

  it('does not overflow with the largest stakes', () => {
    const running = setup([million, million, million])
    const { world, network } = running
    toCandidate(running, 0n)
    const third = (2n ** 64n - 1n) / 3n
    world.write('Epoch', epochOf(network, 0n), {
      stake_total: 3n * third,
      stake_counted: 3n * third,
      'seats.0.stake': third,
      'seats.1.stake': third,
      'seats.2.stake': third,
    })
    expect(world.send(ballot(running, [0, 1])).events[0]?.fields['reached']).toBe(0n)
    expect(world.send(ballot(running, [2])).events[0]?.fields['reached']).toBe(1n)
  })

  it('does not count dropped seats', () => {
    const running = setup([million, million, million])
    const { world, network } = running
    toCandidate(running, 0n)
    world.write('Epoch', epochOf(network, 0n), { dropped_mask: 0b001n, stake_counted: 2n * million })
    expect(world.send(ballot(running, [0, 1])).events[0]?.fields['reached']).toBe(0n)
    expect(readEpoch(running, 0n, 'stake_voted')).toBe(million)
    expect(world.send(ballot(running, [2])).events[0]?.fields['reached']).toBe(1n)
  })

  it('takes ten voters in a transaction, and no more', () => {
    const running = setup(Array.from({ length: 11 }, () => million))
    const { world } = running
    toCandidate(running, 0n)
    const places = Array.from({ length: 10 }, (_, place) => place)
    const { bytes, events } = world.send(ballot(running, places))
    expect(bytes).toBeLessThanOrEqual(1_232)
    expect(events[0]?.fields['reached']).toBe(1n)
    expect(world.refusal(ballot(running, []))).toBe('WrongAccountCount')
  })

  it('is once a round for each seat, for the candidate alone', () => {
    const running = setup()
    const { world } = running
    toCandidate(running, 0n)
    expect(world.refusal(ballot(running, [0, 0]))).toBe('AlreadyVoted')
    expect(world.refusal(voteCall(running, 0n, [world.key()]))).toBe('NotSeated')
    expect(world.refusal(withArgs(ballot(running, [0]), { attestation: filled(1) }))).toBe('WrongAttestation')
    world.send(ballot(running, [0]))
    expect(world.refusal(ballot(running, [1, 0]))).toBe('AlreadyVoted')
    const old = ballot(running, [0])
    goTo(world, world.slot() + 4n)
    world.send(nextRoundCall(running, 0n))
    expect(world.refusal(old)).toBe('NoCandidate')
    propose(running, 0n)
    expect(world.refusal(old)).toBe('WrongAttestation')
    expect(world.refusal(ballot(running, [0]))).toBe('accepted')
  })

  it('wants a sealed epoch with a candidate', () => {
    const running = setup()
    const { world } = running
    expect(world.refusal(ballot(running, [0]))).toBe('NotSealed')
    toSealed(running, 0n)
    expect(world.refusal(ballot(running, [0]))).toBe('NoCandidate')
    expect(world.refusal(withArgs(ballot(running, [0]), { attestation: new Uint8Array(32) }))).toBe(
      'NoCandidate',
    )
  })

  it('is over when the epoch is final', () => {
    const running = setup()
    toFinal(running, 0n)
    expect(running.world.refusal(ballot(running, [0]))).toBe('EpochFinal')
  })

  it('refuses every account in another place', () => {
    const running = setup()
    const { world, network } = running
    toCandidate(running, 0n)
    const { expected, actual } = substitutions(world, ballot(running, [0, 1]), {
      elsewhere: { epoch: [epochOf(network, 1n), 'NotSealed'] },
    })
    expect(actual).toEqual(expected)
  })
})
