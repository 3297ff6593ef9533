// What the steps of an epoch cost with all 64 seats taken, against the bars of the design.
import { describe, expect, it } from 'vitest'
import {
  finalize,
  goTo,
  inventory,
  postCall,
  postInventories,
  propose,
  type Running,
  readEpoch,
  seal,
  startCall,
  startedNetwork,
  vote,
  voteCall,
  voteKeys,
} from './support/epochs.ts'
import { joinVerifier, makeNetwork } from './support/network.ts'
import { World } from './support/world.ts'

const seats = 64
const mostForPostsOrVotes = 30_000n
const mostForSeal = 60_000n
const mostBytes = 1_232
/** What a transaction of one instruction may use without asking for more. */
const mostWithoutAsking = 200_000n
/** Stakes whose weights have to be shifted, so that this is paid for, too. */
const stake = 2n ** 50n

function full(): Running {
  return startedNetwork(
    new World(),
    Array.from({ length: seats }, () => stake),
  )
}

/** The last places, which take longest to find. */
function lastKeys({ verifiers }: Running, count: number): ReturnType<typeof voteKeys> {
  return voteKeys(verifiers).slice(-count)
}

describe('an epoch of 64 verifiers', () => {
  it('takes seven posts or ten votes in a transaction, below their bars', () => {
    const running = full()
    const { world, network, verifiers } = running
    postInventories(running, 0n, verifiers.slice(0, -7))
    const posts = world.send(postCall(network, { number: 0n, what: inventory, voters: lastKeys(running, 7) }))
    expect(posts.computeUnits).toBeLessThanOrEqual(mostForPostsOrVotes)
    expect(posts.bytes).toBeLessThanOrEqual(mostBytes)
    seal(running, 0n)
    propose(running, 0n)
    vote(running, 0n, verifiers.slice(0, -10))
    const votes = world.send(voteCall(running, 0n, lastKeys(running, 10)))
    expect(votes.computeUnits).toBeLessThanOrEqual(mostForPostsOrVotes)
    expect(votes.bytes).toBeLessThanOrEqual(mostBytes)
  })

  it('is sealed below its bar, however far the hash has to be searched', () => {
    const running = full()
    postInventories(running, 0n)
    expect(seal(running, 0n).computeUnits).toBeLessThanOrEqual(mostForSeal)
    const late = full()
    postInventories(late, 0n)
    goTo(late.world, readEpoch(late, 0n, 'target') + 400n)
    const skipping = Array.from({ length: 512 }, (_, place) => late.world.slot() - 1n - BigInt(place))
    late.world.setHashes(skipping.filter((slot) => slot % 3n !== 0n))
    expect(seal(late, 0n).computeUnits).toBeLessThanOrEqual(mostForSeal)
  })

  it('never has to ask for more than an instruction gets', () => {
    const world = new World()
    const network = makeNetwork(world)
    const verifiers = Array.from({ length: seats }, () => joinVerifier(world, network, stake))
    const running = { world, network, verifiers }
    expect(world.send(startCall(network)).computeUnits).toBeLessThanOrEqual(mostWithoutAsking)
    postInventories(running, 0n)
    seal(running, 0n)
    expect(propose(running, 0n).computeUnits).toBeLessThanOrEqual(mostWithoutAsking)
    vote(running, 0n)
    expect(finalize(running, 0n).computeUnits).toBeLessThanOrEqual(mostWithoutAsking)
  })
})
