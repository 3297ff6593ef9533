import type { PublicKey } from '@solana/web3.js'
import { describe, expect, it } from 'vitest'
import type { Call } from './support/encode.ts'
import {
  epochOf,
  filled,
  holding,
  postCall,
  type Running,
  readEpoch,
  startedNetwork,
  toFinal,
  toSealed,
  voteKeys,
} from './support/epochs.ts'
import { type Job, makeJob } from './support/jobs.ts'
import { makeNetwork } from './support/network.ts'
import { substitutions } from './support/substitution.ts'
import { World } from './support/world.ts'

const million = 1_000_000n
const maxHolders = 64

type Setup = { readonly running: Running; readonly world: World; readonly job: Job }

function setup(stakes: readonly bigint[] = [million, million, million]): Setup {
  const world = new World()
  const running = startedNetwork(world, stakes)
  return { running, world, job: makeJob(world, running.network) }
}

/** The verifiers at these places say that they hold the job. */
function hold({ running, job }: Setup, places: readonly number[], number = 0n): Call {
  const keys = voteKeys(running.verifiers)
  const voters = places.flatMap((place): readonly PublicKey[] => keys.slice(place, place + 1))
  return postCall(running.network, { number, what: holding, voters, job: job.address })
}

function readJob({ world, job }: Setup, path: string): bigint {
  return world.integer('Job', job.address, path)
}

describe('post of holdings', () => {
  it('opens a job above a third of stake, and not at a third', () => {
    const made = setup()
    const { world, running } = made
    const first = world.send(hold(made, [1]))
    const fields = {
      network: running.network.id.toBase58(),
      epoch: 0n,
      what: 2n,
      seats: 0b10n,
      job: 0n,
      reached: 0n,
    }
    expect(first.events).toEqual([{ name: 'Posted', fields }])
    expect(readJob(made, 'open_slot')).toBe(0n)
    expect(readJob(made, 'holder_count')).toBe(1n)
    expect(readJob(made, 'holders.0')).toBe(1n)
    const second = world.send(hold(made, [2]))
    expect(second.events[0]?.fields).toMatchObject({ seats: 0b100n, reached: 1n })
    expect(readJob(made, 'open_slot')).toBe(world.slot())
    expect(readJob(made, 'holder_count')).toBe(2n)
    expect(world.refusal(hold(made, [0]))).toBe('JobOpen')
  })

  it('is no sign of activity: nobody stays by jobs of its own while it holds up an epoch', () => {
    const made = setup()
    const { world, running } = made
    const before = readEpoch(running, 0n, 'seats.1.active_slot')
    world.setSlot(before + 100n)
    world.send(hold(made, [1]))
    expect(readEpoch(running, 0n, 'seats.1.active_slot')).toBe(before)
  })

  it('takes many at once, each once', () => {
    const made = setup([million, million, million, million, million, million, million, million])
    const { world } = made
    expect(world.refusal(hold(made, [1, 1]))).toBe('AlreadyPosted')
    world.send(hold(made, [0, 1]))
    expect(world.refusal(hold(made, [2, 1]))).toBe('AlreadyPosted')
    expect(world.send(hold(made, [7])).events[0]?.fields['reached']).toBe(1n)
  })

  it('weighs the holders by the epoch that is named, without dropped seats', () => {
    const made = setup([million, million, million, million])
    const { world, running } = made
    const epoch = epochOf(running.network, 0n)
    world.write('Epoch', epoch, { dropped_mask: 0b1n, stake_counted: 3n * million })
    expect(world.send(hold(made, [0, 1])).events[0]?.fields['reached']).toBe(0n)
    toSealed(running, 0n)
    // All four count again in the next epoch: two of them are more than a third, with or without a third one.
    expect(world.send(hold(made, [3], 1n)).events[0]?.fields['reached']).toBe(1n)
  })

  it('is refused for a closed job, a final epoch, strangers, values, and without a job', () => {
    const made = setup()
    const { world, running, job } = made
    const { network } = running
    const stranger = postCall(network, { number: 0n, what: holding, voters: [world.key()], job: job.address })
    expect(world.refusal(stranger)).toBe('NotSeated')
    const voters = voteKeys(running.verifiers).slice(0, 1)
    const post = { number: 0n, what: holding, voters }
    expect(world.refusal(postCall(network, post))).toBe('WrongWhat')
    expect(world.refusal(postCall(network, { ...post, job: job.address, values: [filled(1)] }))).toBe(
      'WrongWhat',
    )
    world.write('Job', job.address, { close_slot: 999n })
    expect(world.refusal(hold(made, [0]))).toBe('JobClosed')
    world.write('Job', job.address, { close_slot: 0n })
    toFinal(running, 0n)
    expect(world.refusal(hold(made, [0]))).toBe('EpochFinal')
    expect(world.refusal(hold(made, [0], 1n))).toBe('accepted')
  })

  it('makes room for a newcomer among those who left, in a full list', () => {
    const made = setup()
    const { world, job } = made
    const gone = Array.from({ length: maxHolders }, (_, at) => 100 + at)
    world.write('Job', job.address, { holder_count: maxHolders, holders: gone.with(5, 0) })
    world.send(hold(made, [2]))
    expect(readJob(made, 'holder_count')).toBe(64n)
    expect(readJob(made, 'holders.0')).toBe(2n)
    expect(readJob(made, 'holders.5')).toBe(0n)
    expect(readJob(made, 'open_slot')).toBe(world.slot())
  })

  it('refuses a list full of those who are there', () => {
    const made = setup()
    const { world, job } = made
    world.write('Job', job.address, { holder_count: maxHolders, holders: Array(maxHolders).fill(0) })
    expect(world.refusal(hold(made, [2]))).toBe('TooManyHolders')
  })

  it('refuses every account in another place', () => {
    const made = setup()
    const { world, running } = made
    const other = makeNetwork(world, { name: 2 })
    const { expected, actual } = substitutions(world, hold(made, [0, 1]), {
      foreign: { job: makeJob(world, other).address },
      elsewhere: { epoch: [epochOf(running.network, 1n), 'WrongEpoch'] },
    })
    expect(actual).toEqual(expected)
  })
})
