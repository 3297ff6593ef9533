// `bench epoch`: one applyEpoch of 50,000 nodes and 1,000,000 receipts, all of it: the deal, admission, draws, outcomes,
// charges, bonds, workforce, ledgers, pages and hashes. Beside it a quarter of the work, which must not be much faster.
import {
  applyEpoch,
  attestationHash,
  BATCH_HEADER_BYTES,
  BATCH_ROWS,
  concat,
  dealOf,
  type Epoch,
  type Facts,
  genesisState,
  type HeldBatch,
  h,
  type InventoryData,
  LOCAL_PARAMS,
  makeBitmap,
  ROW_BYTES,
  readBatch,
  SIGNATURE_BYTES,
  type State,
  surveyEpoch,
  u32le,
  viewOf,
  ZERO_HASH,
} from '@piecework/protocol'
import { TOY_KINDS, toyRules, toyWork } from '@piecework/testkit'
import { atMost, type Bench, type Measured } from './types.ts'

const NODES = 50_000
const ROWS_PER_NODE = 20
const VERIFIERS = 10
const JOBS = 20
/** Applied before the measured one, so that bonds, histories and leases are what they are in a running network. */
const WARM_EPOCHS = 3
/** The least of so many: a machine with others on it disturbs some of them. */
const SAMPLES = 7
const EPOCH_SLOTS = 1000
const NETWORK = h('pw/state', u32le(50_000))
const PARAMS = { ...LOCAL_PARAMS, trialRows: ROWS_PER_NODE }
const KINDS = toyRules()
const VERIFIER_IDS = Array.from({ length: VERIFIERS }, (_, id) => id)

function keyOf(what: string, index: number): Uint8Array {
  return h('pw/enrol', new TextEncoder().encode(what), u32le(index))
}

function firstState(nodes: number): State {
  return genesisState({
    networkId: NETWORK,
    kinds: KINDS,
    trialRows: ROWS_PER_NODE,
    nodes: Array.from({ length: nodes }, (_, i) => ({
      nodeKey: keyOf('node', i),
      wallet: keyOf('wallet', i),
      kinds: [{ kind: TOY_KINDS.exact, capacity: ROWS_PER_NODE }],
      attributes: [],
      expiresAtEpoch: 1_000_000,
      vouched: 1_000_000n,
      minAmount: 0n,
      maxFee: 0n,
    })),
  })
}

function factsOf(state: State, previous: Uint8Array): Facts {
  const epoch = state.epoch + 1
  const snapshot = VERIFIER_IDS.map((id) => {
    return { id, voteKey: keyOf('vote', id), operator: keyOf('operator', id), stake: 1000n, weight: 1000 }
  })
  const first = epoch === 0
  return {
    networkId: NETWORK,
    epoch,
    previous,
    startSlot: (epoch + 1) * EPOCH_SLOTS,
    endSlot: (epoch + 2) * EPOCH_SLOTS,
    dealSeed: keyOf('seed', epoch),
    seed: keyOf('seed', epoch + 2),
    params: PARAMS,
    kinds: KINDS,
    snapshot,
    posted: [],
    joined: first ? snapshot : [],
    created: first ? Array.from({ length: JOBS }, (_, index) => jobOf(index)) : [],
    opened: first ? Array.from({ length: JOBS }, (_, job) => ({ job, slot: 0 })) : [],
    closed: [],
  }
}

function jobOf(index: number): Facts['created'][number] {
  return {
    index,
    requester: keyOf('requester', index),
    kind: TOY_KINDS.exact,
    rule: 'piece',
    price: 100n,
    capPrice: 0n,
    tasks: 4_000_000_000,
    // Every job covers its share of an epoch's tasks, of the deals in flight, and no more: all jobs are dealt.
    deposit: BigInt(Math.ceil((NODES * ROWS_PER_NODE) / JOBS)) * 116n * 3n + 10n ** 10n,
    replicas: 1,
    maxUnits: 1,
    leaseEpochs: 1,
    verifierBps: 1500,
    settleBps: 100,
    specHash: ZERO_HASH,
    allowRoot: ZERO_HASH,
  }
}

/** One batch for each node, with what it was dealt. */
function batchesOf(state: State, facts: Facts): ReadonlyMap<number, readonly HeldBatch[]> {
  const { jobs } = dealOf({ state, facts, work: toyWork })
  const rowsOf = new Uint32Array(state.nodes.length)
  for (const { nodes } of jobs) for (const node of nodes) rowsOf[node] = (rowsOf[node] ?? 0) + 1
  const drafts = new Map<number, BatchDraft>()
  for (const [node, rows] of rowsOf.entries()) {
    if (rows > 0) drafts.set(node, draftOf(state, facts.epoch, { node, rows }))
  }
  for (const { job, tasks, nodes } of jobs) {
    for (let i = 0; i < nodes.length; i++) {
      const node = nodes[i] ?? 0
      const draft = drafts.get(node)
      if (draft !== undefined) writeRow(draft, { job, task: tasks[i] ?? 0, node })
    }
  }
  return new Map([...drafts].map(([node, { signed }]) => [node, [readBatch(signed)]]))
}

/** Written by hand, because a million rows are no place for objects or for a codec that checks what it wrote. */
interface BatchDraft {
  readonly signed: Uint8Array
  readonly view: DataView
  /** Where its next row begins. */
  end: number
}

