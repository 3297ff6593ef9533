import { describe, expect, it } from 'vitest'
import type { Call } from './support/encode.ts'
import {
  epochOf,
  finalize,
  goTo,
  inventory,
  postCall,
  postInventories,
  propose,
  type Running,
  readEpoch,
  seal,
  startedNetwork,
  toFinal,
  vote,
  voteKeys,
} from './support/epochs.ts'
import { makeNetwork } from './support/network.ts'
import { substitutions } from './support/substitution.ts'
import { World } from './support/world.ts'

const million = 1_000_000n
/** inactive_epochs times L of the local preset. */
const patience = 150n
/** S_1 of a network that starts in slot 1,000: newcomers count as active until then. */
const endOfWork = 1_031n
/** grace + inventory of the local preset: everybody can post until then. */
const toPost = 5n

function setup(): Running {
  return startedNetwork(new World(), [million, million, million, million])
}

function dropCall({ network }: Running, seats: bigint, number = 0n): Call {
  return {
    name: 'drop_inactive',
    accounts: { network: network.id, epoch: epochOf(network, number) },
    args: { number, seats },
  }
}

/** Two of four post their inventories, and then nothing happens until the others may be dropped. */
function stalled(): Running {
  const running = setup()
  postInventories(running, 0n, running.verifiers.slice(0, 2))
  goTo(running.world, endOfWork + patience)
  return running
}

