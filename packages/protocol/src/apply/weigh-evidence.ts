// Step 4: who is shown to have cheated, and who said so, or looked away.

import type { AdmittedNode } from '../admission.ts'
import { equalBytes } from '../bytes.ts'
import type { Facts } from '../facts.ts'
import { ROW_DRAWN, type Stint } from '../state/state.ts'
import { BPS_ONE } from '../value.ts'
import type { Work } from '../work.ts'
import { forfeit } from './bond.ts'
import type { Credits } from './credits.ts'
import { at, type Draft } from './draft.ts'
import type { Reports } from './reports.ts'
import type { Fault, Shown } from './shown.ts'
import type { UndecidedStint } from './stints.ts'

export interface Offence {
  readonly verifier: number
  readonly bps: number
}

export interface EvidenceInput {
  readonly facts: Facts
  readonly work: Work
  readonly reports: Reports
  /** What the reports' evidence shows. */
  readonly shown: readonly Shown[]
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

interface Claim extends Fault {
  readonly reporter: number
}

export function weighEvidence(draft: Draft, input: EvidenceInput): Weighed {
  const { facts } = input
  const claims: Claim[] = []
  const offences: Offence[] = []
  for (const one of input.shown) {
    if (isTrue(one, input.work)) claims.push(one)
    else offences.push({ verifier: one.reporter, bps: facts.params.slashFalseEvidenceBps })
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

function isTrue(shown: Shown, work: Work): shown is Shown & Fault {
  if (shown.what === 'question') return work.contradicts(shown.job, shown.row, shown.evidence)
  return shown.what === 'fault'
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
