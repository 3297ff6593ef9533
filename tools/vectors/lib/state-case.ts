// What state.json holds: a small state with at least one record of every sort.

import type { Job } from '../../../packages/protocol/src/facts.ts'
import { prunedNode } from '../../../packages/protocol/src/state/pruned.ts'
import {
  type CarriedStint,
  type DealtEpoch,
  type JobRecord,
  NEVER,
  type NodeRecord,
  ROW_DRAWN,
  ROW_TRIAL,
  ROW_UNADMITTED,
  type State,
} from '../../../packages/protocol/src/state/state.ts'
import type { Workforce } from '../../../packages/protocol/src/workforce.ts'
import { someBytes, someU64 } from './random.ts'

const EPOCH = 41

const newcomer: NodeRecord = {
  nodeKey: someBytes('state newcomer'),
  owner: 1,
  kinds: [],
  attributes: [],
  expiresAtEpoch: 0,
  nonce: 0n,
  bond: 0n,
  vouched: 0n,
  held: 0n,
  enrolledAt: 40,
  lastRow: NEVER,
  failedAt: NEVER,
  barredUntil: NEVER,
  history: [],
}

const established: NodeRecord = {
  nodeKey: someBytes('state established'),
  owner: 0,
  kinds: [
    { kind: 1, capacity: 20 },
    { kind: 65_535, capacity: 2 ** 32 - 1 },
  ],
  attributes: [
    { name: 'country', value: 'NL' },
    { name: 'languages', value: 'nl, en, 日本語' },
  ],
  expiresAtEpoch: Number.MAX_SAFE_INTEGER - 1,
  nonce: someU64('state nonce'),
  bond: 3_800n,
  vouched: 2n ** 64n - 1n,
  held: 250n,
  enrolledAt: 0,
  lastRow: 41,
  failedAt: 3,
  barredUntil: 14,
  history: [
    { epoch: 37, exposure: 3_800n, pay: 400n, tasks: 4 },
    { epoch: 41, exposure: 190n, pay: 50n, tasks: 9 },
  ],
}

function jobOf(index: number, change: Partial<Job>): Job {
  return {
    index,
    requester: someBytes(`state requester ${index}`),
    kind: 1,
    rule: 'piece',
    price: 100n,
    capPrice: 0n,
    tasks: 1_000_000,
    replicas: 1,
    maxUnits: 1,
    leaseEpochs: 4,
    verifierBps: 1_500,
    settleBps: 100,
    deposit: 10n ** 12n,
    specHash: someBytes(`state spec ${index}`),
    allowRoot: new Uint8Array(32),
    ...change,
  }
}

const judged: JobRecord = {
  job: jobOf(0, { kind: 2, replicas: 3, allowRoot: someBytes('state allowed') }),
  openSlot: 118,
  closedAt: NEVER,
  charged: 4_060n,
  done: false,
  cursor: 9,
  inFlight: 5,
  tasks: [
    {
      task: 2,
      out: 1,
      missing: 1,
      had: [0, 1],
      trial: true,
      lastDealt: 40,
      answers: [
        {
          node: 1,
          epoch: 40,
          seq: 1,
          row: 1023,
          trial: true,
          units: 1,
          output: someBytes('state answer', 5),
        },
        { node: 0, epoch: 41, seq: 0, row: 0, trial: false, units: 1, output: new Uint8Array() },
      ],
      result: undefined,
      keptUntil: NEVER,
    },
    {
      task: 5,
      out: 1,
      missing: 0,
      had: [0],
      trial: false,
      lastDealt: 38,
      answers: [],
      result: someBytes('state result', 3),
      keptUntil: 43,
    },
  ],
  openNext: [],
  memory: someBytes('state memory', 40),
}

const open: JobRecord = {
  job: jobOf(1, { kind: 3, rule: 'share', capPrice: 7n }),
  openSlot: 300,
  closedAt: 41,
  charged: 0n,
  done: true,
  cursor: 0,
  inFlight: 0,
  tasks: [],
  openNext: [
    { node: 0, task: 42 },
    { node: 1, task: 2 ** 32 },
  ],
  memory: new Uint8Array(),
}

