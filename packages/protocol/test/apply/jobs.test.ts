// Step 12: a job is done when it is closed and nothing can charge it any more, and never before.
import { type ContributorPlan, type JobPlan, TOY_KINDS, type World } from '@piecework/testkit'
import { describe, expect, test } from 'vitest'
import { jobOf, play, smallWorld, TRUSTED } from '../support/worlds.ts'

function worldOf(behaviour: ContributorPlan['behaviour'], plan: JobPlan = {}): World {
  const contributors = Array.from({ length: 2 }, () => ({
    vouched: TRUSTED,
    capacity: 1,
    ...(behaviour === undefined ? {} : { behaviour }),
  }))
  return smallWorld({ name: 'jobs', params: { judgeEpochs: 1, carryEpochs: 2 }, contributors }, plan).world
}

/** Closed after its first epoch, and in which epoch it was done. */
function doneAt(world: World, epochs = 9): number {
  play(world, 1)
  world.closeJob(0)
  for (let i = 0; i < epochs; i++) {
    world.step()
    if (jobOf(world, 0).done) return world.state.epoch
  }
  return Number.NaN
}

describe('a job that is closed', () => {
  test('is done at once when nothing of it is out', () => {
    expect(doneAt(worldOf(undefined))).toBe(1)
  })

  test('is done when its last lease has run out', () => {
    const world = worldOf({ works: () => false }, { leaseEpochs: 3 })
    expect(doneAt(world)).toBe(3)
    expect(jobOf(world, 0)).toMatchObject({ charged: 0n, tasks: [] })
  })

  test('is done when its last carried stint is decided', () => {
    const paid = worldOf({ answers: ({ epoch }) => epoch >= 2 })
    expect(doneAt(paid)).toBe(2)
    expect(jobOf(paid, 0).charged).toBe(200n)
    const failed = worldOf({ answers: () => false })
    expect(doneAt(failed)).toBe(2)
    expect(jobOf(failed, 0).charged).toBe(0n)
  })

  test('is done when its last answer is judged', () => {
    const world = worldOf(
      { postpones: (epoch) => epoch < 3 },
      { kind: TOY_KINDS.across, replicas: 2, leaseEpochs: 3, tasks: 1 },
    )
    expect(doneAt(world)).toBe(3)
    expect(jobOf(world, 0).charged).toBe(200n)
  })

  test('deals no more, not even what came back', () => {
    const world = worldOf({ works: (epoch) => epoch > 0 }, { leaseEpochs: 0 })
    expect(doneAt(world)).toBe(1)
    play(world, 6)
    expect(jobOf(world, 0)).toMatchObject({ cursor: 2, charged: 0n, tasks: [] })
  })

  test('is never charged again', () => {
    const world = worldOf(undefined, { leaseEpochs: 3 })
    const at = doneAt(world)
    const { charged } = jobOf(world, 0)
    play(world, 5)
    expect(jobOf(world, 0)).toMatchObject({ done: true, charged, closedAt: at })
  })
})

describe('a job', () => {
  test('that is open is not done, however much of it is: it may still be dealt or given more', () => {
    const world = worldOf(undefined, { tasks: 1 })
    play(world, 3)
    expect(jobOf(world, 0)).toMatchObject({ done: false, charged: 100n, inFlight: 0 })
  })

  test('is dealt in the epoch in which it opens, after those that were open before', () => {
    const world = worldOf(undefined, { tasks: 1 })
    play(world, 1)
    const dear = world.addJob({ price: 9_999n, opensDuringEpoch: true, tasks: 1 })
    const cheap = world.addJob({ price: 1n, opensDuringEpoch: true, tasks: 1 })
    play(world, 1)
    expect([dear, cheap].map((job) => jobOf(world, job).cursor)).toEqual([1, 1])
  })

  test('is not dealt before it opens', () => {
    const world = worldOf(undefined)
    const epoch = world.prepare()
    world.apply({ ...epoch, facts: { ...epoch.facts, opened: [] } })
    expect(jobOf(world, 0)).toMatchObject({ openSlot: -1, cursor: 0, inFlight: 0 })
  })
})
