import { describe, expect, test } from 'vitest'
import { dealEpoch } from '../../src/deal.ts'
import type { JobWindow, ReturnedTask } from '../../src/workforce.ts'
import { nodesOf, openJob, worldInput } from './world.ts'

function windowOf(returned: readonly ReturnedTask[], more: Partial<JobWindow> = {}): JobWindow {
  return { job: 0, cursor: 10, inFlight: 0, charged: 0n, returned, ...more }
}

function back(task: number, more: Partial<ReturnedTask> = {}): ReturnedTask {
  return { task, missing: 1, had: [], trial: false, ...more }
}

/** What was dealt: `[task, nodes]` in dealing order. */
function dealt(input: Parameters<typeof dealEpoch>[0], job = 0): [number, number[]][] {
  const found = dealEpoch(input).jobs.find((each) => each.job === job)
  const tasks = [...new Set(found?.tasks ?? [])]
  return tasks.map((task) => [
    task,
    [...(found?.nodes ?? [])].filter((_, i) => found?.tasks[i] === task).sort((a, b) => a - b),
  ])
}

const tasksOf = (deal: [number, number[]][]): number[] => deal.map(([task]) => task)

describe('the window of a job', () => {
  test('offers returned tasks first, then those that were never dealt', () => {
    const input = worldInput({
      nodes: nodesOf(4),
      jobs: [openJob(0, { tasks: 20 })],
      windows: [windowOf([back(2), back(7)])],
    })
    expect(tasksOf(dealt(input))).toEqual([2, 7, 10, 11])
  })

  test('ends where the deposit no longer covers one more, with fees and all that is in flight', () => {
    // 100 a replica and 15 + 2 of fees: 1,170 for ten, of which 585 are charged and two are in flight.
    const job = { tasks: 20, price: 100n, verifierBps: 1500, settleBps: 200 }
    for (const [deposit, count] of [
      [1169n, 2],
      [1170n, 3],
    ] as const) {
      const input = worldInput({
        nodes: nodesOf(9),
        jobs: [openJob(0, { ...job, deposit })],
        windows: [windowOf([], { charged: 585n, inFlight: 2 })],
      })
      expect(tasksOf(dealt(input))).toHaveLength(count)
    }
  })

  test('has no tasks beyond the last', () => {
    const input = worldInput({ nodes: nodesOf(9), jobs: [openJob(0, { tasks: 3 })] })
    expect(tasksOf(dealt(input))).toEqual([0, 1, 2])
  })

  test('knows what the two deals before handed out of it', () => {
    const input = worldInput({
      nodes: nodesOf(9),
      jobs: [openJob(0, { tasks: 14 })],
      windows: [windowOf([back(2), back(5, { missing: 2 })])],
    })
    const before = {
      epoch: input.workforce.epoch - 1,
      jobs: [
        {
          job: 0,
          cursor: 12,
          tasks: Uint32Array.of(2, 5, 10, 11),
          nodes: Uint32Array.of(0, 1, 2, 3),
          trial: new Uint8Array(4),
        },
      ],
    }
    expect(tasksOf(dealt({ ...input, recent: [before] }))).toEqual([5, 12, 13])
  })
})

describe('a returned task', () => {
  test('goes to an account that never had it', () => {
    const input = worldInput({
      nodes: nodesOf(6, (i) => ({ owner: i < 4 ? 100 : i })),
      jobs: [openJob(0, { tasks: 10, replicas: 2 })],
      windows: [windowOf([back(3, { missing: 2, had: [100] })])],
    })
    expect(dealt(input)).toEqual([[3, [4, 5]]])
  })

  test('that nobody can take holds up neither the next one nor new tasks', () => {
    const input = worldInput({
      nodes: nodesOf(3),
      jobs: [openJob(0, { tasks: 11 })],
      windows: [windowOf([back(1, { had: [0, 1, 2] }), back(4, { had: [0, 1] })])],
    })
    const deal = dealt(input)
    expect(tasksOf(deal)).toEqual([4, 10])
    expect(deal[0]).toEqual([4, [2]])
  })

  test('gets no second replica in trial', () => {
    // A task is worth 10: a bond of 99 is in trial, one of 100 is not.
    const input = worldInput({
      nodes: nodesOf(4, (i) => ({ bond: i === 3 ? 100n : 99n })),
      jobs: [openJob(0, { tasks: 10, price: 10n, replicas: 2 })],
      windows: [windowOf([back(1, { trial: true }), back(2, { trial: true })])],
    })
    expect(dealt(input)).toEqual([[1, [3]]])
  })
})

