import { describe, expect, it } from 'vitest'
import { withAccounts, withArgs } from './support/calls.ts'
import {
  commit,
  epochOf,
  filled,
  holding,
  inventory,
  postCall,
  postInventories,
  type Running,
  readEpoch,
  seal,
  startedNetwork,
  toFinal,
  toSealed,
  unknownSlot,
  voteKeys,
} from './support/epochs.ts'
import { makeJob } from './support/jobs.ts'
import { substitutions } from './support/substitution.ts'
import { World } from './support/world.ts'

const million = 1_000_000n
/** S_1 of a network that starts in slot 1,000. */
const endOfWork = 1_031n

function setup(stakes: readonly bigint[] = [million, million, million]): Running {
  return startedNetwork(new World(), stakes)
}

function keys({ verifiers }: Running): ReturnType<typeof voteKeys> {
  return voteKeys(verifiers)
}

describe('post of inventories', () => {
  it('takes roots of several signers, and reaches its quorum above two thirds', () => {
    const running = setup([million, million, million, million])
    const { world, network } = running
    const [first, second, third, fourth] = keys(running)
    if (!first || !second || !third || !fourth) throw new Error('four verifiers')
    world.setSlot(endOfWork)
    const { events } = world.send(
      postCall(network, {
        number: 0n,
        what: inventory,
        voters: [third, first],
        values: [filled(3), filled(1)],
      }),
    )
    const fields = {
      network: network.id.toBase58(),
      epoch: 0n,
      what: 0n,
      seats: 0b101n,
      job: 2n ** 32n - 1n,
      reached: 0n,
    }
    expect(events).toEqual([{ name: 'Posted', fields }])
    const read = (path: string) => world.read('Epoch', epochOf(network, 0n), path)
    expect(read('inventory_mask')).toBe(0b101n)
    expect(read('seats.0.inventory')).toBe('01'.repeat(32))
    expect(read('seats.2.inventory')).toBe('03'.repeat(32))
    expect(read('seats.2.active_slot')).toBe(endOfWork)
    expect(read('stake_posted')).toBe(2n * million)
    expect(read('quorum_slot')).toBe(0n)
    expect(read('target')).toBe(unknownSlot)
    world.setSlot(endOfWork + 6n)
    const reaching = world.send(postCall(network, { number: 0n, what: inventory, voters: [second] }))
    expect(reaching.events[0]?.fields['reached']).toBe(1n)
    expect(read('quorum_slot')).toBe(endOfWork + 6n)
    expect(read('target')).toBe(endOfWork + 7n)
    const after = world.send(postCall(network, { number: 0n, what: inventory, voters: [fourth] }))
    expect(after.events[0]?.fields['reached']).toBe(0n)
    expect(read('quorum_slot')).toBe(endOfWork + 6n)
  })

  it('is no quorum at exactly two thirds', () => {
    const running = setup()
    postInventories(running, 0n, running.verifiers.slice(0, 2))
    expect(readEpoch(running, 0n, 'stake_posted')).toBe(2n * million)
    expect(readEpoch(running, 0n, 'quorum_slot')).toBe(0n)
  })

  it('aims at the end of grace and inventory when all is early', () => {
    const running = setup()
    postInventories(running, 0n)
    expect(readEpoch(running, 0n, 'target')).toBe(endOfWork + 5n)
  })

  it('has its window: from the end of work to the target', () => {
    const running = setup()
    const { world, network } = running
    const [first] = keys(running)
    const call = postCall(network, { number: 0n, what: inventory, voters: first ? [first] : [] })
    world.setSlot(endOfWork - 1n)
    expect(world.refusal(call)).toBe('PostTooEarly')
    world.setSlot(endOfWork)
    expect(world.refusal(call)).toBe('accepted')
    postInventories(running, 0n, running.verifiers.slice(1))
    world.write('Epoch', epochOf(network, 0n), { quorum_slot: endOfWork, target: endOfWork + 5n })
    world.setSlot(endOfWork + 4n)
    expect(world.refusal(call)).toBe('accepted')
    world.setSlot(endOfWork + 5n)
    expect(world.refusal(call)).toBe('PostTooLate')
  })

  it('is over when the epoch is sealed or final, and has not begun in the next one', () => {
    const running = setup()
    const { world, network } = running
    const voters = keys(running).slice(0, 1)
    const call = postCall(network, { number: 0n, what: inventory, voters })
    const next = postCall(network, { number: 1n, what: inventory, voters })
    expect(world.refusal(next)).toBe('PostTooEarly')
    toSealed(running, 0n)
    expect(world.refusal(call)).toBe('PostTooLate')
    expect(world.refusal(next)).toBe('PostTooEarly')
    world.write('Epoch', epochOf(network, 0n), { state: 3 })
    expect(world.refusal(call)).toBe('EpochFinal')
  })

  it('does not count the stake of dropped seats', () => {
    const running = setup()
    running.world.write('Epoch', epochOf(running.network, 0n), {
      dropped_mask: 1n,
      stake_counted: 2n * million,
    })
    postInventories(running, 0n)
    expect(readEpoch(running, 0n, 'stake_posted')).toBe(2n * million)
    expect(readEpoch(running, 0n, 'inventory_mask')).toBe(0b111n)
  })

  it('takes each once, from seats alone', () => {
    const running = setup()
    const { world, network } = running
    const [first, second] = keys(running)
    if (!first || !second) throw new Error('two verifiers')
    world.setSlot(endOfWork)
    const call = (...voters: (typeof first)[]) => postCall(network, { number: 0n, what: inventory, voters })
    expect(world.refusal(call(first, first))).toBe('AlreadyPosted')
    expect(world.refusal(call(first, world.key()))).toBe('NotSeated')
    world.send(call(first))
    expect(world.refusal(call(first))).toBe('AlreadyPosted')
    expect(world.refusal(call(second, first))).toBe('AlreadyPosted')
    expect(world.refusal(call(second))).toBe('accepted')
  })

  it('wants one value a voter, and no job', () => {
    const running = setup()
    const { world, network } = running
    const job = makeJob(world, network)
    const voters = keys(running).slice(0, 2)
    world.setSlot(endOfWork)
    const call = postCall(network, { number: 0n, what: inventory, voters })
    expect(world.refusal(withArgs(call, { values: [filled(1)] }))).toBe('WrongWhat')
    expect(world.refusal(withArgs(call, { values: [filled(1), filled(2), filled(3)] }))).toBe('WrongWhat')
    expect(world.refusal(withArgs(call, { what: 3 }))).toBe('WrongWhat')
    expect(world.refusal(withAccounts(call, { job: job.address }))).toBe('WrongWhat')
    expect(world.refusal(call)).toBe('accepted')
  })

  it('wants one to eight voters, and the epoch that it names', () => {
    const running = setup(Array.from({ length: 9 }, () => million))
    const { world, network } = running
    world.setSlot(endOfWork)
    const call = (count: number) =>
      postCall(network, { number: 0n, what: holding, voters: keys(running).slice(0, count) })
    expect(world.refusal(call(0))).toBe('WrongAccountCount')
    expect(world.refusal(call(9))).toBe('WrongAccountCount')
    const voters = keys(running).slice(0, 1)
    const post = postCall(network, { number: 0n, what: inventory, voters })
    expect(world.refusal(withArgs(post, { number: 4n }))).toBe('WrongEpoch')
  })

  it('refuses every account in another place', () => {
    const running = setup()
    const { world, network } = running
    world.setSlot(endOfWork)
    const voters = keys(running).slice(0, 2)
    const call = postCall(network, { number: 0n, what: inventory, voters })
    const { expected, actual } = substitutions(world, call, {
      elsewhere: { epoch: [epochOf(network, 1n), 'WrongEpoch'] },
    })
    expect(actual).toEqual(expected)
  })
})

