import { type Behaviour, equivocator, World } from '@piecework/testkit'
import { expect, it } from 'vitest'
import {
  applyEpoch,
  checkInputs,
  compareBytes,
  type Epoch,
  type Evidence,
  equalBytes,
  type Facts,
  type InputsContext,
  inputsRoot,
  inventoryRoot,
  isPruned,
  joinReveal,
  joinSigned,
  keyFromSecret,
  makeInventory,
  messageHash,
  nodeBucket,
  ProtocolError,
  type RawInputs,
  type Report,
  readBatch,
  reportCodec,
  reportCommit,
  reportHash,
  type SigningKey,
  toHex,
  verifySignature,
} from '../src/index.ts'
import { prunedNode } from '../src/state/pruned.ts'
import { at } from './support/chain.ts'

const VERIFIERS = 4
const NOTHING_SHOWN: Evidence = {
  what: 'row',
  first: new Uint8Array(),
  second: new Uint8Array(),
  row: 0,
  salt: new Uint8Array(32),
  output: new Uint8Array(),
}
const SALT = new Uint8Array(32).fill(7)

/** An epoch as its messages travel, and what it decodes to. */
interface Travelled {
  readonly raw: RawInputs
  readonly context: InputsContext
  readonly epoch: Epoch
  readonly keys: readonly SigningKey[]
}

function travel(second: Behaviour = {}): Travelled {
  const world = new World({
    name: 'check inputs',
    signs: true,
    verifiers: Array.from({ length: VERIFIERS }, () => ({ stake: 100n })),
    contributors: [{}, second, {}].map((behaviour) => ({ vouched: 10_000n, behaviour })),
  })
  world.addJob({})
  const epoch = world.prepare()
  const keys = Array.from({ length: VERIFIERS }, (_, id) => keyFromSecret(new Uint8Array(32).fill(id + 1)))
  const inventories = epoch.inputs.inventories.map((data) => {
    const parts = {
      ...data,
      ...data.header,
      enrolments: data.enrolments,
      known: data.known,
      appeals: data.appeals,
    }
    return makeInventory(parts, (node) => {
      const record = epoch.state.nodes[node]
      return record === undefined ? undefined : nodeBucket(record.nodeKey)
    })
  })
  const { networkId } = world
  const messages = epoch.inputs.reports.map(({ report }) => reportCodec.encode(report))
  const facts: Facts = {
    ...epoch.facts,
    snapshot: epoch.facts.snapshot.map((entry, id) => ({
      ...entry,
      voteKey: keys[id]?.publicKey ?? entry.voteKey,
    })),
    posted: inventories.map(({ header }, verifierId) => ({
      verifierId,
      inventory: inventoryRoot(networkId, header),
      reportCommit: reportCommit({
        networkId,
        epoch: epoch.facts.epoch,
        verifierId,
        salt: SALT,
        reportHash: reportHash(networkId, messages[verifierId] ?? new Uint8Array()),
      }),
    })),
  }
  const raw: RawInputs = {
    round: 0,
    settler: world.settler,
    inventories,
    batches: epoch.state.nodes.flatMap((_, node) => epoch.inputs.chainOf(node).map(({ signed }) => signed)),
    enrolments: [],
    reveals: messages.map((message, verifierId) => ({
      verifierId,
      bytes: joinReveal({ salt: SALT, signed: sign(keys[verifierId], networkId, message) }),
    })),
    otherReports: [],
    known: [],
  }
  return { raw, context: { state: epoch.state, facts, verify: verifySignature }, epoch, keys }
}

function sign(key: SigningKey | undefined, networkId: Uint8Array, message: Uint8Array): Uint8Array {
  if (key === undefined) throw new Error('no such verifier')
  return joinSigned({ signature: key.sign(messageHash('pw/report', networkId, message)), message })
}

/** Signed by its verifier, and not what it revealed. */
function otherReport(
  { context, keys }: Travelled,
  verifierId: number,
  count = 0,
): { verifierId: number; bytes: Uint8Array } {
  const { networkId, epoch } = context.facts
  const evidence = Array.from({ length: count }, () => NOTHING_SHOWN)
  const report: Report = { networkId, epoch, verifierId, stints: [], evidence }
  return { verifierId, bytes: sign(keys[verifierId], networkId, reportCodec.encode(report)) }
}

function refusal(change: (travelled: Travelled) => Partial<RawInputs>): ProtocolError {
  const travelled = travel()
  try {
    checkInputs({ ...travelled.raw, ...change(travelled) }, travelled.context)
  } catch (error) {
    if (error instanceof ProtocolError) return error
    throw error
  }
  throw new Error('these inputs were accepted')
}

it('decodes what travelled to what was sent, whatever the order it came in', () => {
  const { raw, context, epoch } = travel()
  const shuffled: RawInputs = {
    ...raw,
    inventories: raw.inventories.toReversed(),
    batches: [...raw.batches.toReversed(), ...raw.batches],
    reveals: raw.reveals.toReversed(),
  }
  const direct = applyEpoch({ ...epoch, facts: context.facts })
  for (const one of [raw, shuffled]) {
    const inputs = checkInputs(one, context)
    expect(applyEpoch({ ...epoch, facts: context.facts, inputs }).attestation).toEqual(direct.attestation)
  }
})

