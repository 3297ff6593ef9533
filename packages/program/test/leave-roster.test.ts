import { describe, expect, it } from 'vitest'
import { withAccounts } from './support/calls.ts'
import { type Running, readEntry, readEpoch, startedNetwork, toFinal } from './support/epochs.ts'
import { leaveCall, million, retireCall, verifierAt } from './support/leaving.ts'
import { joinVerifier, makeNetwork } from './support/network.ts'
import { substitutions } from './support/substitution.ts'
import { World } from './support/world.ts'

const stays = 2n ** 63n - 1n

function setup(): Running {
  return startedNetwork(new World(), [million, million, million])
}

describe('leave_roster', () => {
  it('ends the seat two epochs later', () => {
    const running = setup()
    const { world, network } = running
    const { events } = world.send(leaveCall(network, verifierAt(running, 1)))
    const fields = { network: network.id.toBase58(), id: 1n, exit_epoch: 2n }
    expect(events).toEqual([{ name: 'VerifierLeft', fields }])
    expect(readEntry(running, 1, 'exit_epoch')).toBe(2n)
    expect(readEntry(running, 0, 'exit_epoch')).toBe(stays)
    toFinal(running, 0n)
    expect(readEpoch(running, 1n, 'seat_count')).toBe(3n)
    toFinal(running, 1n)
    expect(readEpoch(running, 2n, 'seat_count')).toBe(2n)
  })

  it('counts from the epoch of now, sealed before or not', () => {
    const running = setup()
    const { world, network } = running
    world.setSlot(1_031n)
    world.send(leaveCall(network, verifierAt(running, 1)))
    expect(readEntry(running, 1, 'exit_epoch')).toBe(3n)
    toFinal(running, 0n)
    world.send(leaveCall(network, verifierAt(running, 0)))
    expect(readEntry(running, 0, 'exit_epoch')).toBe(3n)
  })

  it('gives up a seat that was still to come', () => {
    const running = setup()
    const { world, network } = running
    for (let i = 0; i < 4; i++) joinVerifier(world, network)
    const late = joinVerifier(world, network)
    expect(readEntry(running, 7, 'from_epoch')).toBe(3n)
    world.send(leaveCall(network, late))
    expect(readEntry(running, 7, 'exit_epoch')).toBe(3n)
  })

  it('is at once before the start, for everybody', () => {
    const world = new World()
    const network = makeNetwork(world)
    const only = joinVerifier(world, network)
    const { events } = world.send(leaveCall(network, only))
    expect(events[0]?.fields['exit_epoch']).toBe(0n)
  })

  it('keeps the last verifier, until another one has its seat', () => {
    const world = new World()
    const running = startedNetwork(world, [million, million])
    const { network } = running
    world.send(leaveCall(network, verifierAt(running, 0)))
    expect(world.refusal(leaveCall(network, verifierAt(running, 1)))).toBe('LastVerifier')
    joinVerifier(world, network)
    expect(world.refusal(leaveCall(network, verifierAt(running, 1)))).toBe('accepted')
    world.write('Roster', network.roster, { 'entries.2.from_epoch': 3n })
    expect(world.refusal(leaveCall(network, verifierAt(running, 1)))).toBe('LastVerifier')
  })

  it('takes nobody for staying who has no stake left', () => {
    const running = startedNetwork(new World(), [million, million])
    const { world, network } = running
    world.write('Roster', network.roster, { 'entries.0.stake': 0n })
    expect(world.refusal(leaveCall(network, verifierAt(running, 1)))).toBe('LastVerifier')
    expect(world.refusal(leaveCall(network, verifierAt(running, 0)))).toBe('accepted')
  })

  it('is for the operator, once, while it is in the roster', () => {
    const running = setup()
    const { world, network } = running
    const verifier = verifierAt(running, 0)
    const call = leaveCall(network, verifier)
    expect(world.refusal(withAccounts(call, { operator: world.key() }))).toBe('NotOperator')
    expect(world.refusal(withAccounts(call, { operator: verifier.voteKey }))).toBe('NotOperator')
    world.send(call)
    expect(world.refusal(call)).toBe('AlreadyLeaving')
    toFinal(running, 0n)
    toFinal(running, 1n)
    world.send(retireCall(network, verifier))
    expect(world.refusal(call)).toBe('NotInRoster')
  })

  it('refuses every account in another place', () => {
    const running = setup()
    const { world, network } = running
    const other = makeNetwork(world, { name: 2 })
    const foreign = joinVerifier(world, other)
    const { expected, actual } = substitutions(world, leaveCall(network, verifierAt(running, 0)), {
      foreign: { roster: other.roster, verifier: foreign.address },
      elsewhere: {
        network: [other.id, 'WrongNetwork'],
        verifier: [verifierAt(running, 1).address, 'NotOperator'],
      },
    })
    expect(actual).toEqual(expected)
  })
})
