import { describe, expect, it } from 'vitest'
import { withAccounts } from './support/calls.ts'
import {
  epochOf,
  finalize,
  goTo,
  inventory,
  postCall,
  postInventories,
  propose,
  type Running,
  readEntry,
  readEpoch,
  seal,
  sealCall,
  startedNetwork,
  toFinal,
  toVoted,
  unknownSlot,
  vote,
  voteKeys,
} from './support/epochs.ts'
import { sha256, tag } from './support/ledger.ts'
import { joinVerifier, makeNetwork, type Network, u64 } from './support/network.ts'
import { substitutions } from './support/substitution.ts'
import { slotHash, World } from './support/world.ts'

const million = 1_000_000n
/** S_1 of a network that starts in slot 1,000. */
const endOfWork = 1_031n
const target = endOfWork + 5n

function setup(stakes: readonly bigint[] = [million, million, million]): Running {
  return startedNetwork(new World(), stakes)
}

function seedFrom(slot: bigint, network: Network): string {
  const parts = [tag('pw/seed'), slotHash(slot).toBytes(), network.id.toBytes(), u64(0n)]
  return Buffer.from(sha256(...parts)).toString('hex')
}

function seedOf({ world, network }: Running): unknown {
  return world.read('Epoch', epochOf(network, 0n), 'seed')
}

