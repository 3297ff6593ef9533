// The deal as 8-bytes.md and 2-protocol.md write it, step by step and as slowly as that is. Only for comparing.
import type { DealInput, DealJob } from '../../src/deal.ts'
import { shuffle } from '../../src/draws.ts'
import type { Job } from '../../src/facts.ts'
import type { Deal, JobDeal, ReturnedTask } from '../../src/workforce.ts'

interface Node {
  readonly index: number
  readonly account: number
  readonly bond: bigint
  value: bigint
  rows: number
}

interface Position {
  readonly node: Node
  free: boolean
}

interface Task {
  readonly task: number
  readonly replicas: number
  readonly had: readonly number[]
  readonly trial: boolean
}

interface Replica {
  readonly task: number
  readonly node: number
  readonly trial: boolean
}

export function referenceDeal(input: DealInput): Deal {
  const { workforce } = input
  const nodes = Array.from(workforce.nodes, (index, i): Node => {
    const [account = 0, bond = 0n] = [workforce.owners[i], workforce.bonds[i]]
    return { index, account, bond, value: 0n, rows: 0 }
  })
  const turns = new Map(
    workforce.kinds.map(({ kind, capacities }) => [kind, turnsOf({ input, nodes, kind, capacities })]),
  )
  const jobs = inOrder(input)
    .filter(({ job }) => input.rules.get(job.kind)?.allocation === 'dealt')
    .map((job) => dealJob({ input, job, turns: turns.get(job.job.kind) ?? [] }))
  return { epoch: workforce.epoch, jobs: jobs.filter(({ tasks }) => tasks.length > 0) }
}

function inOrder({ jobs, startSlot }: DealInput): DealJob[] {
  const price = ({ job }: DealJob): bigint => (job.rule === 'share' ? job.capPrice : job.price)
  const compare = (a: number | bigint, b: number | bigint): number => (a < b ? -1 : a > b ? 1 : 0)
  const first = jobs
    .filter(({ openSlot }) => openSlot < startSlot)
    .sort((a, b) => compare(price(b), price(a)) || compare(a.job.index, b.job.index))
  const then = jobs
    .filter(({ openSlot }) => openSlot >= startSlot)
    .sort((a, b) => compare(a.openSlot, b.openSlot) || compare(a.job.index, b.job.index))
  return [...first, ...then]
}

interface TurnsOf {
  readonly input: DealInput
  readonly nodes: readonly Node[]
  readonly kind: number
  readonly capacities: Uint32Array
}

function turnsOf({ input, nodes, kind, capacities }: TurnsOf): Position[][] {
  const turns: Position[][] = []
  for (let turn = 0; turn < Math.max(...capacities); turn++) {
    const list = Uint32Array.from(nodes.keys()).filter((i) => (capacities[i] ?? 0) > turn)
    shuffle(list, { seed: input.seed, kind, turn })
    turns.push(Array.from(list, (i) => ({ node: nodes[i] as Node, free: true })))
  }
  return turns
}

interface JobDealing {
  readonly input: DealInput
  readonly job: DealJob
  readonly turns: readonly Position[][]
}

function dealJob({ input, job: dealJob, turns }: JobDealing): JobDeal {
  const { job } = dealJob
  const fixed = input.workforce.windows.find((window) => window.job === job.index)
  const since = input.recent.flatMap(({ jobs }) => jobs).filter((dealt) => dealt.job === job.index)
  let inFlight = (fixed?.inFlight ?? 0) + since.reduce((sum, { tasks }) => sum + tasks.length, 0)
  const dealt: Replica[] = []
  const covers = (replicas: number): boolean => {
    const inBudget = job.rule === 'piece' || BigInt(dealt.length + replicas) * worthOf(job) <= job.price
    return inBudget && costOf(job, inFlight + replicas) <= job.deposit - (fixed?.charged ?? 0n)
  }
  const place = (task: Task): boolean => {
    const replicas = placeTask(task, { input, job: dealJob, turns })
    dealt.push(...replicas)
    inFlight += replicas.length
    return replicas.length > 0
  }
  let covered = true
  for (const task of fixed?.returned ?? []) {
    const returned = sinceReturned({ task, since, input })
    if (returned.replicas <= 0) continue
    covered &&= covers(returned.replicas)
    if (covered) place(returned)
  }
  let cursor = Math.max(fixed?.cursor ?? 0, ...since.map((deal) => deal.cursor))
  while (covered && cursor < job.tasks && covers(job.replicas)) {
    if (!place({ task: cursor, replicas: job.replicas, had: [], trial: false })) break
    cursor++
  }
  return {
    job: job.index,
    cursor,
    tasks: Uint32Array.from(dealt, ({ task }) => task),
    nodes: Uint32Array.from(dealt, ({ node }) => node),
    trial: Uint8Array.from(dealt, ({ trial }) => Number(trial)),
  }
}

function worthOf(job: Job): bigint {
  return (job.rule === 'share' ? job.capPrice : job.price) * BigInt(job.maxUnits)
}

function costOf(job: Job, replicas: number): bigint {
  const pay = BigInt(replicas) * worthOf(job)
  return pay + (pay * BigInt(job.verifierBps)) / 10_000n + (pay * BigInt(job.settleBps)) / 10_000n
}

interface SinceReturned {
  readonly task: ReturnedTask
  readonly since: readonly JobDeal[]
  readonly input: DealInput
}

/** What a returned task still misses, after those of its replicas that were dealt again. */
function sinceReturned({ task, since, input }: SinceReturned): Task {
  const again = since.flatMap(({ tasks, nodes, trial }) =>
    Array.from(tasks, (each, i) => ({ each, node: nodes[i], trial: trial[i] === 1 })).filter(
      ({ each }) => each === task.task,
    ),
  )
  const owners = again.map(({ node }) => input.workforce.owners[input.workforce.nodes.indexOf(node ?? -1)])
  return {
    task: task.task,
    replicas: task.missing - again.length,
    had: [...task.had, ...owners.filter((owner) => owner !== undefined)],
    trial: task.trial || again.some(({ trial }) => trial),
  }
}

function placeTask(task: Task, { input, job: { job, eligible }, turns }: JobDealing): Replica[] {
  const v = worthOf(job)
  for (const positions of turns) {
    const picks: Position[] = []
    let inTrial = task.trial
    for (const position of positions) {
      if (picks.length === task.replicas) break
      const { node, free } = position
      if (!free) continue
      if (eligible !== undefined && !eligible(node.index)) continue
      if (picks.some((pick) => pick.node.account === node.account) || task.had.includes(node.account))
        continue
      if (node.value + v > node.bond && node.rows >= input.trialRows) continue
      if (node.bond < 10n * v && inTrial) continue
      inTrial ||= node.bond < 10n * v
      picks.push(position)
    }
    if (picks.length < task.replicas) continue
    for (const pick of picks) {
      pick.free = false
      pick.node.rows += 1
      pick.node.value += v
    }
    return picks.map(({ node }) => ({ task: task.task, node: node.index, trial: node.bond < 10n * v }))
  }
  return []
}
