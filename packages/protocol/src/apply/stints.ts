// Step 3: the admitted chains become stints: their valid rows, in columns, with those that are drawn marked.
import { type AdmittedNode, admitHeads } from '../admission.ts'
import { type HeldBatch, RowsView } from '../batch.ts'
import { NUMBERS_BYTES, rateLimit } from '../draws/rows.ts'
import { type DrawLimit, StintDraw } from '../draws.ts'
import type { Facts } from '../facts.ts'
import type { Inputs } from '../inputs.ts'
import { isPruned } from '../state/pruned.ts'
import {
  type CarriedStint,
  ROW_DRAWN,
  ROW_TRIAL,
  ROW_UNADMITTED,
  type RowTable,
  type Stint,
} from '../state/state.ts'
import { exposureOf, rowValue } from '../value.ts'
import type { Work } from '../work.ts'
import { admissionInput } from './admitted.ts'
import { bondTarget, isBarred, standing } from './bond.ts'
import type { Rules } from './chain-facts.ts'
import { at, type Draft } from './draft.ts'
import { RowRules } from './row-rules.ts'

export interface StintInput {
  readonly facts: Facts
  readonly rules: Rules
  readonly work: Work
  readonly inputs: Pick<Inputs, 'inventories' | 'chainOf'>
}

/** A stint of the epoch that is applied: its batches are at hand, and with them what its rows commit to. */
export interface FreshStint extends Stint {
  readonly batches: readonly HeldBatch[]
}

export type UndecidedStint = FreshStint | CarriedStint

export interface AdmittedStints {
  /** Ascending by node. */
  readonly stints: readonly FreshStint[]
  readonly equivocations: readonly AdmittedNode[]
}

export function admitStints(draft: Draft, input: StintInput): AdmittedStints {
  const { facts, inputs } = input
  const admitted = admitHeads({ ...admissionInput(facts, inputs), chainOf: inputs.chainOf })
  const working = admitted.filter(({ node, equivocation }) => {
    const known = draft.nodes[node]
    if (equivocation !== undefined || known === undefined || isPruned(known)) return false
    return !isBarred(known, draft.epoch)
  })
  const rows = working.reduce(
    (sum, { batches }) => sum + batches.reduce((n, { rowCount }) => n + rowCount, 0),
    0,
  )
  const reader = new StintReader(draft, input, rows)
  const stints = working.map((one) => reader.read(one)).filter((stint) => stint.end > stint.start)
  const equivocations = admitted.filter(({ node, equivocation }) => {
    const known = draft.nodes[node]
    return equivocation !== undefined && known !== undefined && !isPruned(known)
  })
  return { stints, equivocations }
}

/** What one row adds, the same for a run of rows of one job and size. */
interface Worth {
  readonly job: number
  readonly units: number
  readonly value: bigint
  readonly exposure: bigint
  /** What it could earn by being faked. */
  readonly gain: bigint
  readonly byRate: DrawLimit
}

/** What was found of a stint's rows: how many are drawn, the most that one asks for as a bond, and all they could gain. */
interface Found {
  drawn: number
  exposure: bigint
  gain: bigint
}

interface Reading {
  readonly draw: StintDraw
  readonly admitted: boolean
}

class StintReader {
  readonly #draft: Draft
  readonly #seed: Uint8Array
  readonly #rules: RowRules
  readonly #table: RowTable
  /** Room for the draws of the batch that is read. */
  readonly #numbers = new Uint8Array(NUMBERS_BYTES)
  #length = 0
  /** By job, of the size that was asked for last. */
  readonly #worths = new Map<number, Worth>()
  readonly #rateLimits = new Map<number, DrawLimit>()

