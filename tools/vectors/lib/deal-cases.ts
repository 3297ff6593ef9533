// What deal.json deals: small workforces, each with one thing that decides, and one with everything at once.
import { someBelow } from './random.ts'

export interface NodeEntry {
  readonly index: number
  readonly account: number
  readonly capacity: number
  readonly bond: string
}

export interface JobEntry {
  readonly index: number
  readonly price: string
  readonly maxUnits: number
  readonly replicas: number
  readonly tasks: readonly number[]
  /** Node indices; everybody where it is absent. */
  readonly allowed?: readonly number[]
}

export interface DealCase {
  readonly name: string
  readonly kind: number
  readonly trialRows: number
  readonly nodes: readonly NodeEntry[]
  readonly jobs: readonly JobEntry[]
}

/** Out of trial, and far from its limit, in every case. */
const RICH = '1000000000000'

/** Indices with gaps, so that an index can't be taken for a position. */
function nodesOf(count: number, make: (i: number) => Partial<NodeEntry> = () => ({})): NodeEntry[] {
  return Array.from({ length: count }, (_, i) => ({
    index: 2 * i + 5,
    account: 100 + i,
    capacity: 1,
    bond: RICH,
    ...make(i),
  }))
}

function tasksFrom(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => first + i)
}

function job(index: number, more: Partial<JobEntry> = {}): JobEntry {
  return { index, price: '10', maxUnits: 1, replicas: 1, tasks: tasksFrom(0, 6), ...more }
}

const common = { kind: 3, trialRows: 5 }

/** Everything at once, drawn by name. */
function mixed(name: string, nodeCount: number, jobCount: number): DealCase {
  const below = (what: string, bound: number): number => someBelow(`deal ${name} ${what}`, bound)
  const nodes = nodesOf(nodeCount, (i) => ({
    account: below(`fleet ${i}`, 3) === 0 ? 90 + below(`account ${i}`, 3) : 100 + i,
    capacity: below(`capacity ${i}`, 6),
    bond: String([0, 40, 99, 100, 160, 300, 5000][below(`bond ${i}`, 7)] ?? 0),
  }))
  const jobs = Array.from({ length: jobCount }, (_, i): JobEntry => {
    const allowed = nodes.map(({ index }) => index).filter((index) => below(`allowed ${i} ${index}`, 3) > 0)
    return {
      index: 4 * i + below(`index ${i}`, 4),
      price: String(20 - 3 * i),
      maxUnits: 1 + below(`units ${i}`, 2),
      replicas: 1 + below(`replicas ${i}`, 5),
      tasks: tasksFrom(below(`first ${i}`, 50), 3 + below(`tasks ${i}`, 12)),
      ...(i % 2 === 1 && { allowed }),
    }
  })
  return { name, kind: below('kind', 65_536), trialRows: below('trial rows', 4), nodes, jobs }
}

export const dealCases: readonly DealCase[] = [
  { name: 'nobody works', ...common, nodes: [], jobs: [job(0)] },
  { name: 'one replica, capacity to spare', ...common, nodes: nodesOf(9), jobs: [job(0)] },
  { name: 'one replica, short capacity', ...common, nodes: nodesOf(4), jobs: [job(0), job(1)] },
  {
    name: 'turns of different length',
    ...common,
    nodes: nodesOf(5, (i) => ({ capacity: i })),
    jobs: [job(7, { tasks: tasksFrom(40, 20) })],
  },
  ...[2, 3, 4, 5].map((replicas) => ({
    name: `${replicas} replicas, what is left of a turn goes to the next job`,
    ...common,
    nodes: nodesOf(11, () => ({ capacity: 2 })),
    jobs: [job(0, { replicas, tasks: tasksFrom(0, 30) }), job(1, { tasks: tasksFrom(0, 30) })],
  })),
  {
    name: 'the best paid first, of equal ones the earliest',
    ...common,
    nodes: nodesOf(8),
    jobs: [
      job(4, { price: '30', tasks: [0, 1] }),
      job(1, { price: '20', tasks: [0, 1] }),
      job(3, { price: '20', tasks: [0, 1] }),
      job(0, { price: '10', tasks: [0, 1, 2] }),
    ],
  },
  {
    name: 'an account with half of the nodes',
    ...common,
    nodes: nodesOf(12, (i) => ({ capacity: 2, account: i % 2 === 0 ? 7 : 100 + i })),
    jobs: [job(0, { replicas: 3, tasks: tasksFrom(0, 20) }), job(1, { tasks: tasksFrom(0, 20) })],
  },
  {
    name: 'two accounts are too few for three replicas',
    ...common,
    nodes: nodesOf(10, (i) => ({ account: i % 2 })),
    jobs: [job(0, { price: '11', replicas: 3 }), job(1, { replicas: 2, tasks: tasksFrom(0, 9) })],
  },
  {
    name: 'at most one replica in trial',
    ...common,
    nodes: nodesOf(12, (i) => ({ capacity: 2, bond: i % 3 === 0 ? '100' : '99' })),
    jobs: [job(0, { replicas: 3, tasks: tasksFrom(0, 20) }), job(1, { replicas: 2, price: '9' })],
  },
  {
    name: 'accounts with nodes in trial and out of it',
    ...common,
    nodes: nodesOf(15, (i) => ({
      capacity: 3,
      account: i % 5 === 4 ? 100 + i : i % 2,
      bond: i % 3 === 0 ? RICH : '50',
    })),
    jobs: [job(0, { replicas: 3, tasks: tasksFrom(0, 20) }), job(1, { replicas: 2, price: '5' })],
  },
  {
    name: 'trial rows first, then the bond',
    ...common,
    trialRows: 2,
    nodes: nodesOf(4, (i) => ({ capacity: 9, bond: String([0, 20, 45, 90][i] ?? 0) })),
    jobs: [job(0, { tasks: tasksFrom(0, 40) }), job(1, { price: '3', tasks: tasksFrom(0, 40) })],
  },
  {
    name: 'allow lists',
    ...common,
    nodes: nodesOf(9, () => ({ capacity: 2 })),
    jobs: [
      job(0, { price: '30', replicas: 2, tasks: tasksFrom(0, 9), allowed: [5, 9, 11] }),
      job(1, { price: '20', tasks: tasksFrom(0, 9), allowed: [7, 9, 13, 999] }),
      job(2, { price: '10', tasks: tasksFrom(0, 9), allowed: [] }),
      job(3, { price: '5', tasks: tasksFrom(0, 9) }),
    ],
  },
  mixed('everything at once', 40, 6),
  mixed('everything at once, more of it', 70, 5),
  mixed('everything at once, few nodes', 9, 5),
]
