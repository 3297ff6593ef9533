// Step 6, second half: entries become money, job by job, until the deposit is exhausted.
import { compareBytes } from '../bytes.ts'
import { stintSalt } from '../draws/rows.ts'
import type { Facts, Job } from '../facts.ts'
import { affordablePay, exposureOf, feesOn, rowValue, SCORE_UNIT } from '../value.ts'
import type { Rules } from './chain-facts.ts'
import { at, type Draft, type JobDraft } from './draft.ts'
import type { Entries, Entry } from './entries.ts'

/** What one node earned in this epoch, over all jobs. */
export interface NodePay {
  amount: bigint
  exposure: bigint
  tasks: number
}

export interface Charges {
  readonly pays: ReadonlyMap<number, NodePay>
  readonly verifierPool: bigint
  readonly settlerPool: bigint
}

export interface ChargeInput {
  readonly facts: Facts
  readonly rules: Rules
  readonly entries: Entries
}

export function chargeJobs(draft: Draft, { facts, rules, entries }: ChargeInput): Charges {
  const pays = new Map<number, NodePay>()
  let verifierPool = 0n
  let settlerPool = 0n
  const jobs = [...entries.byJob.keys()].sort((a, b) => a - b)
  for (const index of jobs) {
    const job = at(draft.jobs, index)
    const kind = rules.get(job.job.kind)
    const listed = entries.byJob.get(index) ?? []
    const ordered = kind?.allocation === 'open' ? byLot(draft, listed, facts.seed) : byPlace(listed)
    const rate = kind?.rate ?? 0
    const total = payEntries({ job, ordered, rate, pays })
    const fees = feesOn(job.job, total)
    job.charged += total + fees.verifiers + fees.settler
    verifierPool += fees.verifiers
    settlerPool += fees.settler
  }
  return { pays, verifierPool, settlerPool }
}

interface JobEntries {
  readonly job: JobDraft
  readonly ordered: readonly Entry[]
  readonly rate: number
  readonly pays: Map<number, NodePay>
}

function payEntries({ job, ordered, rate, pays }: JobEntries): bigint {
  const limit = affordablePay(job.job, job.job.deposit - job.charged)
  const amountOf = job.job.rule === 'piece' ? pieceRate(job.job) : shareRate(job.job, ordered, limit)
  let total = 0n
  for (const entry of ordered) {
    const amount = least(amountOf(entry.score), limit - total)
    // Work that pays nothing asks for no bond, and earns no right to more of it.
    if (amount === 0n) continue
    total += amount
    entry.pay = amount
    const pay = payOf(pays, entry.node)
    const exposure = exposureOf(rowValue(job.job, entry.maxUnits), rate)
    pay.amount += amount
    pay.tasks += entry.rows
    if (exposure > pay.exposure) pay.exposure = exposure
  }
  return total
}

function pieceRate({ price }: Job): (score: bigint) => bigint {
  return (score) => (price * score) / SCORE_UNIT
}

/** The epoch's budget by score. Rounding down makes it subadditive: nobody gains by splitting a score. */
function shareRate(job: Job, entries: readonly Entry[], limit: bigint): (score: bigint) => bigint {
  const budget = least(job.price, limit)
  const scores = entries.reduce((sum, { score }) => sum + score, 0n)
  return (score) =>
    scores === 0n ? 0n : least((job.capPrice * score) / SCORE_UNIT, (budget * score) / scores)
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}

function payOf(pays: Map<number, NodePay>, node: number): NodePay {
  const known = pays.get(node)
  if (known !== undefined) return known
  const fresh: NodePay = { amount: 0n, exposure: 0n, tasks: 0 }
  pays.set(node, fresh)
  return fresh
}

function byPlace(entries: readonly Entry[]): readonly Entry[] {
  return [...entries].sort((a, b) => a.epoch - b.epoch || a.node - b.node)
}

/** Open kinds have no deal: a lot decides who comes first when the deposit runs out. */
function byLot(draft: Draft, entries: readonly Entry[], seed: Uint8Array): readonly Entry[] {
  const lots = new Map(entries.map(({ node }) => [node, stintSalt(seed, at(draft.nodes, node).nodeKey)]))
  const lotOf = (entry: Entry): Uint8Array => lots.get(entry.node) ?? new Uint8Array()
  return [...entries].sort((a, b) => compareBytes(lotOf(a), lotOf(b)) || a.epoch - b.epoch)
}