describe('drop_inactive', () => {
  it('takes a seat out of the quorums of this epoch', () => {
    const running = stalled()
    const { world, network } = running
    const { events } = world.send(dropCall(running, 0b1000n))
    const fields = {
      network: network.id.toBase58(),
      epoch: 0n,
      seats: 0b1000n,
      stake_counted: 3n * million,
    }
    expect(events).toEqual([{ name: 'Dropped', fields }])
    expect(readEpoch(running, 0n, 'dropped_mask')).toBe(0b1000n)
    expect(readEpoch(running, 0n, 'stake_counted')).toBe(3n * million)
    expect(readEpoch(running, 0n, 'stake_total')).toBe(4n * million)
  })

  it('lets a network go on that a third of stake has left, and who returns counts in the next epoch', () => {
    const running = stalled()
    const { world } = running
    const staying = { ...running, verifiers: running.verifiers.slice(0, 2) }
    expect(readEpoch(running, 0n, 'quorum_slot')).toBe(0n)
    world.send(dropCall(running, 0b1100n))
    expect(readEpoch(running, 0n, 'quorum_slot')).toBe(endOfWork + patience)
    expect(readEpoch(running, 0n, 'target')).toBe(endOfWork + patience + 1n)
    seal(running, 0n)
    propose(running, 0n)
    vote(staying, 0n)
    finalize(running, 0n)
    expect(readEpoch(running, 1n, 'stake_counted')).toBe(4n * million)
    postInventories(running, 1n)
    expect(readEpoch(running, 1n, 'stake_posted')).toBe(4n * million)
  })

  it('makes the quorum of votes when the silent ones are dropped', () => {
    const running = setup()
    const { world } = running
    postInventories(running, 0n)
    seal(running, 0n)
    propose(running, 0n)
    vote(running, 0n, running.verifiers.slice(0, 2))
    goTo(world, world.slot() + patience)
    expect(readEpoch(running, 0n, 'voted_slot')).toBe(0n)
    world.send(dropCall(running, 0b1100n))
    expect(readEpoch(running, 0n, 'voted_slot')).toBe(world.slot())
    expect(finalize(running, 0n).events[0]?.name).toBe('Finalized')
  })

  it('takes back what a dropped seat had posted, and spares who has voted', () => {
    const running = setup()
    const { world } = running
    postInventories(running, 0n)
    seal(running, 0n)
    propose(running, 0n)
    vote(running, 0n, running.verifiers.slice(0, 2))
    goTo(world, world.slot() + patience)
    expect(world.refusal(dropCall(running, 0b0001n))).toBe('NotInactive')
    world.send(dropCall(running, 0b0100n))
    expect(readEpoch(running, 0n, 'stake_posted')).toBe(3n * million)
    expect(readEpoch(running, 0n, 'stake_voted')).toBe(2n * million)
    expect(readEpoch(running, 0n, 'voted_slot')).toBe(0n)
  })

  it('waits inactive_epochs times L slots, for newcomers from the end of their first work', () => {
    const running = stalled()
    const { world } = running
    world.setSlot(endOfWork + patience - 1n)
    expect(world.refusal(dropCall(running, 0b1000n))).toBe('NotInactive')
    world.setSlot(endOfWork + patience)
    expect(world.refusal(dropCall(running, 0b1000n))).toBe('accepted')
  })

  it('knows who posted or voted in the epochs before', () => {
    const running = setup()
    const { world, verifiers } = running
    const staying = { ...running, verifiers: verifiers.slice(0, 3) }
    for (let number = 0n; number < 5n; number++) toFinal(staying, number)
    goTo(world, readEpoch(running, 5n, 'ends_at') + toPost)
    expect(world.slot()).toBeGreaterThan(endOfWork + patience - 1n)
    expect(world.refusal(dropCall(running, 0b0001n, 5n))).toBe('NotInactive')
    expect(world.refusal(dropCall(running, 0b1000n, 5n))).toBe('accepted')
  })

  it('spares everybody until the time for posts is over, so that nobody who stalls can drop the others for it', () => {
    const running = setup()
    const { world, verifiers } = running
    const [prompt, late] = [verifiers.slice(0, 2), verifiers.slice(2)]
    postInventories(running, 0n, prompt)
    goTo(world, endOfWork + patience - 1n)
    postInventories(running, 0n, late)
    seal(running, 0n)
    const endsAt = readEpoch(running, 1n, 'ends_at')
    expect(world.refusal(dropCall(running, 0b0011n, 1n))).toBe('NotInactive')
    goTo(world, endsAt + toPost - 1n)
    expect(world.refusal(dropCall(running, 0b0011n, 1n))).toBe('NotInactive')
    postInventories(running, 1n, prompt)
    goTo(world, endsAt + 10n * patience)
    expect(world.refusal(dropCall(running, 0b0011n, 1n))).toBe('NotInactive')
    expect(world.refusal(dropCall(running, 0b1100n, 1n))).toBe('accepted')
  })

  it('names seats that are there, inactive, and not dropped yet', () => {
    const running = stalled()
    const { world } = running
    expect(world.refusal(dropCall(running, 0n))).toBe('NotInactive')
    expect(world.refusal(dropCall(running, 0b11000n))).toBe('NotInactive')
    expect(world.refusal(dropCall(running, 1n << 63n))).toBe('NotInactive')
    world.send(dropCall(running, 0b1000n))
    expect(world.refusal(dropCall(running, 0b1000n))).toBe('NotInactive')
  })

  it('spares who posts at last', () => {
    const running = setup()
    const { world, network } = running
    goTo(world, endOfWork + patience)
    expect(world.refusal(dropCall(running, 0b1000n))).toBe('accepted')
    const voters = voteKeys(running.verifiers).slice(3)
    world.send(postCall(network, { number: 0n, what: inventory, voters }))
    expect(world.refusal(dropCall(running, 0b1000n))).toBe('NotInactive')
  })

  it('spares who has posted, however long the others take', () => {
    const running = stalled()
    const { world } = running
    goTo(world, endOfWork + 10n * patience)
    expect(world.refusal(dropCall(running, 0b0001n))).toBe('NotInactive')
    postInventories(running, 0n, running.verifiers.slice(2, 3))
    seal(running, 0n)
    // Who never posted is gone at once; who did has to miss the rounds as well.
    expect(world.refusal(dropCall(running, 0b1000n))).toBe('accepted')
    expect(world.refusal(dropCall(running, 0b0001n))).toBe('NotInactive')
    const roundsFrom = readEpoch(running, 0n, 'round_from')
    goTo(world, roundsFrom + patience - 1n)
    expect(world.refusal(dropCall(running, 0b0001n))).toBe('NotInactive')
    goTo(world, roundsFrom + patience)
    expect(world.refusal(dropCall(running, 0b0001n))).toBe('accepted')
  })

  it('does not count the time of a pause', () => {
    const running = stalled()
    const { world, network } = running
    const until = world.slot() + 40n
    world.write('Network', network.id, { pause_until: until })
    expect(world.refusal(dropCall(running, 0b1000n))).toBe('NotInactive')
    world.setSlot(until + patience - 1n)
    expect(world.refusal(dropCall(running, 0b1000n))).toBe('NotInactive')
    world.setSlot(until + patience)
    expect(world.refusal(dropCall(running, 0b1000n))).toBe('accepted')
  })

  it('leaves at least half of the stake', () => {
    const running = setup()
    goTo(running.world, endOfWork + patience)
    expect(running.world.refusal(dropCall(running, 0b0111n))).toBe('TooFewLeft')
    expect(running.world.refusal(dropCall(running, 0b0110n))).toBe('accepted')
    running.world.send(dropCall(running, 0b0110n))
    expect(running.world.refusal(dropCall(running, 0b0001n))).toBe('TooFewLeft')
  })

  it('is refused when there is a quorum, or the epoch is final', () => {
    const running = setup()
    const { world } = running
    postInventories(running, 0n, running.verifiers.slice(0, 3))
    goTo(world, endOfWork + patience)
    expect(world.refusal(dropCall(running, 0b1000n))).toBe('QuorumReached')
    seal(running, 0n)
    expect(world.refusal(dropCall(running, 0b1000n))).toBe('accepted')
    propose(running, 0n)
    vote(running, 0n, running.verifiers.slice(0, 3))
    goTo(world, world.slot() + patience)
    expect(world.refusal(dropCall(running, 0b1000n))).toBe('QuorumReached')
    finalize(running, 0n)
    expect(world.refusal(dropCall(running, 0b1000n))).toBe('EpochFinal')
  })

  it('refuses every account in another place', () => {
    const running = stalled()
    const { world, network } = running
    const other = makeNetwork(world, { name: 2 })
    const { expected, actual } = substitutions(world, dropCall(running, 0b1000n), {
      foreign: { epoch: epochOf(other, 0n) },
      elsewhere: {
        network: [other.id, 'WrongNetwork'],
        epoch: [epochOf(network, 1n), 'WrongEpoch'],
      },
    })
    expect(actual).toEqual(expected)
  })
})
