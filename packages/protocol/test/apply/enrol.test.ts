// Step 2: who enters, renews and leaves.
import { World } from '@piecework/testkit'
import { describe, expect, test } from 'vitest'
import type { EnrolmentInput } from '../../src/inputs.ts'
import type { NodeRecord } from '../../src/state/state.ts'
import { at } from '../support/chain.ts'
import { enrolmentOf, entering } from '../support/entering.ts'
import { takers } from '../support/worlds.ts'

const KEY = new Uint8Array(32).fill(1)
const WALLET = new Uint8Array(32).fill(2)
const OTHER_KEY = new Uint8Array(32).fill(3)
const OTHER_WALLET = new Uint8Array(32).fill(4)

function emptyWorld(maxEnrolments = 10): World {
  return new World({
    name: 'enrol',
    params: { maxEnrolments },
    verifiers: [{ stake: 34n }, { stake: 33n }, { stake: 33n }],
  })
}

/** The nodes after each of these lists has entered, an epoch each. */
function nodesAfter(...epochs: readonly (readonly EnrolmentInput[])[]): readonly NodeRecord[] {
  return worldAfter(...epochs).state.nodes
}

function worldAfter(...epochs: readonly (readonly EnrolmentInput[])[]): World {
  const world = emptyWorld()
  for (const enrolments of epochs) world.apply(entering(world.prepare(), enrolments))
  return world
}

describe('a newcomer', () => {
  test('enters with its wallet, without a bond', () => {
    const [node] = nodesAfter([enrolmentOf({})])
    expect(node).toMatchObject({ nodeKey: KEY, owner: 0, bond: 0n, vouched: 0n, nonce: 1n, enrolledAt: 0 })
  })

  test('shares the owner with other nodes of its wallet', () => {
    const nodes = nodesAfter(
      [enrolmentOf({})],
      [enrolmentOf({ nodeKey: OTHER_KEY }), enrolmentOf({ nodeKey: WALLET, wallet: OTHER_WALLET })],
    )
    expect(nodes.map(({ owner }) => owner).sort()).toEqual([0, 0, 1])
  })

  test('does not enter without its wallet, nor to leave', () => {
    expect(nodesAfter([enrolmentOf({}, { byWallet: false })])).toEqual([])
    expect(nodesAfter([enrolmentOf({ kinds: [] })])).toEqual([])
  })

  test('is admitted when more than a third of stake lists it', () => {
    const world = emptyWorld()
    world.apply(entering(world.prepare(), [enrolmentOf({})], [1]))
    expect(world.state.nodes).toHaveLength(0)
    world.apply(entering(world.prepare(), [enrolmentOf({})], [0]))
    expect(world.state.nodes).toHaveLength(1)
  })

  test('comes before others by its stamp, when not all can enter', () => {
    const world = emptyWorld(2)
    const keys = [7, 8, 9].map((fill) => new Uint8Array(32).fill(fill))
    const stamps = [3, 1, 2]
    const crowd = keys.map((nodeKey, i) => enrolmentOf({ nodeKey }, { stamp: at(stamps, i) }))
    world.apply(entering(world.prepare(), crowd))
    expect(world.state.nodes.map(({ nodeKey }) => nodeKey)).toEqual([keys[1], keys[2]])
  })

  test('does not enter with a stamp that its epoch asks more of', () => {
    const world = new World({ name: 'stamps', params: { stampBits: 6 } })
    const weak = enrolmentOf({}, { stamp: 4 })
    const strong = enrolmentOf({ nodeKey: OTHER_KEY }, { stamp: 3 })
    world.apply(entering(world.prepare(), [weak, strong]))
    expect(world.state.nodes.map(({ nodeKey }) => nodeKey)).toEqual([OTHER_KEY])
  })

  test('can be dealt to three epochs later', () => {
    const world = worldAfter([enrolmentOf({})])
    const inWorkforce = world.state.workforces.map((one) => [one.epoch, takers(one).length])
    expect(inWorkforce).toEqual([
      [1, 0],
      [2, 0],
      [3, 1],
    ])
  })
})

