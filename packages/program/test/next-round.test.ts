import { describe, expect, it } from 'vitest'
import { withArgs } from './support/calls.ts'
import {
  epochOf,
  goTo,
  nextRoundCall,
  type Running,
  readEpoch,
  startedNetwork,
  toCandidate,
  toFinal,
  toSealed,
  toVoted,
  vote,
} from './support/epochs.ts'
import { substitutions } from './support/substitution.ts'
import { World } from './support/world.ts'

const million = 1_000_000n

function setup(): Running {
  return startedNetwork(new World(), [million, million, million])
}

describe('next_round', () => {
  it('clears candidate and votes', () => {
    const running = setup()
    const { world, network } = running
    toCandidate(running, 0n)
    vote(running, 0n, running.verifiers.slice(0, 1))
    const slot = readEpoch(running, 0n, 'round_from') + 4n
    goTo(world, slot)
    const { events } = world.send(nextRoundCall(running, 0n))
    const fields = { network: network.id.toBase58(), epoch: 0n, round: 1n, slot }
    expect(events).toEqual([{ name: 'RoundBegan', fields }])
    expect(readEpoch(running, 0n, 'round')).toBe(1n)
    expect(readEpoch(running, 0n, 'round_from')).toBe(slot)
    expect(readEpoch(running, 0n, 'vote_mask')).toBe(0n)
    expect(readEpoch(running, 0n, 'stake_voted')).toBe(0n)
    const candidate = world.read('Epoch', epochOf(network, 0n), 'candidate')
    expect(candidate).toMatch(/^0+$/)
  })

  it('waits for the end of the round, and of every later one', () => {
    const running = setup()
    const { world } = running
    toSealed(running, 0n)
    const from = readEpoch(running, 0n, 'round_from')
    goTo(world, from + 3n)
    expect(world.refusal(nextRoundCall(running, 0n))).toBe('RoundNotOver')
    goTo(world, from + 9n)
    world.send(nextRoundCall(running, 0n))
    expect(world.refusal(nextRoundCall(running, 0n))).toBe('RoundNotOver')
    goTo(world, from + 13n)
    expect(world.refusal(nextRoundCall(running, 0n))).toBe('accepted')
  })

  it('is for the round that it names, without a quorum', () => {
    const running = setup()
    const { world } = running
    toVoted(running, 0n)
    goTo(world, world.slot() + 10n)
    expect(world.refusal(withArgs(nextRoundCall(running, 0n), { round: 1n }))).toBe('WrongRound')
    expect(world.refusal(nextRoundCall(running, 0n))).toBe('QuorumReached')
  })

  it('wants the epoch that it names, sealed and not final', () => {
    const running = setup()
    const { world } = running
    expect(world.refusal(nextRoundCall(running, 0n))).toBe('NotSealed')
    expect(world.refusal(withArgs(nextRoundCall(running, 0n), { number: 4n }))).toBe('WrongEpoch')
    toFinal(running, 0n)
    expect(world.refusal(nextRoundCall(running, 0n))).toBe('EpochFinal')
  })

  it('refuses every account in another place', () => {
    const running = setup()
    const { world, network } = running
    toSealed(running, 0n)
    goTo(world, readEpoch(running, 0n, 'round_from') + 4n)
    const { expected, actual } = substitutions(world, nextRoundCall(running, 0n), {
      elsewhere: { epoch: [epochOf(network, 1n), 'WrongEpoch'] },
    })
    expect(actual).toEqual(expected)
  })
})