describe('seal_epoch', () => {
  it('fixes the seed, and opens the next epoch', () => {
    const running = setup()
    const { world, network } = running
    postInventories(running, 0n)
    const { events } = seal(running, 0n)
    const seed = seedFrom(target, network)
    const fields = {
      network: network.id.toBase58(),
      epoch: 0n,
      slot: target + 1n,
      seed,
      next_end: endOfWork + 30n,
    }
    expect(events).toEqual([{ name: 'Sealed', fields }])
    expect(seedOf(running)).toBe(seed)
    expect(readEpoch(running, 0n, 'state')).toBe(2n)
    expect(readEpoch(running, 0n, 'sealed_slot')).toBe(target + 1n)
    expect(readEpoch(running, 0n, 'round')).toBe(0n)
    expect(readEpoch(running, 0n, 'round_from')).toBe(target + 1n + 13n)
    expect(world.integer('Network', network.id, 'next_seal')).toBe(1n)
    expect(world.integer('Network', network.id, 'starts.2')).toBe(endOfWork + 30n)
    expect(readEpoch(running, 1n, 'number')).toBe(1n)
    expect(readEpoch(running, 1n, 'state')).toBe(1n)
    expect(readEpoch(running, 1n, 'starts_at')).toBe(endOfWork)
    expect(readEpoch(running, 1n, 'ends_at')).toBe(endOfWork + 30n)
    expect(readEpoch(running, 1n, 'seat_count')).toBe(3n)
    expect(readEpoch(running, 1n, 'stake_total')).toBe(3n * million)
    expect(readEpoch(running, 1n, 'previous_final_slot')).toBe(0n)
    expect(readEpoch(running, 1n, 'quorum_slot')).toBe(0n)
    expect(readEpoch(running, 1n, 'target')).toBe(unknownSlot)
  })

  it('waits for the quorum of inventories, for the epoch before, and for the slot after the target', () => {
    const running = setup()
    const { world, network } = running
    world.setSlot(endOfWork + 100n)
    expect(world.refusal(sealCall(network, 0n))).toBe('SealTooEarly')
    toVoted(running, 0n)
    const end = readEpoch(running, 1n, 'ends_at')
    goTo(world, end)
    for (const voter of voteKeys(running.verifiers))
      world.send(postCall(network, { number: 1n, what: inventory, voters: [voter] }))
    expect(readEpoch(running, 1n, 'target')).toBe(unknownSlot)
    expect(world.refusal(sealCall(network, 1n))).toBe('SealTooEarly')
  })

  it('is too early until the hash at the target is there', () => {
    const running = setup()
    const { world, network } = running
    postInventories(running, 0n)
    world.setSlot(target)
    expect(world.refusal(sealCall(network, 0n))).toBe('SealTooEarly')
    world.setSlot(target + 1n)
    expect(world.refusal(sealCall(network, 0n))).toBe('accepted')
  })

  it('takes the first hash after the target when slots were skipped', () => {
    const running = setup()
    postInventories(running, 0n)
    const skipped = [target, target + 1n, target + 2n]
    running.world.setSlot(target + 9n)
    const slots = Array.from({ length: 500 }, (_, place) => target + 8n - BigInt(place))
    running.world.setHashes(slots.filter((slot) => !skipped.includes(slot)))
    running.world.send(sealCall(running.network, 0n))
    expect(seedOf(running)).toBe(seedFrom(target + 3n, running.network))
  })

  it('seals with the last readable hash, and moves the target when it is lost', () => {
    const running = setup()
    const { world, network } = running
    postInventories(running, 0n, running.verifiers.slice(0, 2))
    world.write('Epoch', epochOf(network, 0n), { quorum_slot: endOfWork, target })
    world.setSlot(target + 512n)
    expect(world.refusal(sealCall(network, 0n))).toBe('accepted')
    world.setSlot(target + 513n)
    const { events } = world.send(sealCall(network, 0n))
    const moved = target + 514n
    expect(events[0]?.fields).toMatchObject({ slot: 0n, seed: '00'.repeat(32), next_end: moved })
    expect(readEpoch(running, 0n, 'target')).toBe(moved)
    expect(readEpoch(running, 0n, 'state')).toBe(1n)
    expect(world.integer('Network', network.id, 'next_seal')).toBe(0n)
    // Posting stays open until it.
    const late = postCall(network, {
      number: 0n,
      what: inventory,
      voters: voteKeys(running.verifiers).slice(2),
    })
    expect(world.send(late).events[0]?.fields['reached']).toBe(0n)
    expect(world.refusal(sealCall(network, 0n))).toBe('SealTooEarly')
    seal(running, 0n)
    expect(seedOf(running)).toBe(seedFrom(moved, network))
  })

  it('gives the next epoch its length, or grace and margin from now', () => {
    const running = setup()
    postInventories(running, 0n)
    goTo(running.world, endOfWork + 40n)
    running.world.send(sealCall(running.network, 0n))
    expect(readEpoch(running, 1n, 'ends_at')).toBe(endOfWork + 40n + 3n)
  })

  it('writes the next epoch by the parameters that hold for it', () => {
    const running = setup()
    const { world, network } = running
    world.write('Network', network.id, {
      next_params_from: 1n,
      'next_params.length': 60,
      'next_params.grace': 7,
      'next_params.round': 9,
    })
    postInventories(running, 0n)
    seal(running, 0n)
    expect(readEpoch(running, 1n, 'ends_at')).toBe(endOfWork + 60n)
    expect(readEpoch(running, 1n, 'grace')).toBe(7n)
    expect(readEpoch(running, 1n, 'round_slots')).toBe(9n)
  })

  it('seats who joined two epochs later, and not who left', () => {
    const running = setup()
    const { world, network } = running
    joinVerifier(world, network, 5n * million)
    world.write('Roster', network.roster, { 'entries.0.exit_epoch': 1n })
    toFinal(running, 0n)
    expect(readEpoch(running, 1n, 'seat_count')).toBe(2n)
    expect(readEpoch(running, 1n, 'seats.0.id')).toBe(1n)
    toFinal({ ...running, verifiers: running.verifiers.slice(1) }, 1n)
    expect(readEpoch(running, 2n, 'seat_count')).toBe(3n)
    expect(readEpoch(running, 2n, 'stake_total')).toBe(7n * million)
    expect(readEpoch(running, 2n, 'seats.2.id')).toBe(3n)
    expect(readEpoch(running, 2n, 'seats.2.active_slot')).toBe(readEpoch(running, 2n, 'ends_at'))
  })

  it('takes activity from the roster to the seats and back', () => {
    const running = setup([million, million, million, million])
    const { verifiers } = running
    const joined = readEntry(running, 3, 'active_slot')
    expect(readEpoch(running, 0n, 'seats.3.active_slot')).toBe(endOfWork)
    postInventories(running, 0n, verifiers.slice(0, 3))
    seal(running, 0n)
    expect(readEntry(running, 0, 'active_slot')).toBe(endOfWork)
    expect(readEntry(running, 3, 'active_slot')).toBe(endOfWork)
    expect(joined).toBeLessThan(endOfWork)
    propose(running, 0n)
    const votedFrom = running.world.slot()
    expect(readEpoch(running, 1n, 'seats.0.active_slot')).toBe(endOfWork)
    vote(running, 0n)
    finalize(running, 0n)
    expect(readEpoch(running, 1n, 'seats.3.active_slot')).toBe(votedFrom)
    const third = { ...running, verifiers: verifiers.slice(1) }
    postInventories(third, 1n)
    seal(third, 1n)
    expect(readEntry(running, 0, 'active_slot')).toBe(votedFrom)
    expect(readEntry(running, 3, 'active_slot')).toBe(readEpoch(running, 1n, 'ends_at'))
  })

  it('seals in order, once, by the accounts whose turn it is', () => {
    const running = setup()
    const { world, network } = running
    expect(world.refusal(sealCall(network, 1n))).toBe('WrongEpoch')
    toFinal(running, 0n)
    expect(world.refusal(sealCall(network, 0n))).toBe('WrongEpoch')
    const call = withAccounts(sealCall(network, 1n), { next_epoch: epochOf(network, 3n) })
    expect(world.refusal(call)).toBe('WrongEpoch')
    const fresh = makeNetwork(world, { name: 3 })
    expect(world.refusal(sealCall(fresh, 0n))).toBe('NotStarted')
  })

  it('wants slot hashes', () => {
    const running = setup()
    postInventories(running, 0n)
    running.world.setSlot(target + 1n)
    running.world.setHashes([])
    expect(running.world.refusal(sealCall(running.network, 0n))).toBe('NoSlotHash')
  })

  it('refuses every account in another place', () => {
    const running = setup()
    const { world, network } = running
    const other = makeNetwork(world, { name: 2 })
    postInventories(running, 0n)
    goTo(world, target + 1n)
    const { expected, actual } = substitutions(world, sealCall(network, 0n), {
      foreign: {
        roster: other.roster,
        epoch: epochOf(other, 0n),
        next_epoch: epochOf(other, 1n),
      },
      elsewhere: {
        network: [other.id, 'NotStarted'],
        epoch: [epochOf(network, 3n), 'WrongEpoch'],
        next_epoch: [epochOf(network, 2n), 'WrongEpoch'],
      },
    })
    expect(actual).toEqual(expected)
  })
})
