// Step 7: what stands behind a node, how its pay fills it, and when it comes back.
import { type JobPlan, TOY_KINDS, toyRules } from '@piecework/testkit'
import { describe, expect, test } from 'vitest'
import type { KindRules, Params } from '../../src/facts.ts'
import { NEVER } from '../../src/state/state.ts'
import { at } from '../support/chain.ts'
import { NO_FEES, nodeOf, play, releasedTo, type Small, smallWorld } from '../support/worlds.ts'

/** One row in five is drawn: a row of 100 asks for a bond of 2 * 100 * 0.8 / 0.2. */
const KINDS = toyRules(200_000)
const TARGET = 800n

interface OneNode {
  readonly vouched?: bigint
  readonly capacity?: number
  readonly kinds?: readonly KindRules[]
  readonly params?: Partial<Params>
}

function oneNode(
  { vouched = 0n, capacity = 1, kinds = KINDS, params = {} }: OneNode,
  plan: JobPlan = {},
): Small {
  return smallWorld({ name: 'bond', kinds, params, contributors: [{ vouched, capacity }] }, plan)
}

/** Bond and released pay after so many epochs. */
function after(small: Small, epochs: number): { bond: bigint; released: bigint } {
  play(small.world, epochs)
  const contributor = at(small.world.contributors, 0)
  return { bond: nodeOf(small.world, contributor).bond, released: releasedTo(small.world, contributor) }
}

describe('pay', () => {
  test('fills the bond up to what the dearest row asks for, and the rest is released at once', () => {
    const small = oneNode({})
    expect(after(small, 8)).toEqual({ bond: TARGET, released: 0n })
    expect(after(small, 2)).toEqual({ bond: TARGET, released: 200n })
  })

  test('fills it up to the best pay of an epoch, if that is more', () => {
    const checked = oneNode({ capacity: 5, kinds: toyRules(1_000_000) })
    expect(after(checked, 1)).toEqual({ bond: 500n, released: 0n })
    expect(after(checked, 1)).toEqual({ bond: 500n, released: 500n })
  })

  test('has less to fill where somebody vouches', () => {
    expect(after(oneNode({ vouched: 500n }), 5)).toEqual({ bond: 300n, released: 200n })
    expect(after(oneNode({ vouched: TARGET }), 1)).toEqual({ bond: 0n, released: 100n })
  })

  test('of the last eight epochs decides: what is longer ago asks for nothing', () => {
    const small = oneNode({}, { tasks: 1 })
    small.world.addJob({ ...NO_FEES, price: 10n })
    expect(after(small, 1)).toEqual({ bond: 100n, released: 0n })
    expect(after(small, 7)).toEqual({ bond: 170n, released: 0n })
    expect(after(small, 1)).toEqual({ bond: 170n, released: 10n })
  })

  test('of nothing is no work: it is not dealt, and locks up nobody', () => {
    const { world, job } = oneNode({}, { price: 0n, maxUnits: 5 })
    play(world, 2)
    expect(at(world.state.nodes, 0)).toMatchObject({ lastRow: NEVER, history: [], bond: 0n })
    expect(at(world.state.jobs, job)).toMatchObject({ cursor: 0, inFlight: 0 })
  })

  test('of nothing gives no right to more work', () => {
    const exhausted = smallWorld(
      { name: 'exhausted', contributors: [{ vouched: 0n }] },
      { kind: TOY_KINDS.open, deposit: 150n },
    )
    play(exhausted.world, 5)
    const { history } = at(exhausted.world.state.nodes, 0)
    expect(history.map(({ epoch, pay, tasks }) => ({ epoch, pay, tasks }))).toEqual([
      { epoch: 1, pay: 100n, tasks: 1 },
      { epoch: 2, pay: 50n, tasks: 1 },
    ])
  })
})

describe('history', () => {
  test('forgets what a later epoch outdoes in every way', () => {
    const { world } = oneNode({ capacity: 5 })
    play(world, 3)
    expect(at(world.state.nodes, 0).history).toEqual([{ epoch: 2, exposure: TARGET, pay: 500n, tasks: 5 }])
  })

  test('keeps an entry that is the greatest in any way', () => {
    const small = oneNode({ capacity: 5 }, { tasks: 2 })
    small.world.addJob({ ...NO_FEES, price: 1n })
    play(small.world, 3)
    const { history } = at(small.world.state.nodes, 0)
    expect(history).toEqual([
      { epoch: 0, exposure: TARGET, pay: 203n, tasks: 5 },
      { epoch: 2, exposure: 8n, pay: 5n, tasks: 5 },
    ])
  })
})

describe('the bond of who leaves', () => {
  const params = { evidenceEpochs: 3, carryEpochs: 2 }

  function leavesAfter(epochs: number): Small {
    const small = oneNode({ params })
    play(small.world, epochs)
    small.world.enrolAgain(at(small.world.contributors, 0), { capacity: 0, nonce: 1n })
    return small
  }

  test('comes back when none of its rows can be shown to be wrong any more', () => {
    const small = leavesAfter(2)
    // Dealt before it left, it works on in epochs 2, 3 and 4.
    expect(after(small, 3)).toEqual({ bond: 500n, released: 0n })
    expect(at(small.world.state.nodes, 0).lastRow).toBe(4)
    expect(after(small, 4)).toEqual({ bond: 500n, released: 0n })
    expect(after(small, 1)).toEqual({ bond: 0n, released: 500n })
  })

  test('stays while it can be dealt to', () => {
    const small = oneNode({ params }, { tasks: 2 })
    expect(after(small, 20)).toEqual({ bond: 200n, released: 0n })
  })

  test('comes back to who is idle, too', () => {
    const small = oneNode({ params: { ...params, idleEpochs: 8 } }, { tasks: 2 })
    expect(after(small, 10)).toEqual({ bond: 200n, released: 0n })
    expect(after(small, 1)).toEqual({ bond: 0n, released: 200n })
  })
})
