// Small random deals in which everything that can get into each other's way does.
import fc from 'fast-check'
import type { DealInput, DealJob } from '../../src/deal.ts'
import type { Job, KindRules } from '../../src/facts.ts'
import type { Deal, JobDeal, JobWindow, Workforce } from '../../src/workforce.ts'

export const EPOCH = 9
export const START_SLOT = 1000
const KINDS = [3, 5, 8]

export function rulesFor(kinds: readonly number[]): ReadonlyMap<number, KindRules> {
  return new Map(
    kinds.map((kind) => [
      kind,
      { kind, version: 1, allocation: 'dealt', checking: 'exact', rate: 50_000, cap: 0 },
    ]),
  )
}

export function aJob(job: Partial<Job> & { readonly index: number }): Job {
  return {
    requester: new Uint8Array(32),
    kind: 3,
    rule: 'piece',
    price: 1n,
    capPrice: 0n,
    tasks: 10,
    replicas: 1,
    maxUnits: 1,
    leaseEpochs: 1,
    verifierBps: 0,
    settleBps: 0,
    deposit: 10n ** 15n,
    specHash: new Uint8Array(32),
    allowRoot: new Uint8Array(32),
    ...job,
  }
}

// Around the limits of values from 1 to 15: ten times a value is out of trial, one value is one row.
const bond = fc.constantFrom(0n, 1n, 5n, 9n, 10n, 19n, 20n, 30n, 45n, 60n, 100n, 150n, 1000n)
const U64_MAX = 2n ** 64n - 1n
/** The second makes neighbouring amounts indistinguishable to doubles. */
const scale = fc.constantFrom(1n, 1n, 2n ** 54n + 1n)

export interface Size {
  readonly nodes: number
  readonly tasks: number
}

const nodes = (most: number) =>
  fc
    .array(
      fc.record({
        gap: fc.nat(2),
        owner: fc.oneof(fc.constantFrom(1, 1, 2, 2, 3, 4, 70, 900), fc.nat(99)),
        bond,
        off: fc.constantFrom(-1n, 0n, 0n, 0n, 1n),
        capacities: fc.tuple(fc.nat(4), fc.nat(4), fc.nat(4)),
      }),
      { maxLength: most, size: 'max' },
    )
    .map((list) => list.map((node, i) => ({ ...node, index: 3 * i + node.gap })))

const money = fc.oneof(
  { weight: 4, arbitrary: fc.constant(10n ** 15n) },
  { weight: 1, arbitrary: fc.bigInt({ min: 0n, max: 400n }) },
)

const job = (mostTasks: number) =>
  fc.record({
    kind: fc.constantFrom(3, ...KINDS, ...KINDS, 99),
    rule: fc.constantFrom('piece' as const, 'share' as const),
    price: fc.bigInt({ min: 0n, max: 5n }),
    capPrice: fc.bigInt({ min: 0n, max: 5n }),
    tasks: fc.nat(2 * mostTasks),
    replicas: fc.integer({ min: 1, max: 4 }),
    maxUnits: fc.integer({ min: 1, max: 3 }),
    verifierBps: fc.constantFrom(0, 1500, 3333),
    settleBps: fc.constantFrom(0, 50, 777),
    deposit: money,
  })

const returned = (mostTasks: number) =>
  fc
    .uniqueArray(
      fc.record({
        task: fc.nat(mostTasks),
        missing: fc.integer({ min: 1, max: 3 }),
        had: fc.uniqueArray(fc.constantFrom(1, 2, 3, 4, 70, 900, 5555), { maxLength: 4 }),
        trial: fc.boolean(),
      }),
      { maxLength: mostTasks / 2, size: 'max', selector: ({ task }) => task },
    )
    .map((list) => list.sort((a, b) => a.task - b.task))