const dealt: readonly DealtEpoch[] = [
  {
    deal: {
      epoch: 40,
      jobs: [
        {
          job: 0,
          cursor: 9,
          tasks: Uint32Array.of(2, 7, 7, 8),
          nodes: Uint32Array.of(1, 0, 1, 0),
          trial: Uint8Array.of(1, 0, 1, 0),
        },
      ],
    },
    used: [Uint8Array.of(1, 0, 0, 1)],
  },
  { deal: { epoch: 41, jobs: [] }, used: [] },
]

const carried: CarriedStint = {
  epoch: 40,
  node: 1,
  batches: [
    { hash: someBytes('state batch 0'), rowCount: 1024 },
    { hash: someBytes('state batch 1'), rowCount: 2 },
  ],
  table: {
    length: 3,
    seqs: Uint32Array.of(0, 0, 1),
    rows: Uint16Array.of(0, 1023, 1),
    jobs: Uint32Array.of(0, 0, 1),
    tasks: Uint32Array.of(2, 7, 41),
    units: Uint32Array.of(1, 1, 2 ** 32 - 1),
    flags: Uint8Array.of(ROW_DRAWN | ROW_TRIAL, 0, ROW_DRAWN | ROW_UNADMITTED),
  },
  commits: someBytes('state commits', 96),
  start: 0,
  end: 3,
  drawn: 2,
  unproven: true,
  checkers: [3, 0, 7, 1, 2],
  findings: [
    {
      verifier: 0,
      trace: someBytes('state trace'),
      delivered: [someBytes('state bits', 128), Uint8Array.of(3)],
      scores: [{ job: 1, score: 1_000_000 }],
    },
  ],
  answers: [{ seq: 0, row: 0, salt: someBytes('state salt'), output: someBytes('state output', 9) }],
}

function workforceOf(epoch: number, change: Partial<Workforce> = {}): Workforce {
  return {
    epoch,
    nodes: new Uint32Array(),
    owners: new Uint32Array(),
    bonds: new BigUint64Array(),
    attributes: [],
    kinds: [{ kind: 1, capacities: new Uint32Array() }],
    windows: [],
    ...change,
  }
}

/** Its workforces: of nobody, of one node, and of both with a job to deal. */
const workforces: readonly Workforce[] = [
  workforceOf(EPOCH + 1),
  workforceOf(EPOCH + 2, {
    nodes: Uint32Array.of(0),
    owners: Uint32Array.of(0),
    bonds: BigUint64Array.of(3_800n),
    attributes: [established.attributes],
    kinds: [{ kind: 1, capacities: Uint32Array.of(20) }],
  }),
  workforceOf(EPOCH + 3, {
    nodes: Uint32Array.of(0, 1),
    owners: Uint32Array.of(0, 1),
    bonds: BigUint64Array.of(2n ** 64n - 1n, 0n),
    attributes: [established.attributes, []],
    kinds: [
      { kind: 1, capacities: Uint32Array.of(18, 5) },
      { kind: 2, capacities: Uint32Array.of(0, 5) },
    ],
    windows: [
      {
        job: 0,
        cursor: 9,
        inFlight: 5,
        charged: 4_060n,
        returned: [{ task: 2, missing: 1, had: [0, 1], trial: true }],
      },
    ],
  }),
]

export const someState: State = {
  networkId: someBytes('state network'),
  epoch: EPOCH,
  nodes: [established, newcomer, prunedNode(1)],
  owners: [
    { wallet: someBytes('state wallet 0'), account: 1, minAmount: 1_000n, maxFee: 25n, enterFrom: 0n },
    { wallet: someBytes('state wallet 1'), account: NEVER, minAmount: 0n, maxFee: 0n, enterFrom: 4n },
  ],
  accounts: [
    { owner: NEVER, released: 12n },
    { owner: 0, released: 3_248n },
  ],
  jobs: [judged, open],
  verifiers: [
    { operator: someBytes('state operator 0'), slashed: 0n },
    { operator: someBytes('state operator 1'), slashed: 500n },
  ],
  dealt,
  workforces,
  carried: [carried],
}