describe('a new task', () => {
  test('that nobody can take holds up the later ones', () => {
    const input = worldInput({
      nodes: nodesOf(4, (i) => ({ owner: i < 3 ? 50 : 60 })),
      jobs: [openJob(0, { replicas: 3 }), openJob(1, { replicas: 2 })],
    })
    expect(dealt(input, 0)).toEqual([])
    expect(tasksOf(dealt(input, 1))).toEqual([0])
  })

  test('goes to nodes whose value limit, or trial rows, it stays within', () => {
    // Each task is worth 10. Five trial rows are for everybody; a bond of 70 is for two more.
    const input = worldInput({
      nodes: nodesOf(2, (i) => ({ bond: i === 0 ? 0n : 70n, capacity: 20 })),
      jobs: [openJob(0, { tasks: 100, price: 10n })],
    })
    const nodes = dealt(input).flatMap(([, takers]) => takers)
    expect(nodes.filter((node) => node === 0)).toHaveLength(5)
    expect(nodes.filter((node) => node === 1)).toHaveLength(7)
  })
})

describe('jobs', () => {
  test('are dealt the best paid first, of equal ones the earliest', () => {
    const jobs = [1n, 3n, 2n, 3n].map((price, index) => openJob(index, { price, tasks: 2 }))
    const share = openJob(4, { rule: 'share', price: 1000n, capPrice: 3n, tasks: 2 })
    const deal = dealEpoch(worldInput({ nodes: nodesOf(9), jobs: [...jobs, share] }))
    expect(deal.jobs.map(({ job }) => job)).toEqual([1, 3, 4, 2, 0])
    expect(deal.jobs.map(({ tasks }) => tasks.length)).toEqual([2, 2, 2, 2, 1])
  })

  test('that share a budget are dealt as far as it pays at their highest rate', () => {
    const share = { rule: 'share', capPrice: 3n, maxUnits: 2, tasks: 50 } as const
    const jobs = [5n, 6n, 23n, 24n].map((price, index) => openJob(index, { ...share, price }))
    const deal = dealEpoch(worldInput({ nodes: nodesOf(9), jobs }))
    expect(deal.jobs.map(({ job, tasks }) => [job, tasks.length])).toEqual([
      [1, 1],
      [2, 3],
      [3, 4],
    ])
  })

  test('of kinds that are open or standing are not dealt', () => {
    const input = worldInput({ nodes: nodesOf(9), jobs: [openJob(0)] })
    for (const allocation of ['open', 'standing'] as const) {
      const rules = new Map([...input.rules].map(([kind, each]) => [kind, { ...each, allocation }]))
      expect(dealEpoch({ ...input, rules }).jobs).toEqual([])
    }
    expect(dealEpoch({ ...input, rules: new Map() }).jobs).toEqual([])
  })

  test('that share a test ask it once of each node', () => {
    const asked: number[] = []
    const test = (node: number): boolean => asked.push(node) > 0 && node % 2 === 0
    const jobs = [1, 2, 3].map((index) => openJob(index, { tasks: 2 }, test))
    const deal = dealEpoch(worldInput({ nodes: nodesOf(8), jobs }))
    expect(asked.sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    expect(deal.jobs.flatMap(({ nodes }) => [...nodes]).sort()).toEqual([0, 2, 4, 6])
  })
})