it('finds who signed two reports, and binds which', () => {
  const travelled = travel()
  const { raw, context } = travelled
  const { facts } = context
  const others = [2, 1].flatMap((id) => [0, 1, 2].map((count) => otherReport(travelled, id, count)))
  const hashes = others.map(({ bytes }) => messageHash('pw/report', facts.networkId, bytes.subarray(64)))
  const least = (from: number): Uint8Array => at(hashes.slice(from, from + 3).sort(compareBytes), 0)
  const inputs = checkInputs({ ...raw, otherReports: others }, context)
  expect(inputs.twoReveals).toEqual([
    { verifierId: 1, other: least(3) },
    { verifierId: 2, other: least(0) },
  ])
  const roots = [[], others.slice(0, 1), others.slice(1, 2), others.slice(3, 4)].map((otherReports) => {
    return toHex(inputsRoot(facts, checkInputs({ ...raw, otherReports }, context)))
  })
  expect(new Set(roots).size).toBe(4)
})

it('passes over what inventories list of a node that was pruned meanwhile', () => {
  const { raw, context, epoch } = travel()
  const { nodes } = epoch.state
  const state = { ...epoch.state, nodes: nodes.with(1, prunedNode(at(nodes, 1).owner)) }
  const { nodeKey } = at(nodes, 1)
  const batches = raw.batches.filter((signed) => !equalBytes(readBatch(signed).nodeKey, nodeKey))
  expect(batches.length).toBeLessThan(raw.batches.length)
  const withThem = checkInputs(raw, { ...context, state })
  expect(withThem.chainOf(1)).toEqual([])
  const inputs = checkInputs({ ...raw, batches }, { ...context, state })
  expect(inputs.inventories.map((data) => [...data.nodes])).toEqual(Array(VERIFIERS).fill([0, 1, 2]))
  const applied = applyEpoch({ ...epoch, state, facts: context.facts, inputs })
  expect(applied.state.nodes.map(({ lastRow }) => lastRow)).toEqual([0, -1, 0])
  expect(isPruned(at(applied.state.nodes, 1))).toBe(true)
})

it('takes every branch of a node that forked, each whole', () => {
  const { raw, context, epoch } = travel(equivocator)
  const { nodeKey } = at(epoch.state.nodes, 1)
  const forked = raw.batches.filter((signed) => equalBytes(readBatch(signed).nodeKey, nodeKey))
  const inputs = checkInputs(raw, context)
  expect(inputs.chainOf(1).map(({ seq }) => seq)).toEqual([0, 0])
  const { state } = applyEpoch({ ...epoch, facts: context.facts, inputs })
  expect(state.nodes.map(({ failedAt }) => failedAt)).toEqual([-1, 0, -1])
  for (const missing of forked) {
    const batches = raw.batches.filter((signed) => signed !== missing)
    expect(() => checkInputs({ ...raw, batches }, context)).toThrow('is not all there')
  }
})

it('asks for no signature that intake has checked', () => {
  const { raw, context } = travel()
  let asked = 0
  const verify: InputsContext['verify'] = (...args) => {
    asked += 1
    return verifySignature(...args)
  }
  checkInputs(raw, { ...context, verify, isIntact: () => true })
  expect(asked).toBe(VERIFIERS)
})

const CASES: readonly [string, ProtocolError['code'], (travelled: Travelled) => Partial<RawInputs>][] = [
  [
    'a second inventory of one verifier',
    'inputs/invalid',
    ({ raw }) => ({ inventories: [...raw.inventories, ...raw.inventories.slice(0, 1)] }),
  ],
  [
    'no more than a third of stake',
    'inputs/invalid',
    ({ raw }) => ({ inventories: raw.inventories.slice(0, 1) }),
  ],
  [
    'an inventory that was not posted',
    'inventory/mismatch',
    ({ raw }) => ({ inventories: raw.inventories.map(flipHeader) }),
  ],
  ['a listed head without its batches', 'inputs/invalid', ({ raw }) => ({ batches: raw.batches.slice(1) })],
  [
    'a batch that its node did not sign',
    'inputs/invalid',
    ({ raw }) => ({ batches: raw.batches.map((bytes) => flip(bytes, 5)) }),
  ],
  [
    'listed heads whose batches are of no node',
    'inputs/invalid',
    ({ raw }) => ({ batches: raw.batches.map((bytes) => flip(bytes, 64 + 41)) }),
  ],
  [
    'a batch that ends early',
    'bytes/malformed',
    ({ raw }) => ({ batches: raw.batches.map((bytes) => bytes.subarray(0, 70)) }),
  ],
  [
    'a second reveal of one verifier',
    'inputs/invalid',
    ({ raw }) => ({ reveals: [...raw.reveals, ...raw.reveals.slice(0, 1)] }),
  ],
  [
    'a reveal that opens no commit',
    'report/invalid',
    ({ raw }) => ({ reveals: raw.reveals.map((one) => ({ ...one, bytes: flip(one.bytes, 3) })) }),
  ],
  [
    "another verifier's reveal",
    'report/invalid',
    ({ raw }) => ({ reveals: raw.reveals.slice(1).map(({ bytes }) => ({ bytes, verifierId: 0 })) }),
  ],
  [
    'a report of somebody unknown',
    'inputs/invalid',
    ({ raw }) => ({ reveals: raw.reveals.map(({ bytes }) => ({ bytes, verifierId: 99 })) }),
  ],
  ['an enrolment that is none', 'bytes/malformed', () => ({ enrolments: [new Uint8Array(400)] })],
]

it.each(CASES)('refuses %s', (_, code, change) => {
  expect(refusal(change).code).toBe(code)
})

function flip(bytes: Uint8Array, at: number): Uint8Array {
  const changed = bytes.slice()
  changed[at] = (changed[at] ?? 0) ^ 1
  return changed
}

function flipHeader<T extends { readonly header: Uint8Array }>(parts: T): T {
  return { ...parts, header: flip(parts.header, 60) }
}
