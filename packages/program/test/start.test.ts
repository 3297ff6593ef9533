import { describe, expect, it } from 'vitest'
import { withAccounts } from './support/calls.ts'
import { startCall, startedNetwork, unknownSlot } from './support/epochs.ts'
import { sha256, tag } from './support/ledger.ts'
import { joinVerifier, makeNetwork, type Network } from './support/network.ts'
import { substitutions } from './support/substitution.ts'
import { slotHash, World } from './support/world.ts'

const slot = 1_000n

function setup(): { readonly world: World; readonly network: Network } {
  const world = new World()
  return { world, network: makeNetwork(world) }
}

function seedOf(network: Network, number: bigint): string {
  const epoch = Buffer.alloc(8)
  epoch.writeBigInt64LE(number)
  const hash = slotHash(slot - 1n).toBytes()
  return Buffer.from(sha256(tag('pw/seed'), hash, network.id.toBytes(), epoch)).toString('hex')
}

describe('start', () => {
  it('fixes the first two starts, the first snapshot and the seeds before it', () => {
    const { world, network } = setup()
    const first = joinVerifier(world, network, 3_000_000n)
    const second = joinVerifier(world, network, 1_000_000n)
    const { events } = world.send(startCall(network))
    const fields = { network: network.id.toBase58(), starts_at: slot + 1n, ends_at: slot + 31n }
    expect(events).toEqual([{ name: 'Started', fields }])
    const read = (ring: 0 | 1 | 2 | 3, path: string) => world.read('Epoch', network.epochs[ring], path)
    expect(world.read('Network', network.id, 'started')).toBe(1n)
    expect(world.read('Network', network.id, 'next_seal')).toBe(0n)
    expect(world.read('Network', network.id, 'starts.0')).toBe(slot + 1n)
    expect(world.read('Network', network.id, 'starts.1')).toBe(slot + 31n)
    const each = (path: string) => network.epochs.map((epoch) => world.read('Epoch', epoch, path))
    expect(each('number')).toEqual([0n, 1n, -2n, -1n])
    expect(each('state')).toEqual([1n, 0n, 3n, 3n])
    expect(read(2, 'seed')).toBe(seedOf(network, -2n))
    expect(read(3, 'seed')).toBe(seedOf(network, -1n))
    expect(read(1, 'starts_at')).toBe(slot + 31n)
    expect(read(1, 'ends_at')).toBe(unknownSlot)
    expect(read(0, 'starts_at')).toBe(slot + 1n)
    expect(read(0, 'ends_at')).toBe(slot + 31n)
    expect(read(0, 'target')).toBe(unknownSlot)
    expect(read(0, 'previous_final_slot')).toBe(slot)
    expect(read(0, 'round_slots')).toBe(4n)
    expect(read(0, 'seat_count')).toBe(2n)
    expect(read(0, 'stake_total')).toBe(4_000_000n)
    expect(read(0, 'stake_counted')).toBe(4_000_000n)
    expect(read(0, 'weight_total')).toBe(4_000_000n)
    expect(read(0, 'seats.0.id')).toBe(BigInt(first.id))
    expect(read(0, 'seats.0.weight')).toBe(3_000_000n)
    expect(read(0, 'seats.1.vote_key')).toBe(second.voteKey.toBase58())
    expect(read(0, 'seats.1.stake')).toBe(1_000_000n)
    expect(read(0, 'seats.1.active_slot')).toBe(slot + 31n)
  })

  it('seats all 64 of a full roster, with weights whose sum has 32 bits', () => {
    const world = new World()
    const stake = 2n ** 53n
    const { network } = startedNetwork(
      world,
      Array.from({ length: 64 }, () => stake),
    )
    const [epoch] = network.epochs
    expect(world.read('Epoch', epoch, 'seat_count')).toBe(64n)
    expect(world.read('Epoch', epoch, 'stake_total')).toBe(64n * stake)
    expect(world.read('Epoch', epoch, 'weight_total')).toBe(2n ** 31n)
    expect(world.read('Epoch', epoch, 'seats.63.weight')).toBe(2n ** 25n)
  })

  it('refuses every account in another place', () => {
    const { world, network } = setup()
    const other = makeNetwork(world, { name: 2 })
    joinVerifier(world, network)
    const [epoch_0, epoch_1, epoch_2, epoch_3] = network.epochs
    const [foreign_0, foreign_1, foreign_2, foreign_3] = other.epochs
    const { expected, actual } = substitutions(world, startCall(network), {
      foreign: {
        roster: other.roster,
        epoch_0: foreign_0,
        epoch_1: foreign_1,
        epoch_2: foreign_2,
        epoch_3: foreign_3,
      },
      elsewhere: {
        network: [other.id, 'NotAuthority'],
        epoch_0: [epoch_1, 'SameAccountTwice'],
        epoch_1: [epoch_2, 'SameAccountTwice'],
        epoch_2: [epoch_3, 'SameAccountTwice'],
        epoch_3: [epoch_0, 'SameAccountTwice'],
      },
    })
    expect(actual).toEqual(expected)
    const swapped = withAccounts(startCall(network), { epoch_0: epoch_1, epoch_1: epoch_0 })
    expect(world.refusal(swapped)).toBe('WrongEpoch')
    const swappedLast = withAccounts(startCall(network), { epoch_2: epoch_3, epoch_3: epoch_2 })
    expect(world.refusal(swappedLast)).toBe('WrongEpoch')
  })

  it('is for the authority, once, with at least one verifier', () => {
    const { world, network } = setup()
    expect(world.refusal(startCall(network))).toBe('NoVerifiers')
    joinVerifier(world, network)
    const call = startCall(network)
    expect(world.refusal(withAccounts(call, { authority: world.key() }))).toBe('NotAuthority')
    world.send(call)
    expect(world.refusal(call)).toBe('AlreadyStarted')
  })

  it('wants slot hashes', () => {
    const { world, network } = setup()
    joinVerifier(world, network)
    world.setHashes([])
    expect(world.refusal(startCall(network))).toBe('NoSlotHash')
  })
})