  constructor(draft: Draft, { facts, rules, work }: StintInput, rows: number) {
    this.#draft = draft
    this.#seed = facts.seed
    this.#rules = new RowRules(draft, { params: facts.params, rules, work })
    this.#table = {
      length: rows,
      seqs: new Uint32Array(rows),
      rows: new Uint16Array(rows),
      jobs: new Uint32Array(rows),
      tasks: new Uint32Array(rows),
      units: new Uint32Array(rows),
      flags: new Uint8Array(rows),
    }
  }

  read({ node: index, batches, admitted }: AdmittedNode): FreshStint {
    const node = at(this.#draft.nodes, index)
    const draw = new StintDraw({ seed: this.#seed, nodeKey: node.nodeKey, bond: standing(node) })
    const start = this.#length
    this.#rules.startNode(index)
    const found: Found = { drawn: 0, exposure: 0n, gain: 0n }
    let admits = admitted
    for (const batch of batches) this.#readBatch(batch, { draw, admitted: admits-- > 0 }, found)
    const { epoch } = this.#draft
    if (this.#length > start) node.lastRow = epoch
    const { drawn, exposure, gain } = found
    const behind = standing(node)
    const unproven = behind < exposure || behind < gain || behind < bondTarget(node, epoch)
    const table = this.#table
    return { epoch, node: index, batches, table, start, end: this.#length, drawn, unproven }
  }

  #readBatch(batch: HeldBatch, { draw, admitted }: Reading, found: Found): void {
    const view = new RowsView(batch.rows)
    const lots = draw.batch(batch.seq, batch.rowCount, this.#numbers)
    const table = this.#table
    let worth: Worth | undefined
    let limit: DrawLimit | undefined
    // Rows of equal worth follow each other: their money is added once for all of them.
    let run = 0
    for (let row = 0; row < batch.rowCount; row++) {
      const job = view.job(row)
      const units = view.units(row)
      const task = view.task(row)
      const lease = admitted ? this.#rules.accept(job, task, units) : this.#rules.look(job, task, units)
      if (lease === undefined) continue
      if (worth === undefined || limit === undefined || worth.job !== job || worth.units !== units) {
        found.gain += gainOf(worth, run)
        run = 0
        const next = this.#worthOf(job, units)
        if (limit === undefined || next.byRate !== worth?.byRate || next.value !== worth.value) {
          limit = draw.limitOver(next.byRate, next.value)
        }
        worth = next
        if (worth.exposure > found.exposure) found.exposure = worth.exposure
      }
      run += 1
      const isDrawn = lots.drawn(row, limit)
      if (isDrawn) found.drawn += 1
      const i = this.#length++
      table.seqs[i] = batch.seq
      table.rows[i] = row
      table.jobs[i] = job
      table.tasks[i] = task
      table.units[i] = units
      table.flags[i] = flagsOf({ isDrawn, trial: lease.trial, admitted })
    }
    found.gain += gainOf(worth, run)
  }

  #worthOf(index: number, units: number): Worth {
    const known = this.#worths.get(index)
    if (known?.units === units) return known
    const { job } = at(this.#draft.jobs, index)
    const { rate, checking } = this.#rules.kindOf(job.kind)
    const value = rowValue(job, units)
    // Of a measured kind there is no more to gain than was measured.
    const gain = checking === 'measured' ? 0n : value
    const byRate = this.#rateLimitOf(rate)
    const worth = { job: index, units, value, exposure: exposureOf(value, rate), gain, byRate }
    this.#worths.set(index, worth)
    return worth
  }

  #rateLimitOf(rate: number): DrawLimit {
    const known = this.#rateLimits.get(rate)
    if (known !== undefined) return known
    const limit = rateLimit(rate)
    this.#rateLimits.set(rate, limit)
    return limit
  }
}

function gainOf(worth: Worth | undefined, rows: number): bigint {
  return worth === undefined ? 0n : worth.gain * BigInt(rows)
}

interface RowMarks {
  readonly isDrawn: boolean
  readonly trial: boolean
  readonly admitted: boolean
}

function flagsOf({ isDrawn, trial, admitted }: RowMarks): number {
  return (isDrawn ? ROW_DRAWN : 0) | (trial ? ROW_TRIAL : 0) | (admitted ? 0 : ROW_UNADMITTED)
}
