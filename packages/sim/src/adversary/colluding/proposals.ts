// What a colluding proposer can put forward, and what an honest verifier makes of it.
import {
  type Applied,
  type Attestation,
  applyEpoch,
  attestationHash,
  checkInventory,
  type Epoch,
  type Evidence,
  equalBytes,
  type Inputs,
  type InventoryData,
  nodeBucket,
  ProtocolError,
  type Report,
  type ReportInput,
  reportCodec,
  reportHash,
} from '@piecework/protocol'
import type { SeededRandom } from '@piecework/testkit'
import { COLLUDERS, HONEST } from './cast.ts'

export interface Proposal {
  readonly inputs: Inputs
  readonly attestation: Attestation
}

/** All that honest verifiers have, and of their own what they like: the rules leave them that. */
export function chosen(epoch: Epoch, random: SeededRandom): Applied & Proposal {
  const keeps = (id: number): boolean => HONEST.includes(id) || random.chance(0.5)
  const inventories = epoch.inputs.inventories.filter(({ header }) => keeps(header.verifierId))
  const reports = epoch.inputs.reports.filter(({ report }) => keeps(report.verifierId))
  const inputs = { ...epoch.inputs, inventories, reports }
  return { inputs, ...applyEpoch({ ...epoch, inputs }) }
}

/** Evidence of nothing against honest nodes, in the reports of colluders. */
export function slander(epoch: Epoch, random: SeededRandom, isHonest: (node: number) => boolean): Epoch {
  const victims = epoch.state.nodes.flatMap((_, node) => {
    const [batch] = isHonest(node) ? epoch.inputs.chainOf(node) : []
    return batch === undefined ? [] : [batch]
  })
  const invented = victims.map(({ signed }): Evidence => {
    const opening = { row: 0, salt: random.bytes(32), output: random.bytes(32) }
    return { what: 'row', first: signed, second: new Uint8Array(), ...opening }
  })
  const reports = epoch.inputs.reports.map((input) => {
    const speaks = COLLUDERS.includes(input.report.verifierId) && random.chance(0.3)
    return speaks
      ? withReport(epoch, { ...input.report, evidence: [...input.report.evidence, ...invented] })
      : input
  })
  return { ...epoch, inputs: { ...epoch.inputs, reports } }
}

function withReport({ facts }: Epoch, report: Report): ReportInput {
  return { report, hash: reportHash(facts.networkId, reportCodec.encode(report)) }
}

/** Every other thing it may try: to leave out, to change, to claim. Each with the root that would come of it. */
export function forged(epoch: Epoch, random: SeededRandom): Proposal[] {
  const { inputs } = epoch
  const { inventories, reports } = inputs
  const victim = HONEST[random.below(HONEST.length)]
  const of = (id: number): boolean => id === victim
  const attempts: readonly Inputs[] = [
    { ...inputs, inventories: inventories.filter(({ header }) => !of(header.verifierId)) },
    { ...inputs, reports: reports.filter(({ report }) => !of(report.verifierId)) },
    { ...inputs, inventories: inventories.filter(({ header }) => COLLUDERS.includes(header.verifierId)) },
    {
      ...inputs,
      inventories: inventories.map((data) => (of(data.header.verifierId) ? emptied(data) : data)),
    },
    { ...inputs, reports: reports.map((input) => (of(input.report.verifierId) ? silenced(input) : input)) },
    { ...inputs, reports: reports.map((input) => withoutEvidence(epoch, input)) },
  ]
  const consistent = attempts.map((one) => ({
    inputs: one,
    attestation: applyEpoch({ ...epoch, inputs: one }).attestation,
  }))
  const { attestation } = applyEpoch(epoch)
  const { accounts } = attestation
  const richer = { ...attestation, accounts: { ...accounts, total: accounts.total + 1n } }
  return [
    ...consistent.filter((one) => !sameRoot(one.attestation, attestation)),
    { inputs, attestation: richer },
    { inputs, attestation: { ...attestation, stateHash: random.bytes(32) } },
  ]
}

function sameRoot(a: Attestation, b: Attestation): boolean {
  return equalBytes(attestationHash(a), attestationHash(b))
}

function emptied(data: InventoryData): InventoryData {
  return { ...data, nodes: new Uint32Array(), seqs: new Uint32Array(), heads: new Uint8Array() }
}

function silenced(input: ReportInput): ReportInput {
  const stints = input.report.stints.map((stint) => ({ ...stint, traces: [], delivered: [] }))
  return { ...input, report: { ...input.report, stints } }
}

function withoutEvidence(epoch: Epoch, input: ReportInput): ReportInput {
  return withReport(epoch, { ...input.report, evidence: [] })
}

/**
 * Whether an honest verifier votes for it: everything that it held in time is there, everything that is there was
 * posted or committed, and the root is what it computes itself. Honest verifiers gossip, so that all have the same.
 */
export function isVotedFor(epoch: Epoch, { inputs, attestation }: Proposal): boolean {
  const inventories = new Set(inputs.inventories.map(({ header }) => header.verifierId))
  const reports = new Set(inputs.reports.map(({ report }) => report.verifierId))
  const isComplete =
    epoch.inputs.inventories.every(({ header: { verifierId } }) => {
      return !HONEST.includes(verifierId) || inventories.has(verifierId)
    }) &&
    epoch.inputs.reports.every(({ report: { verifierId } }) => {
      return !HONEST.includes(verifierId) || reports.has(verifierId)
    })
  if (!isComplete || !inputs.reports.every((input) => isCommitted(epoch, input))) return false
  if (!inputs.inventories.every((data) => isPosted(epoch, data))) return false
  return sameRoot(applyEpoch({ ...epoch, inputs }).attestation, attestation)
}

function isCommitted({ facts, inputs }: Epoch, { report, hash }: ReportInput): boolean {
  const revealed = inputs.reports.find((one) => one.report.verifierId === report.verifierId)
  const real = reportHash(facts.networkId, reportCodec.encode(report))
  return revealed !== undefined && equalBytes(real, revealed.hash) && equalBytes(real, hash)
}

function isPosted({ facts, state }: Epoch, data: InventoryData): boolean {
  const { networkId, epoch, posted } = facts
  const { verifierId } = data.header
  const root = posted.find((one) => one.verifierId === verifierId)?.inventory
  if (root === undefined) return false
  try {
    checkInventory(data, {
      networkId,
      epoch,
      verifierId,
      root,
      bucketOf: (node) => {
        const record = state.nodes[node]
        return record === undefined ? undefined : nodeBucket(record.nodeKey)
      },
    })
    return true
  } catch (error) {
    if (error instanceof ProtocolError) return false
    throw error
  }
}
