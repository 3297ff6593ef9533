// Step 4: who is shown to have cheated, and who said so, or looked away.

import type { AdmittedNode } from '../admission.ts'
import { equalBytes, toHex, u32le } from '../bytes.ts'
import { type CheckedEvidence, checkEvidence, isAnswerable } from '../evidence.ts'
import type { Facts } from '../facts.ts'
import { h } from '../hash.ts'
import type { Evidence } from '../messages.ts'
import { ROW_DRAWN, type Stint } from '../state/state.ts'
import { BPS_ONE } from '../value.ts'
import type { Verify } from '../verify.ts'
import type { Work } from '../work.ts'
import { forfeit } from './bond.ts'
import type { Rules } from './chain-facts.ts'
import type { Credits } from './credits.ts'
import { at, type Draft } from './draft.ts'
import type { Reports } from './reports.ts'
import type { UndecidedStint } from './stints.ts'

export interface Offence {
  readonly verifier: number
  readonly bps: number
}

export interface EvidenceInput {
  readonly facts: Facts
  readonly rules: Rules
  readonly work: Work
  readonly verify: Verify
  readonly reports: Reports
  readonly equivocations: readonly AdmittedNode[]
  /** Those that are not decided yet. */
  readonly stints: readonly UndecidedStint[]
  readonly credits: Credits
}

export interface Weighed {
  /** Nodes that failed in this step. */
  readonly failed: ReadonlySet<number>
  readonly offences: readonly Offence[]
}

interface Fault {
  readonly checked: CheckedEvidence
  readonly node: number
}

type Shown = Fault | 'nothing' | 'no longer'

interface Claim extends Fault {
  readonly reporter: number
}

export function weighEvidence(draft: Draft, input: EvidenceInput): Weighed {
  const { facts, reports } = input
  const offences: Offence[] = []
  const claims: Claim[] = []
  const shown = new Map<string, Shown>()
  for (const { report } of reports.all) {
    const reporter = report.verifierId
    for (const evidence of report.evidence) {
      const key = keyOf(evidence)
      const found = shown.get(key) ?? show(draft, input, evidence)
      shown.set(key, found)
      if (found === 'nothing') {
        offences.push({ verifier: reporter, bps: facts.params.slashFalseEvidenceBps })
      } else if (found !== 'no longer' && counts(draft, found, facts)) claims.push({ ...found, reporter })
    }
  }
  offences.push(...falseTraces(input, claims))
  const accused = input.equivocations
    .map(({ node }) => node)
    .filter((node) => at(draft.nodes, node).failedAt < facts.epoch)
  const claimsOf = Map.groupBy(claims, ({ node }) => node)
  const failed = new Set([...accused, ...claimsOf.keys()].sort((a, b) => a - b))
  for (const node of failed) {
    const reporters = new Set(claimsOf.get(node)?.map(({ reporter }) => reporter))
    punish(draft, input, { node, reporters: [...reporters].sort((a, b) => a - b) })
  }
  return { failed, offences }
}

/** The same for the same evidence, whoever sends it: it is checked once. */
function keyOf({ what, first, second, row, salt, output }: Evidence): string {
  const sizes = [what === 'row' ? 0 : 1, first.length, second.length, row, salt.length].map(u32le)
  return toHex(h('pw/evidence', ...sizes, first, second, salt, output))
}

/** Its sender could have seen that it shows nothing; but not that its kind would leave the network, or its node. */
function show(draft: Draft, { facts, rules, work, verify }: EvidenceInput, evidence: Evidence): Shown {
  const checked = checkEvidence(evidence, { networkId: draft.networkId, verify })
  const node = checked && draft.nodeOfKey().find(checked.nodeKey)
  if (checked === undefined) return 'nothing'
  if (node === undefined) return 'no longer'
  const { row } = checked
  if (row === undefined) return { checked, node }
  const job = draft.jobs[row.job]
  if (job === undefined) return 'nothing'
  if (!isAnswerable(job, checked.epoch, facts)) return 'no longer'
  const checking = rules.get(job.job.kind)?.checking
  if (checking === undefined) return 'no longer'
  return checking === 'exact' && work.contradicts(job.job, row, evidence) ? { checked, node } : 'nothing'
}

/** True, but too old, or of a stint before the one that the node was last failed for. */
function counts(draft: Draft, { checked, node }: Fault, { epoch, params }: Facts): boolean {
  const recent = checked.epoch <= epoch && checked.epoch + params.evidenceEpochs >= epoch
  return recent && checked.epoch > at(draft.nodes, node).failedAt
}

/** Checkers whose T says that they found a drawn row to be right which was not: an offence for each stint. */
function falseTraces({ facts, reports, stints }: EvidenceInput, claims: readonly Claim[]): Offence[] {
  if (claims.length === 0) return []
  const claimsOf = Map.groupBy(claims, ({ node }) => node)
  const offences: Offence[] = []
  for (const stint of stints) {
    const seqs = (claimsOf.get(stint.node) ?? []).filter((claim) => isOfDrawnRow(claim, stint)).map(seqOf)
    if (seqs.length === 0) continue
    for (const verifier of passedBy(stint, Math.min(...seqs), reports)) {
      offences.push({ verifier, bps: facts.params.slashFalseTraceBps })
    }
  }
  return offences
}

/** Who found all drawn rows up to this batch to be right, now or while the stint was carried. */
function passedBy(stint: UndecidedStint, seq: number, reports: Reports): ReadonlySet<number> {
  const before = 'findings' in stint ? stint.findings : []
  const now = reports.all.filter(({ report }) => {
    const found = reports.find(report.verifierId, stint.epoch, stint.node)
    return found !== undefined && found.traces.length > seq
  })
  return new Set([...before.map(({ verifier }) => verifier), ...now.map(({ report }) => report.verifierId)])
}

function seqOf({ checked }: Claim): number {
  return checked.seq
}

function isOfDrawnRow({ checked }: Claim, stint: Stint): boolean {
  const batch = stint.batches[checked.seq]
  if (checked.row === undefined || checked.epoch !== stint.epoch || batch === undefined) return false
  return equalBytes(batch.hash, checked.batchHash) && wasDrawn(stint, checked.seq, checked.rowIndex)
}

/** Rows stand in the table by (seq, row): thousands of claims can be about half a million of them. */
function wasDrawn({ table, start, end }: Stint, seq: number, row: number): boolean {
  let low = start
  let high = end
  while (low < high) {
    const middle = (low + high) >>> 1
    const order = (table.seqs[middle] ?? 0) - seq || (table.rows[middle] ?? 0) - row
    if (order === 0) return ((table.flags[middle] ?? 0) & ROW_DRAWN) !== 0
    if (order < 0) low = middle + 1
    else high = middle
  }
  return false
}

interface Caught {
  readonly node: number
  readonly reporters: readonly number[]
}

/** Everything behind the node goes to the commons, but for a bounty to those who carried the evidence. */
function punish(draft: Draft, { facts, credits }: EvidenceInput, { node, reporters }: Caught): void {
  const money = forfeit(draft, at(draft.nodes, node), facts.params)
  const bounty = reporters.length === 0 ? 0n : (money * BigInt(facts.params.bountyBps)) / BPS_ONE
  const each = reporters.length === 0 ? 0n : bounty / BigInt(reporters.length)
  for (const verifier of reporters) credits.toWallet(at(draft.verifiers, verifier).operator, each)
  credits.commons += money - each * BigInt(reporters.length)
}