describe('a renewal', () => {
  const more = { kinds: [{ kind: 1, capacity: 50 }], nonce: 2n }

  test('changes what the node does, by its key alone', () => {
    const [node, ...others] = nodesAfter([enrolmentOf({})], [enrolmentOf(more, { byWallet: false })])
    expect(node).toMatchObject({ kinds: more.kinds, nonce: 2n, owner: 0, enrolledAt: 1 })
    expect(others).toEqual([])
  })

  test('needs a higher number', () => {
    const [node] = nodesAfter([enrolmentOf({ nonce: 2n })], [enrolmentOf(more)])
    expect(node).toMatchObject({ kinds: [{ kind: 1, capacity: 5 }], enrolledAt: 0 })
  })

  test('cannot give the node to another wallet', () => {
    const world = worldAfter([enrolmentOf({})], [enrolmentOf({ ...more, wallet: OTHER_WALLET })])
    expect(world.state.owners.map(({ wallet }) => wallet)).toEqual([WALLET])
    expect(at(world.state.nodes, 0)).toMatchObject({ owner: 0, nonce: 1n })
  })

  test('that changes nothing takes no place from a newcomer, however good its stamp', () => {
    const newcomer = enrolmentOf({ nodeKey: OTHER_KEY }, { stamp: 9 })
    const old = enrolmentOf({}, { stamp: 0 })
    const world = emptyWorld(1)
    world.apply(entering(world.prepare(), [old]))
    world.apply(entering(world.prepare(), [old, newcomer]))
    expect(world.state.nodes).toHaveLength(2)
  })

  test('of one epoch counts by its highest number, and two of one number count for nothing', () => {
    const third = enrolmentOf({ kinds: [{ kind: 1, capacity: 3 }], nonce: 3n })
    const [node] = nodesAfter([enrolmentOf({})], [enrolmentOf(more), third])
    expect(node).toMatchObject({ nonce: 3n, kinds: [{ capacity: 3 }] })
    const contested = [enrolmentOf({ nonce: 3n }), enrolmentOf({ nonce: 3n, minAmount: 1n }, { stamp: 1 })]
    expect(nodesAfter([enrolmentOf({})], contested)).toMatchObject([{ nonce: 1n }])
  })

  test('without kinds is leaving: nothing more is dealt to the node', () => {
    const world = worldAfter([enrolmentOf({})], [enrolmentOf({ kinds: [], nonce: 2n })])
    expect(takers(at(world.state.workforces, 2))).toEqual([])
    expect(world.state.nodes).toHaveLength(1)
  })
})

describe('what a wallet allows a carrier of its claims', () => {
  const limits = { minAmount: 7n, maxFee: 3n }

  test('is set by its newest enrolment, for all of its nodes', () => {
    const world = worldAfter(
      [enrolmentOf({ minAmount: 1n, maxFee: 1n })],
      [enrolmentOf({ nodeKey: OTHER_KEY, ...limits })],
    )
    expect(world.state.owners).toMatchObject([limits])
  })

  test('is not set by a node key alone', () => {
    const world = worldAfter(
      [enrolmentOf(limits)],
      [enrolmentOf({ nonce: 2n, minAmount: 1n, maxFee: 9n }, { byWallet: false })],
    )
    expect(world.state.owners).toMatchObject([limits])
  })
})

describe('a node', () => {
  test('is dealt nothing after its enrolment expires', () => {
    const world = worldAfter([enrolmentOf({ expiresAtEpoch: 3 })])
    expect(takers(at(world.state.workforces, 2))).toEqual([0])
    world.step()
    expect(takers(at(world.state.workforces, 2))).toEqual([])
  })

  test('is pruned when nothing was heard of it for idleEpochs, and back with a renewal', () => {
    const world = new World({ name: 'idle', params: { idleEpochs: 2 } })
    const inNewest = (): number => takers(at(world.state.workforces, 2)).length
    world.apply(entering(world.prepare(), [enrolmentOf({})]))
    world.step()
    world.step()
    expect(inNewest()).toBe(1)
    world.step()
    expect(inNewest()).toBe(0)
    world.apply(entering(world.prepare(), [enrolmentOf({ nonce: 2n })]))
    expect(inNewest()).toBe(1)
  })
})