function draftOf(
  state: State,
  epoch: number,
  { node, rows }: { readonly node: number; readonly rows: number },
): BatchDraft {
  const signed = new Uint8Array(SIGNATURE_BYTES + BATCH_HEADER_BYTES + rows * ROW_BYTES)
  const view = viewOf(signed)
  signed.set(NETWORK, SIGNATURE_BYTES)
  view.setBigUint64(SIGNATURE_BYTES + 32, BigInt(epoch), true)
  signed.set(state.nodes[node]?.nodeKey ?? ZERO_HASH, SIGNATURE_BYTES + 40)
  view.setUint32(SIGNATURE_BYTES + 108, BATCH_HEADER_BYTES, true)
  return { signed, view, end: SIGNATURE_BYTES + BATCH_HEADER_BYTES }
}

function writeRow(
  draft: BatchDraft,
  { job, task, node }: { readonly job: number; readonly task: number; readonly node: number },
): void {
  const { view, end } = draft
  view.setUint32(end, job, true)
  view.setUint32(end + 4, task, true)
  view.setUint32(end + 8, 1, true)
  view.setUint32(end + 16, node, true)
  draft.end = end + ROW_BYTES
}

function inventoriesOf(epoch: number, chains: ReadonlyMap<number, readonly HeldBatch[]>): InventoryData[] {
  const nodes = Uint32Array.from(chains.keys()).sort()
  const heads = concat(Array.from(nodes, (node) => chains.get(node)?.at(-1)?.hash ?? ZERO_HASH))
  const none = {
    enrolments: ZERO_HASH,
    known: ZERO_HASH,
    appeals: ZERO_HASH,
    secretHash: ZERO_HASH,
    buckets: [],
  }
  return VERIFIER_IDS.map((verifierId) => ({
    header: { networkId: NETWORK, epoch, verifierId, ...none },
    nodes,
    seqs: new Uint32Array(nodes.length),
    heads,
    enrolments: [],
    known: [],
    appeals: [],
  }))
}

function epochOf(state: State, previous: Uint8Array): { epoch: Epoch; receipts: number } {
  const facts = factsOf(state, previous)
  const chains = batchesOf(state, facts)
  const inputs = {
    round: 0,
    settler: keyOf('settler', 0),
    inventories: inventoriesOf(facts.epoch, chains),
    chainOf: (node: number) => chains.get(node) ?? [],
    enrolments: [],
    known: [],
    reports: [],
    twoReveals: [],
  }
  const epoch: Epoch = { state, facts, inputs, ports: { work: toyWork, verify: () => true } }
  let receipts = 0
  for (const [batch] of chains.values()) receipts += batch?.rowCount ?? 0
  return { epoch: { ...epoch, inputs: { ...inputs, reports: reportsOf(epoch) } }, receipts }
}

/** Every checker agrees that everything was delivered and right. */
function reportsOf(epoch: Epoch): Epoch['inputs']['reports'] {
  const due = surveyEpoch(epoch)
  const places = Array.from({ length: BATCH_ROWS }, (_, row) => row)
  return VERIFIER_IDS.map((verifierId) => {
    const mine = due.filter(({ checkers }) => checkers.includes(verifierId))
    const stints = mine.map(({ stint }) => ({
      epoch: stint.epoch,
      node: stint.node,
      traces: stint.batches.map(({ hash }) => hash),
      delivered: stint.batches.map(({ rowCount }) => makeBitmap(rowCount, places.slice(0, rowCount))),
      answers: [],
      scores: [],
    }))
    const report = { networkId: NETWORK, epoch: epoch.facts.epoch, verifierId, stints, evidence: [] }
    return { report, hash: keyOf('report', verifierId) }
  })
}

interface Timed {
  readonly seconds: number
  readonly receipts: number
}

function measure(nodes: number): Timed {
  let state = firstState(nodes)
  let previous = ZERO_HASH
  for (let e = 0; e < WARM_EPOCHS; e++) {
    const applied = applyEpoch(epochOf(state, previous).epoch)
    state = applied.state
    previous = attestationHash(applied.attestation)
  }
  const { epoch, receipts } = epochOf(state, previous)
  const times = Array.from({ length: SAMPLES }, () => {
    const started = performance.now()
    applyEpoch(epoch)
    return (performance.now() - started) / 1000
  })
  return { seconds: Math.min(...times), receipts }
}

async function run(): Promise<Measured> {
  const quarter = measure(NODES / 4)
  const whole = measure(NODES)
  const resident = process.resourceUsage().maxRSS / 1024 ** 2
  const growth = whole.seconds / quarter.seconds
  return {
    figures: {
      nodes: NODES,
      receipts: whole.receipts,
      seconds: round(whole.seconds),
      receiptsPerSecond: Math.round(whole.receipts / whole.seconds),
      quarterSeconds: round(quarter.seconds),
      growth: round(growth),
      residentGB: round(resident),
    },
    bars: [
      atMost('seconds for 50,000 nodes and 1,000,000 receipts', round(whole.seconds), 3),
      atMost('time for 4 times the work', round(growth), 4.6),
      atMost('resident memory, GB, with inputs and their making', round(resident), 1),
    ],
  }
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}

export const bench: Bench = {
  name: 'epoch',
  about: 'applyEpoch of 50,000 nodes and 1,000,000 receipts, beside a quarter of the work',
  run,
}
