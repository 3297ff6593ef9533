// A network of any size in the middle of its life, and an epoch of it in which everybody did what it was dealt.
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

const ROWS_PER_NODE = 20
const MOST_RECEIPTS = 1_000_000
const VERIFIERS = 10
const JOBS = 20
/** Applied before the measured one, so that bonds, histories and leases are what they are in a running network. */
const WARM_EPOCHS = 3
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
    deposit: BigInt(Math.ceil(MOST_RECEIPTS / JOBS)) * 116n * 3n + 10n ** 10n,
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

/** The epoch that is measured, and how many receipts it has. */
export function epochOfNetwork(nodes: number): { readonly epoch: Epoch; readonly receipts: number } {
  let state = firstState(nodes)
  let previous = ZERO_HASH
  for (let e = 0; e < WARM_EPOCHS; e++) {
    const applied = applyEpoch(epochOf(state, previous).epoch)
    state = applied.state
    previous = attestationHash(applied.attestation)
  }
  return epochOf(state, previous)
}