describe('post of report commits', () => {
  it('has its window after the challenge, and takes each once', () => {
    const running = setup()
    const { world, network } = running
    const voters = keys(running).slice(1, 3)
    const call = postCall(network, { number: 0n, what: commit, voters, values: [filled(8), filled(9)] })
    postInventories(running, 0n)
    expect(world.refusal(call)).toBe('NotSealed')
    seal(running, 0n)
    const from = readEpoch(running, 0n, 'sealed_slot') + 8n
    world.setSlot(from - 1n)
    expect(world.refusal(call)).toBe('PostTooEarly')
    world.setSlot(from)
    const { events } = world.send(call)
    expect(events[0]?.fields).toMatchObject({ what: 1n, seats: 0b110n, reached: 0n })
    expect(world.read('Epoch', epochOf(network, 0n), 'seats.2.commit')).toBe('09'.repeat(32))
    expect(readEpoch(running, 0n, 'seats.2.active_slot')).toBe(from)
    expect(readEpoch(running, 0n, 'commit_mask')).toBe(0b110n)
    expect(world.refusal(call)).toBe('AlreadyPosted')
    const last = postCall(network, { number: 0n, what: commit, voters: keys(running).slice(0, 1) })
    world.setSlot(from + 2n)
    expect(world.refusal(last)).toBe('accepted')
    world.setSlot(from + 3n)
    expect(world.refusal(last)).toBe('PostTooLate')
  })

  it('is over when the epoch is final', () => {
    const running = setup()
    const call = postCall(running.network, { number: 0n, what: commit, voters: keys(running).slice(0, 1) })
    toFinal(running, 0n)
    expect(running.world.refusal(call)).toBe('EpochFinal')
  })
})