/** What a job has behind it: its window, and what the two deals before handed out of it. */
const past = (mostTasks: number) =>
  fc.record({
    touched: fc.boolean(),
    returned: returned(mostTasks),
    cursor: fc.nat(mostTasks),
    inFlight: fc.nat(5),
    charged: fc.bigInt({ min: 0n, max: 60n }),
    recent: fc.array(
      fc.record({
        replicas: fc.array(fc.tuple(fc.nat(mostTasks), fc.nat(41), fc.boolean()), { maxLength: 5 }),
        cursor: fc.nat(mostTasks),
        epoch: fc.constantFrom(EPOCH - 2, EPOCH - 1),
      }),
      { maxLength: 2 },
    ),
  })

type Past = ReturnType<typeof past> extends fc.Arbitrary<infer T> ? T : never

function windowOf(index: number, { replicas }: Pick<Job, 'replicas'>, past: Past): JobWindow {
  const returned = past.returned.map((task) => ({ ...task, missing: Math.min(task.missing, replicas) }))
  return {
    job: index,
    cursor: Math.max(past.cursor, (returned.at(-1)?.task ?? -1) + 1),
    inFlight: past.inFlight,
    charged: past.charged,
    returned,
  }
}

function recentOf(index: number, { replicas, cursor }: Past['recent'][number]): JobDeal {
  const sorted = replicas.sort(([a], [b]) => a - b)
  return {
    job: index,
    cursor,
    tasks: Uint32Array.from(sorted, ([task]) => task),
    nodes: Uint32Array.from(sorted, ([, node]) => node),
    trial: Uint8Array.from(sorted, ([, , trial]) => Number(trial)),
  }
}

const dealJob = (mostTasks: number) =>
  fc.record({
    job: job(mostTasks),
    past: past(mostTasks),
    openSlot: fc.integer({ min: START_SLOT - 6, max: START_SLOT + 5 }),
    excluded: fc.option(fc.uniqueArray(fc.nat(41), { maxLength: 20 }), { nil: undefined }),
  })

export const dealInput = (size: Size): fc.Arbitrary<DealInput> =>
  fc
    .record({
      nodes: nodes(size.nodes),
      jobs: fc.array(dealJob(size.tasks), { minLength: 1, maxLength: 6 }),
      seed: fc.uint8Array({ minLength: 32, maxLength: 32 }),
      trialRows: fc.nat(3),
      scale,
    })
    .map(({ nodes, jobs, seed, trialRows, scale }): DealInput => {
      const workforce: Workforce = {
        epoch: EPOCH,
        nodes: Uint32Array.from(nodes, ({ index }) => index),
        owners: Uint32Array.from(nodes, ({ owner }) => owner),
        bonds: BigUint64Array.from(nodes, ({ bond, off }) => within64(bond * scale + off)),
        attributes: nodes.map(() => []),
        kinds: KINDS.map((kind, i) => ({
          kind,
          capacities: Uint32Array.from(nodes, ({ capacities }) => capacities[i] ?? 0),
        })),
        windows: jobs.flatMap(({ past, job }, index) =>
          past.touched ? [windowOf(index, job, { ...past, charged: past.charged * scale })] : [],
        ),
      }
      const recent = [EPOCH - 2, EPOCH - 1].map(
        (epoch): Deal => ({
          epoch,
          jobs: jobs.flatMap(({ past }, index) =>
            past.recent.filter((deal) => deal.epoch === epoch).map((deal) => recentOf(index, deal)),
          ),
        }),
      )
      return {
        workforce,
        recent,
        jobs: jobs.map((each, index) => toDealJob(index, each, scale)),
        startSlot: START_SLOT,
        seed,
        rules: rulesFor([...KINDS, 99]),
        trialRows,
      }
    })

function within64(amount: bigint): bigint {
  if (amount < 0n) return 0n
  return amount > U64_MAX ? U64_MAX : amount
}

function toDealJob(index: number, { job, openSlot, excluded }: Omit<Drawn, 'past'>, scale: bigint): DealJob {
  const money = { price: job.price * scale, capPrice: job.capPrice * scale, deposit: job.deposit * scale }
  const base = { job: aJob({ ...job, ...money, index }), openSlot }
  return excluded === undefined ? base : { ...base, eligible: (node) => !excluded.includes(node) }
}

type Drawn = ReturnType<typeof dealJob> extends fc.Arbitrary<infer T> ? T : never
