// The deal's work grows with tasks and nodes, whatever stands in the way: counted in steps, so that no machine matters.
import { describe, expect, test } from 'vitest'
import { Dealer, type DealJob } from '../../src/deal.ts'
import type { Job } from '../../src/facts.ts'
import type { JobWindow } from '../../src/workforce.ts'
import { nodesOf, openJob, type WorldNode, worldInput } from './world.ts'

const CAPACITY = 8
/** Steps for each position and replica; the worst case below takes about six. */
const STEPS = 8

interface Case {
  readonly name: string
  readonly node?: (i: number, nodes: number) => Partial<WorldNode>
  readonly jobs: (nodes: number) => readonly DealJob[]
  readonly windows?: (nodes: number) => readonly JobWindow[]
}

/** More tasks than can be dealt. */
const endless = (nodes: number, job: Partial<Job> = {}): DealJob =>
  openJob(0, { tasks: nodes * CAPACITY, ...job })
const trial = { bond: 90n, capacity: CAPACITY }
const fleet = { owner: 1_000_000 }

const cases: readonly Case[] = [
  { name: 'one replica', jobs: (n) => [endless(n)] },
  { name: 'three replicas', jobs: (n) => [endless(n, { replicas: 3 })] },
  {
    name: 'an account with every other node',
    node: (i) => (i % 2 === 0 ? fleet : {}),
    jobs: (n) => [endless(n, { replicas: 3 })],
  },
  {
    name: 'an account with half of the nodes in a row',
    node: (i, n) => (i < n / 2 ? fleet : {}),
    jobs: (n) => [endless(n, { replicas: 3 })],
  },
  {
    name: 'two accounts by turns',
    node: (i) => ({ owner: i % 2 }),
    jobs: (n) => [endless(n, { replicas: 2 })],
  },
  {
    name: 'two accounts with nearly everything',
    node: (i) => (i % 50 === 0 ? {} : { owner: 1_000_000 + (i % 2) }),
    jobs: (n) => [endless(n, { replicas: 3 })],
  },
  {
    name: 'half of the nodes ineligible, in front',
    jobs: (n) => [openJob(0, { tasks: n * CAPACITY }, (node) => node >= n / 2)],
  },
  {
    name: 'nearly all in trial',
    node: (i) => (i % 100 === 0 ? {} : trial),
    jobs: (n) => [endless(n, { replicas: 3, price: 10n })],
  },
  {
    name: 'accounts with nodes in and out of trial',
    node: (i) => ({ ...(i % 2 === 0 ? trial : {}), owner: i % 3 === 0 ? 1_000_000 + (i % 2) : i }),
    jobs: (n) => [endless(n, { replicas: 3, price: 10n })],
  },
  {
    name: 'everybody at the value limit, and jobs that wait',
    node: () => ({ bond: 60n }),
    jobs: (n) =>
      Array.from({ length: 50 }, (_, i) => openJob(i, { tasks: n * CAPACITY, price: BigInt(10 + (i % 7)) })),
  },
  {
    name: 'many small jobs of different prices',
    node: (i) => (i % 2 === 0 ? fleet : {}),
    jobs: (n) =>
      Array.from({ length: 200 }, (_, i) =>
        openJob(i, { tasks: Math.ceil((n * CAPACITY) / 300), replicas: 3, price: BigInt(i) }),
      ),
  },
  {
    name: 'returned tasks that nobody left can take',
    node: (i) => (i % 2 === 0 ? fleet : {}),
    jobs: (n) => [openJob(0, { price: 5n, replicas: 2, tasks: n * CAPACITY }), openJob(1, { replicas: 3 })],
    windows: (n) => [
      {
        job: 1,
        cursor: n,
        inFlight: 0,
        charged: 0n,
        returned: Array.from({ length: n }, (_, task) => ({
          task,
          missing: 1 + (task % 2),
          had: [fleet.owner, (2 * task + 1) % n, (6 * task + 1) % n],
          trial: false,
        })),
      },
    ],
  },
]

function measure({ node = () => ({}), jobs, windows = () => [] }: Case, count: number) {
  const nodes = nodesOf(count, (i) => ({ capacity: CAPACITY, ...node(i, count) }))
  const offered = jobs(count)
  const dealer = new Dealer(worldInput({ nodes, jobs: offered, windows: windows(count) }))
  const replicas = dealer.deal.jobs.reduce((sum, { tasks }) => sum + tasks.length, 0)
  // A job may pass over everybody in the turn that it begins with.
  return { steps: dealer.steps, allowed: STEPS * (count * CAPACITY + replicas) + offered.length * count }
}

describe('the steps of dealing', () => {
  test.each(cases)('$name: are a few for each position and replica, at any size', (each) => {
    const small = measure(each, 2000)
    const large = measure(each, 8000)
    expect(small.steps).toBeGreaterThan(0)
    expect(large.steps).toBeLessThan(large.allowed)
    expect(large.steps / small.steps).toBeLessThan(4.6)
  })
})
