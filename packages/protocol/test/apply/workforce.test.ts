// Step 13: who can be dealt to three epochs from now, how much, and what of each job.
import { type ContributorPlan, type JobPlan, TOY_KINDS, World } from '@piecework/testkit'
import { describe, expect, test } from 'vitest'
import { draftOf } from '../../src/apply/draft.ts'
import { fixWorkforce } from '../../src/apply/fix-workforce.ts'
import { taskRecord } from '../../src/apply/tasks.ts'
import { RETURNED_TASKS } from '../../src/state/workforce-records.ts'
import type { Workforce } from '../../src/workforce.ts'
import { at } from '../support/chain.ts'
import { NO_FEES, play, TRUSTED, takers } from '../support/worlds.ts'

function newest({ state }: World): Workforce {
  return at(state.workforces, 2)
}

function capacities(world: World, kind: number = TOY_KINDS.exact): number[] {
  return [...(newest(world).kinds.find((one) => one.kind === kind)?.capacities ?? [])]
}

function worldOf(contributors: readonly ContributorPlan[], plan: JobPlan = {}): World {
  const world = new World({ name: 'workforce', params: { trialRows: 5 }, contributors })
  world.addJob({ ...NO_FEES, ...plan })
  return world
}

test('is fixed three epochs before it works', () => {
  const world = worldOf([{ vouched: 0n }])
  for (const epoch of [0, 1, 2]) {
    const applied = world.step()
    expect(applied.workforce.epoch).toBe(epoch + 3)
    expect(world.state.workforces.map((one) => one.epoch)).toEqual([epoch + 1, epoch + 2, epoch + 3])
  }
})

describe('capacity', () => {
  test('is a few rows at first, then twice the most paid tasks of an epoch, and never more than declared', () => {
    const world = worldOf([{ vouched: TRUSTED, capacity: 15 }])
    const seen = [0, 1, 2, 3].map(() => {
      world.step()
      return at(capacities(world), 0)
    })
    expect(seen).toEqual([10, 10, 10, 15])
  })

  test('grows with paid work only', () => {
    const wrong: ContributorPlan['behaviour'] = { output: (_, { random }) => random.bytes(4) }
    const three = [{ behaviour: {} }, { behaviour: {} }, { behaviour: wrong }]
    const world = worldOf(
      three.map((plan) => ({ ...plan, vouched: TRUSTED })),
      { kind: TOY_KINDS.across, replicas: 3 },
    )
    world.step()
    expect(at(world.state.jobs, 0).charged).toBe(1000n)
    expect(capacities(world, TOY_KINDS.across)).toEqual([10, 10, 5])
  })

  test('is less by the leases that will still be out', () => {
    const world = worldOf([{ vouched: 0n, behaviour: { works: () => false } }], { tasks: 4, leaseEpochs: 4 })
    const seen = Array.from({ length: 5 }, () => {
      world.step()
      return at(capacities(world), 0)
    })
    // Four leases of epoch 0 run until epoch 4: they count for the workforces of 3 and 4.
    expect(seen).toEqual([1, 1, 5, 5, 5])
  })

  test('is counted for dealt kinds alone', () => {
    const world = worldOf([{ vouched: 0n }])
    world.step()
    expect(newest(world).kinds.map(({ kind }) => kind)).toEqual([TOY_KINDS.exact, TOY_KINDS.across])
  })
})

test('has the bond of each node with what is vouched, and one owner for each wallet', () => {
  const world = worldOf([
    { vouched: 50n, capacity: 1, wallet: 1 },
    { vouched: 0n, capacity: 0 },
    { vouched: 0n, capacity: 1, wallet: 1 },
  ])
  world.step()
  expect([...newest(world).nodes]).toEqual([0, 1, 2])
  expect([...newest(world).owners]).toEqual([0, 1, 0])
  expect([...newest(world).bonds]).toEqual([150n, 0n, 100n])
})

describe('the window of a job', () => {
  test('says what was dealt, what is in flight, what was charged and what is to be dealt again', () => {
    const world = worldOf(
      [
        { vouched: TRUSTED, capacity: 1 },
        { vouched: TRUSTED, capacity: 1, behaviour: { works: () => false } },
        { vouched: TRUSTED, capacity: 1, behaviour: { answers: () => false } },
      ],
      { leaseEpochs: 0 },
    )
    world.step()
    const [window] = newest(world).windows
    expect(window).toMatchObject({ job: 0, cursor: 3, inFlight: 1, charged: 100n })
    expect(window?.returned).toMatchObject([{ missing: 1, had: [], trial: false }])
  })

  test('has no more tasks to deal again than a page of the state can list, the first of them', () => {
    const world = worldOf([])
    play(world, 1)
    const draft = draftOf(world.state)
    const job = at(draft.jobs, 0)
    const record = taskRecord(draft, job, 0)
    for (let task = RETURNED_TASKS + 1; task >= 0; task--)
      job.tasks.set(task, { ...record, task, missing: 1 })
    const { windows } = fixWorkforce(draft, world.prepare().facts, {
      rules: new Map(),
      work: world.ports.work,
      asked: new Map(),
    })
    expect(windows[0]?.returned).toHaveLength(RETURNED_TASKS)
    expect(windows[0]?.returned.at(-1)).toMatchObject({ task: RETURNED_TASKS - 1 })
  })

  test('is there from its opening to its closing', () => {
    const world = worldOf([])
    const second = world.addJob({ tasks: 1 })
    play(world, 1)
    expect(newest(world).windows.map(({ job }) => job)).toEqual([0, second])
    world.closeJob(0)
    play(world, 1)
    expect(newest(world).windows.map(({ job }) => job)).toEqual([second])
  })
})

test('lists a node that left for as long as the deals before may name it, and gives it nothing', () => {
  const world = worldOf([{ vouched: TRUSTED }, { vouched: TRUSTED }])
  const [leaver] = world.contributors
  if (leaver === undefined) throw new Error('nobody there')
  play(world, 1)
  world.enrolAgain(leaver, { capacity: 0, nonce: 9n })
  const seen = [1, 2, 3].map(() => {
    world.step()
    return [[...newest(world).nodes], takers(newest(world))]
  })
  expect(seen).toEqual([
    [[0, 1], [1]],
    [[0, 1], [1]],
    [[1], [1]],
  ])
})

test('knows nodes by what they claimed when it was fixed', () => {
  const world = worldOf([{ vouched: TRUSTED }])
  play(world, 1)
  expect(newest(world).attributes).toEqual([at(world.state.nodes, 0).attributes])
})
