// deal.json: the deal of one kind. `account` is whose node it is; jobs stand in the order in which they are dealt.
import { deepEqual } from 'node:assert/strict'
import { fromHex, toHex } from '../../packages/protocol/src/bytes.ts'
import { type DealJob, dealEpoch } from '../../packages/protocol/src/deal.ts'
import type { JobDeal } from '../../packages/protocol/src/workforce.ts'
import { type DealCase, dealCases, type JobEntry } from './lib/deal-cases.ts'
import type { VectorFile } from './lib/file.ts'
import { someBytes } from './lib/random.ts'

interface DealtTask {
  readonly job: number
  readonly task: number
  readonly nodes: readonly number[]
}

interface DealEntry extends DealCase {
  readonly seed: string
  readonly dealt: readonly DealtTask[]
}

const BYTES32 = new Uint8Array(32)

/** An open job whose window is exactly the entry's tasks. */
function dealJob(kind: number, entry: JobEntry): DealJob {
  const { index, replicas, maxUnits, tasks, allowed } = entry
  const price = BigInt(entry.price)
  const job = {
    index,
    requester: BYTES32,
    kind,
    rule: 'piece' as const,
    price,
    capPrice: 0n,
    tasks: (tasks.at(-1) ?? -1) + 1,
    replicas,
    maxUnits,
    leaseEpochs: 1,
    verifierBps: 0,
    settleBps: 0,
    deposit: price * BigInt(maxUnits * replicas * tasks.length),
    specHash: BYTES32,
    allowRoot: BYTES32,
  }
  const eligible = allowed && ((node: number) => allowed.includes(node))
  return { job, openSlot: 0, ...(eligible && { eligible }) }
}

function dealtOf({ seed, kind, trialRows, nodes, jobs }: Omit<DealEntry, 'dealt'>): DealtTask[] {
  const deal = dealEpoch({
    workforce: {
      epoch: 0,
      nodes: Uint32Array.from(nodes, ({ index }) => index),
      owners: Uint32Array.from(nodes, ({ account }) => account),
      bonds: BigUint64Array.from(nodes, ({ bond }) => BigInt(bond)),
      attributes: nodes.map(() => []),
      kinds: [{ kind, capacities: Uint32Array.from(nodes, ({ capacity }) => capacity) }],
      windows: jobs.map(({ index, tasks }) => ({
        job: index,
        cursor: tasks[0] ?? 0,
        inFlight: 0,
        charged: 0n,
        returned: [],
      })),
    },
    recent: [],
    jobs: jobs.map((job) => dealJob(kind, job)),
    startSlot: 1,
    seed: fromHex(seed),
    rules: new Map([
      [kind, { kind, version: 1, allocation: 'dealt', checking: 'exact', rate: 50_000, cap: 0 }],
    ]),
    trialRows,
  })
  return deal.jobs.flatMap(tasksOf)
}

function tasksOf({ job, tasks, nodes }: JobDeal): DealtTask[] {
  return [...new Set(tasks)].map((task) => ({
    job,
    task,
    nodes: [...nodes].filter((_, i) => tasks[i] === task),
  }))
}

function entry({ name, ...rest }: DealCase): DealEntry {
  const input = { name, seed: toHex(someBytes(`deal ${name}`)), ...rest }
  return { ...input, dealt: dealtOf(input) }
}

export const vectors: VectorFile<DealEntry> = {
  name: 'deal',
  generate: () => dealCases.map(entry),
  check: ({ dealt, ...input }) => deepEqual(dealtOf(input), dealt),
}
