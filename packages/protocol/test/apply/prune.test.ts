// Step 13, last: nodes that are gone leave the state, and nothing that is owed or at risk goes with them.
import { type ContributorPlan, World } from '@piecework/testkit'
import { describe, expect, test } from 'vitest'
import type { Params } from '../../src/facts.ts'
import { isPruned } from '../../src/state/pruned.ts'
import type { NodeRecord } from '../../src/state/state.ts'
import { at } from '../support/chain.ts'
import { enrolmentOf, entering } from '../support/entering.ts'
import { NO_FEES, play, releasedTo, TRUSTED } from '../support/worlds.ts'

const PARAMS: Partial<Params> = {
  idleEpochs: 3,
  evidenceEpochs: 4,
  carryEpochs: 2,
  barEpochs: 12,
  trialRows: 5,
}
/** Enough for everything above to pass, and the deals that a node was in. */
const LONG = 30

function worldOf(contributors: readonly ContributorPlan[] = []): World {
  return new World({ name: 'prune', params: PARAMS, contributors })
}

/** The epoch after which the node was gone from the state, undefined if it never was. */
function prunedAfter(world: World, node: number, epochs = LONG): number | undefined {
  for (let i = 0; i < epochs; i++) {
    const { state } = world.step()
    if (isPruned(at(state.nodes, node))) return state.epoch
  }
  return undefined
}

function nodeAt({ state }: World, index: number): NodeRecord {
  return at(state.nodes, index)
}

describe('a newcomer that never works', () => {
  test('is gone once it is idle and no workforce names it', () => {
    const world = worldOf()
    world.apply(entering(world.prepare(), [enrolmentOf({})]))
    const gone = prunedAfter(world, 0) ?? 0
    expect(gone).toBeGreaterThan(3)
    expect(world.state.workforces.some(({ nodes }) => nodes.includes(0))).toBe(false)
    expect(nodeAt(world, 0)).toMatchObject({ owner: 0, kinds: [], bond: 0n })
    play(world, 3)
    expect(world.state.nodes).toHaveLength(1)
  })

  test('enters again as another node, but not with what it signed before', () => {
    const world = worldOf()
    world.apply(entering(world.prepare(), [enrolmentOf({ nonce: 7n })]))
    prunedAfter(world, 0)
    for (const nonce of [1n, 7n]) world.apply(entering(world.prepare(), [enrolmentOf({ nonce })]))
    expect(world.state.nodes).toHaveLength(1)
    world.apply(entering(world.prepare(), [enrolmentOf({ nonce: 8n })]))
    expect(world.state.nodes).toHaveLength(2)
    expect(isPruned(nodeAt(world, 0))).toBe(true)
    expect(nodeAt(world, 1)).toMatchObject({ owner: 0, nonce: 8n })
  })

  test('leaves the wallet free to let others in with higher numbers alone', () => {
    const world = worldOf()
    const other = new Uint8Array(32).fill(3)
    world.apply(entering(world.prepare(), [enrolmentOf({ nonce: 7n })]))
    prunedAfter(world, 0)
    world.apply(entering(world.prepare(), [enrolmentOf({ nodeKey: other, nonce: 7n })]))
    expect(world.state.nodes).toHaveLength(1)
    world.apply(entering(world.prepare(), [enrolmentOf({ nodeKey: other, nonce: 9n })]))
    expect(nodeAt(world, 1)).toMatchObject({ nodeKey: other, owner: 0 })
  })
})

test('a node that worked and left goes after its bond went to its wallet', () => {
  const world = worldOf()
  const worker = world.enrol()
  world.addJob({ ...NO_FEES, price: 1000n })
  play(world, 6)
  const index = worker.index ?? Number.NaN
  const { bond, lastRow } = nodeAt(world, index)
  expect(bond).toBeGreaterThan(0n)
  world.enrolAgain(worker, { capacity: 0, nonce: 2n })
  world.step()
  const before = nodeAt(world, index)
  const released = releasedTo(world, worker)
  const { owner } = before
  let gone: number | undefined
  for (let i = 0; i < LONG && gone === undefined; i++) {
    const { state } = world.step()
    if (isPruned(at(state.nodes, index))) gone = state.epoch
  }
  expect(gone).toBeGreaterThanOrEqual(lastRow + 6)
  const { account } = at(world.state.owners, owner)
  expect(at(world.state.accounts, account).released).toBeGreaterThanOrEqual(released + before.bond)
})

test('a node stays while it works, while something is vouched for it, and while it is barred', () => {
  const world = worldOf([
    { vouched: TRUSTED },
    { vouched: TRUSTED, behaviour: { works: () => false } },
    { vouched: TRUSTED, behaviour: { output: (_, { random }) => random.bytes(4) } },
  ])
  world.addJob(NO_FEES)
  play(world, 10)
  const barred = nodeAt(world, 2)
  expect(barred.failedAt).toBeGreaterThanOrEqual(0)
  expect(barred.vouched).toBe(0n)
  const gone = prunedAfter(world, 2)
  expect(gone).toBeGreaterThanOrEqual(barred.barredUntil)
  play(world, LONG)
  expect([0, 1].map((node) => isPruned(nodeAt(world, node)))).toEqual([false, false])
})

test('a node with a lease that still runs stays until it has ended', () => {
  const world = worldOf([{ vouched: TRUSTED }])
  const idle = world.enrol({ behaviour: { works: () => false } })
  world.addJob({ ...NO_FEES, leaseEpochs: 25 })
  play(world, 5)
  const index = idle.index ?? Number.NaN
  const leases = world.state.dealt.filter(({ deal }) => deal.jobs.some(({ nodes }) => nodes.includes(index)))
  const last = Math.max(...leases.map(({ deal }) => deal.epoch)) + 25
  const gone = prunedAfter(world, index, 2 * LONG)
  expect(gone).toBeGreaterThanOrEqual(last)
})
