import { describe, expect, it } from 'vitest'
import { withAccounts } from './support/calls.ts'
import {
  epochOf,
  filled,
  finalize,
  finalizeCall,
  goTo,
  postInventories,
  propose,
  type Running,
  readEpoch,
  startedNetwork,
  toCandidate,
  toFinal,
  toSealed,
  toVoted,
  unknownSlot,
  vote,
} from './support/epochs.ts'
import { makeNetwork } from './support/network.ts'
import { substitutions } from './support/substitution.ts'
import { World } from './support/world.ts'

const million = 1_000_000n
const ledgers = {
  accounts: { root: filled(1), count: 9n, total: 400n },
  jobs: { root: filled(2), count: 5n, total: 500n },
  slashes: { root: filled(3), count: 3n, total: 60n },
}

function setup(): Running {
  const running = startedNetwork(new World(), [million, million, million])
  running.world.write('Network', running.network.id, { 'totals.deposited': 1_000n, next_job: 5 })
  return running
}

describe('finalize', () => {
  it('pushes the roots and takes over the totals', () => {
    const running = setup()
    const { world, network } = running
    toVoted(running, 0n, ledgers)
    const attestation = world.read('Epoch', epochOf(network, 0n), 'candidate.attestation')
    const { events } = finalize(running, 0n)
    const slot = world.slot()
    const fields = {
      network: network.id.toBase58(),
      epoch: 0n,
      slot,
      attestation,
      paid: 400n,
      charged: 500n,
    }
    expect(events).toEqual([{ name: 'Finalized', fields }])
    const read = (path: string) => world.read('Network', network.id, path)
    expect(read('last_final')).toBe(0n)
    expect(read('totals.paid')).toBe(400n)
    expect(read('totals.charged')).toBe(500n)
    expect(read('roots.0.epoch')).toBe(0n)
    expect(read('roots.0.slot')).toBe(slot)
    expect(read('roots.0.attestation')).toBe(attestation)
    expect(read('roots.0.accounts.root')).toBe('01'.repeat(32))
    expect(read('roots.0.jobs.count')).toBe(5n)
    expect(read('roots.0.slashes.total')).toBe(60n)
    expect(readEpoch(running, 0n, 'state')).toBe(3n)
    expect(readEpoch(running, 1n, 'previous_final_slot')).toBe(slot)
    expect(readEpoch(running, 1n, 'target')).toBe(unknownSlot)
  })

  it('gives the next epoch its target when it had its quorum before', () => {
    const running = setup()
    const { world } = running
    toVoted(running, 0n)
    postInventories(running, 1n)
    expect(readEpoch(running, 1n, 'target')).toBe(unknownSlot)
    goTo(world, world.slot() + 20n)
    finalize(running, 0n)
    expect(readEpoch(running, 1n, 'target')).toBe(world.slot() + 1n)
  })

  it('keeps the roots of 16 epochs', () => {
    const running = setup()
    for (let number = 0n; number < 18n; number++) toFinal(running, number)
    const epochs = Array.from({ length: 16 }, (_, place) =>
      running.world.integer('Network', running.network.id, `roots.${place}.epoch`),
    )
    expect(epochs).toEqual([16n, 17n, 2n, 3n, 4n, 5n, 6n, 7n, 8n, 9n, 10n, 11n, 12n, 13n, 14n, 15n])
    expect(running.world.integer('Network', running.network.id, 'last_final')).toBe(17n)
  })

  it('waits for more than two thirds, and for the dispute slots', () => {
    const running = setup()
    const { world, network } = running
    toSealed(running, 0n)
    expect(world.refusal(finalizeCall(network, 0n))).toBe('NoQuorum')
    propose(running, 0n)
    vote(running, 0n, running.verifiers.slice(0, 2))
    goTo(world, world.slot() + 9n)
    expect(world.refusal(finalizeCall(network, 0n))).toBe('NoQuorum')
    vote(running, 0n, running.verifiers.slice(2))
    goTo(world, world.slot() + 2n)
    expect(world.refusal(finalizeCall(network, 0n))).toBe('DisputeNotOver')
    goTo(world, world.slot() + 1n)
    expect(world.refusal(finalizeCall(network, 0n))).toBe('accepted')
  })

  it('is refused while the network is paused', () => {
    const running = setup()
    const { world, network } = running
    toVoted(running, 0n)
    goTo(world, world.slot() + 3n)
    world.write('Network', network.id, { pause_until: world.slot() + 1n })
    expect(world.refusal(finalizeCall(network, 0n))).toBe('Paused')
    goTo(world, world.slot() + 1n)
    expect(world.refusal(finalizeCall(network, 0n))).toBe('accepted')
  })

  it('cancels a candidate that refunds have left uncovered, and begins the next round', () => {
    const running = setup()
    const { world, network } = running
    toVoted(running, 0n, ledgers)
    world.write('Network', network.id, { 'totals.refunded': 501n })
    const { events } = finalize(running, 0n)
    expect(events).toEqual([
      {
        name: 'RoundBegan',
        fields: { network: network.id.toBase58(), epoch: 0n, round: 1n, slot: world.slot() },
      },
    ])
    expect(world.integer('Network', network.id, 'last_final')).toBe(-1n)
    expect(world.integer('Network', network.id, 'totals.charged')).toBe(0n)
    expect(readEpoch(running, 0n, 'round')).toBe(1n)
    expect(readEpoch(running, 0n, 'voted_slot')).toBe(0n)
    propose(running, 0n, { ...ledgers, jobs: { ...ledgers.jobs, total: 499n } })
    vote(running, 0n)
    expect(finalize(running, 0n).events[0]?.name).toBe('Finalized')
  })

  it('is for the epoch after the last final one, by the accounts whose turn it is', () => {
    const running = setup()
    const { world, network } = running
    toVoted(running, 0n)
    expect(world.refusal(finalizeCall(network, 1n))).toBe('WrongEpoch')
    goTo(world, world.slot() + 3n)
    const call = finalizeCall(network, 0n)
    expect(world.refusal(withAccounts(call, { next_epoch: epochOf(network, 2n) }))).toBe('WrongEpoch')
    world.send(call)
    expect(world.refusal(call)).toBe('WrongEpoch')
  })

  it('wants a sealed epoch', () => {
    const running = setup()
    const { world, network } = running
    expect(world.refusal(finalizeCall(network, 0n))).toBe('NotSealed')
    toCandidate(running, 0n)
    expect(world.refusal(finalizeCall(network, 0n))).toBe('NoQuorum')
  })

  it('refuses every account in another place', () => {
    const running = setup()
    const { world, network } = running
    const other = makeNetwork(world, { name: 2 })
    toVoted(running, 0n)
    goTo(world, world.slot() + 3n)
    const { expected, actual } = substitutions(world, finalizeCall(network, 0n), {
      foreign: { epoch: epochOf(other, 0n), next_epoch: epochOf(other, 1n) },
      elsewhere: {
        network: [other.id, 'WrongNetwork'],
        epoch: [epochOf(network, 3n), 'WrongEpoch'],
        next_epoch: [epochOf(network, 2n), 'WrongEpoch'],
      },
    })
    expect(actual).toEqual(expected)
  })
})
