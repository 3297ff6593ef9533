// What the evidence of an epoch's reports shows, as far as it can be said without a kind. It asks only the state before
// the epoch and the chain's facts: whoever runs beforehand what kinds are asked about finds the same questions.
import { toHex, u32le } from '../bytes.ts'
import { type CheckedEvidence, checkEvidence, isAnswerable } from '../evidence.ts'
import type { Facts, Job, Params } from '../facts.ts'
import { h } from '../hash.ts'
import { KeyIndex } from '../key-index.ts'
import type { Evidence, Report, Row } from '../messages.ts'
import { type JobRecord, NEVER, type NodeRecord, type State } from '../state/state.ts'
import type { Verify } from '../verify.ts'
import { isBarred } from './bond.ts'
import { rulesOf } from './chain-facts.ts'
import { followJobs, type JobFacts, type KnownJob } from './jobs-known.ts'

export interface Reported {
  readonly state: Pick<State, 'networkId'> & {
    readonly nodes: readonly Pick<NodeRecord, 'nodeKey' | 'barredUntil'>[]
    readonly jobs: readonly Pick<JobRecord, 'job' | 'openSlot' | 'closedAt'>[]
  }
  readonly facts: JobFacts & Pick<Facts, 'kinds'> & { readonly params: Pick<Params, 'evidenceEpochs'> }
  readonly reports: readonly { readonly report: Pick<Report, 'verifierId' | 'evidence'> }[]
  readonly verify: Verify
}

export interface Fault {
  readonly checked: CheckedEvidence
  readonly node: number
}

/** A row is claimed to be wrong: its kind says whether it is. */
export interface Question extends Fault {
  readonly what: 'question'
  readonly job: Job
  readonly row: Row
  readonly evidence: Evidence
}

/** Its sender could have seen that nothing shows nothing. */
type Found = { readonly what: 'nothing' } | ({ readonly what: 'fault' } & Fault) | Question

export type Shown = Found & { readonly reporter: number }

/**
 * Without what is true and no longer matters, and with one question for each node and report: the first one fails the
 * node, and each may take ten seconds to answer.
 */
export function shownBy(reported: Reported): readonly Shown[] {
  const { reports } = reported
  if (reports.every(({ report }) => report.evidence.length === 0)) return []
  const find = finderIn(reported)
  return reports.flatMap(({ report: { verifierId, evidence } }) =>
    oncePerNode(evidence.flatMap(find)).map((found) => ({ ...found, reporter: verifierId })),
  )
}

function oncePerNode(all: readonly Found[]): readonly Found[] {
  const asked = new Set<number>()
  return all.filter((found) => {
    if (found.what !== 'question') return true
    const isFirst = !asked.has(found.node)
    asked.add(found.node)
    return isFirst
  })
}

/** Looks at each piece once, whoever sends it: the same of the same evidence. */
function finderIn(reported: Reported): (evidence: Evidence) => readonly Found[] {
  const { state, facts } = reported
  const jobs: KnownJob[] = state.jobs.map(({ job, openSlot, closedAt }) => ({ job, openSlot, closedAt }))
  followJobs(jobs, facts, (job) => ({ job, openSlot: NEVER, closedAt: NEVER }))
  const nodes = new KeyIndex(state.nodes.length, (i) => state.nodes[i]?.nodeKey ?? new Uint8Array())
  const rules = rulesOf(facts)
  const known = new Map<string, readonly Found[]>()
  return (evidence) => {
    const key = keyOf(evidence)
    const found = known.get(key) ?? foundIn(evidence, { reported, jobs, nodes, rules })
    known.set(key, found)
    return found
  }
}

function keyOf({ what, first, second, row, salt, output }: Evidence): string {
  const sizes = [what === 'row' ? 0 : 1, first.length, second.length, row, salt.length].map(u32le)
  return toHex(h('pw/evidence', ...sizes, first, second, salt, output))
}

interface Known {
  readonly reported: Reported
  readonly jobs: readonly KnownJob[]
  readonly nodes: KeyIndex
  readonly rules: ReturnType<typeof rulesOf>
}

const NOTHING: readonly Found[] = [{ what: 'nothing' }]

/** Empty for what shows something, or may, and does not count: its kind or its node may have left meanwhile. */
function foundIn(evidence: Evidence, { reported, jobs, nodes, rules }: Known): readonly Found[] {
  const { state, facts, verify } = reported
  const checked = checkEvidence(evidence, { networkId: state.networkId, verify })
  if (checked === undefined) return NOTHING
  const node = nodes.find(checked.nodeKey)
  const record = node === undefined ? undefined : state.nodes[node]
  if (node === undefined || record === undefined || !counts(checked.epoch, record, facts)) return []
  const { row } = checked
  if (row === undefined) return [{ what: 'fault', checked, node }]
  const job = jobs[row.job]
  if (job === undefined) return NOTHING
  if (!isAnswerable(job, checked.epoch)) return []
  const checking = rules.get(job.job.kind)?.checking
  if (checking === undefined) return []
  return checking === 'exact' ? [{ what: 'question', checked, node, job: job.job, row, evidence }] : NOTHING
}

/** Not too old; and what a node does up to its failure and while it is barred is worth nothing anyhow. */
function counts(
  rowEpoch: number,
  node: Pick<NodeRecord, 'barredUntil'>,
  { epoch, params }: Reported['facts'],
): boolean {
  const isRecent = rowEpoch <= epoch && rowEpoch + params.evidenceEpochs >= epoch
  return isRecent && !isBarred(node, rowEpoch)
}
