import { describe, expect, it } from 'vitest'
import { finalize, type Running, readEntry, startedNetwork, toFinal, toVoted } from './support/epochs.ts'
import { leaveCall, leftNetwork, million, retireCall, verifierAt } from './support/leaving.ts'
import { joinVerifier, makeNetwork, planVerifier } from './support/network.ts'
import { substitutions } from './support/substitution.ts'
import { World } from './support/world.ts'

function count({ world, network }: Running): bigint {
  return world.integer('Roster', network.roster, 'count')
}

describe('retire', () => {
  it('moves the stake out of the roster into the account', () => {
    const running = leftNetwork()
    const { world, network } = running
    const verifier = verifierAt(running, 0)
    const { events } = world.send(retireCall(network, verifier))
    const fields = { network: network.id.toBase58(), id: 0n, stake: 3n * million }
    expect(events).toEqual([{ name: 'VerifierRetired', fields }])
    const read = (path: string) => world.read('Verifier', verifier.address, path)
    expect(read('retired')).toBe(1n)
    expect(read('stake')).toBe(3n * million)
    expect(read('exit_epoch')).toBe(2n)
    expect(count(running)).toBe(2n)
    expect(readEntry(running, 0, 'id')).toBe(1n)
    expect(readEntry(running, 1, 'id')).toBe(2n)
    expect(readEntry(running, 1, 'stake')).toBe(million)
  })

  it('waits until the last epoch with a seat is final', () => {
    const running = startedNetwork(new World(), [million, million])
    const { world, network } = running
    const verifier = verifierAt(running, 0)
    expect(world.refusal(retireCall(network, verifier))).toBe('NotExited')
    world.send(leaveCall(network, verifier))
    toFinal(running, 0n)
    toVoted(running, 1n)
    expect(world.refusal(retireCall(network, verifier))).toBe('NotExited')
    finalize(running, 1n)
    expect(world.refusal(retireCall(network, verifier))).toBe('accepted')
  })

  it('is at once for who never had a seat', () => {
    const world = new World()
    const network = makeNetwork(world)
    const before = joinVerifier(world, network)
    world.send(leaveCall(network, before))
    world.send(retireCall(network, before))
    expect(world.read('Verifier', before.address, 'exit_epoch')).toBe(-1n)
    expect(world.integer('Roster', network.roster, 'count')).toBe(0n)
  })

  it('is once, and makes room for a newcomer in the same transaction', () => {
    const running = leftNetwork()
    const { world, network } = running
    const call = retireCall(network, verifierAt(running, 0))
    world.write('Roster', network.roster, { count: 80 })
    for (let place = 3; place < 80; place++)
      world.write('Roster', network.roster, {
        [`entries.${place}.id`]: 1_000 + place,
        [`entries.${place}.exit_epoch`]: 1n,
      })
    const { verifier, call: join } = planVerifier(world, network, million)
    expect(world.refusal(join)).toBe('RosterFull')
    world.send(call, join)
    expect(count(running)).toBe(80n)
    expect(readEntry(running, 79, 'id')).toBe(BigInt(verifier.id))
    expect(readEntry(running, 78, 'id')).toBe(1_079n)
    expect(world.refusal(call)).toBe('NotInRoster')
  })

  it('refuses every account in another place', () => {
    const running = leftNetwork()
    const { world, network } = running
    const other = makeNetwork(world, { name: 2 })
    const foreign = joinVerifier(world, other)
    const { expected, actual } = substitutions(world, retireCall(network, verifierAt(running, 0)), {
      foreign: { roster: other.roster, verifier: foreign.address },
      elsewhere: {
        network: [other.id, 'WrongNetwork'],
        verifier: [verifierAt(running, 1).address, 'NotExited'],
      },
    })
    expect(actual).toEqual(expected)
  })
})
