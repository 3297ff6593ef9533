// Draw: once an epoch is sealed, computes which stints are decided in it, and which of them this verifier checks.

import type { Log } from '@piecework/api'
import { addressOf } from '@piecework/chain'
import {
  checkInputs,
  type Due,
  equalBytes,
  type Facts,
  type HeldBatch,
  type Inputs,
  ROW_DRAWN,
  RowsView,
  readBatch,
  type State,
  surveyEpoch,
  toHex,
  verifySignature,
  ZERO_HASH,
} from '@piecework/protocol'
import type { Stint, Store } from '@piecework/store'
import type { Draw, EpochWork, StintCheck } from './common/epoch-work.ts'
import { stintName } from './common/epoch-work.ts'
import type { Epochs } from './common/epochs.ts'
import { type FactsPorts, factsAfter } from './common/facts.ts'
import { isBatch } from './common/hashes.ts'
import { rawInputs } from './common/inputs.ts'
import { type Jobs, jobsOf } from './common/jobs.ts'
import {
  commitsFrom,
  heldInventories,
  type Moment,
  postedInventories,
  sealedEpochs,
  seatOf,
} from './common/moment.ts'
import type { Others } from './common/others.ts'
import type { Seeds } from './common/seeds.ts'
import type { States } from './common/states.ts'

/** Part of the challenge that inventories are waited for before it is drawn without them. */
const PATIENCE = 0.25

export interface DrawPorts extends FactsPorts {
  readonly voteKey: Uint8Array
  readonly epochs: Epochs
  readonly states: States
  readonly jobs: Jobs
  readonly seeds: Seeds
  readonly others: Others
  readonly store: Store
  readonly log: Log
}

export class Drawing {
  readonly #ports: DrawPorts

  constructor(ports: DrawPorts) {
    this.#ports = ports
  }

  async see(moment: Moment): Promise<undefined> {
    for (const epoch of sealedEpochs(moment)) {
      const work = this.#ports.epochs.get(epoch.number)
      const state = this.#ports.states.at(epoch.number - 1)
      await this.#ports.seeds.keep(epoch.number, epoch.seed)
      if (work === undefined || state === undefined || work.report !== undefined) continue
      const posted = postedInventories(epoch).length
      const isLate = moment.slot >= epoch.sealedSlot + PATIENCE * epoch.challenge
      const inventories = heldInventories(epoch, work.inventories)
      const [drawn, whole] = [work.draw?.inventories.length ?? 0, inventories.length]
      // What came whole since it was drawn is worth another draw, as long as it can be checked in time.
      const isNews = whole > drawn || !equalBytes(work.draw?.facts.seed ?? ZERO_HASH, epoch.seed)
      const isOver = work.draw !== undefined && moment.slot >= commitsFrom(epoch)
      const seated = seatOf(epoch, addressOf(this.#ports.voteKey))
      if (!isNews || isOver || (whole < posted && !isLate)) continue
      work.draw = await this.#draw(work, { state, inventories, self: seated?.seat.id })
    }
  }

  async #draw(work: EpochWork, { state, inventories, self }: Drawn): Promise<Draw> {
    const { jobs, log } = this.#ports
    const facts = await factsAfter(this.#ports, { state, asOf: 'seal', commitment: 'confirmed' })
    await jobs.load(jobsOf(state, facts))
    const inputs = drawInputs(work, { state, facts, inventories })
    const due = surveyEpoch({ state, facts, inputs, ports: jobs.ports })
    const mine = new Map<string, StintCheck>()
    for (const one of due) {
      if (self === undefined || !one.checkers.includes(self)) continue
      const name = stintName(one.stint.epoch, one.stint.node)
      const check = await this.#begin(work, one, state)
      if (check !== undefined) mine.set(name, withVerdicts(check, work.draw?.mine.get(name)))
    }
    log.info('drawn', { epoch: work.number, due: due.length, mine: mine.size, inventories })
    return { facts, inventories, due, mine }
  }

  /** With what was delivered before. Undefined while its batches, or its seed, can't be had. */
  async #begin(work: EpochWork, due: Due, state: State): Promise<StintCheck | undefined> {
    const { epoch, node, batches: listed } = due.stint
    const nodeKey = state.nodes[node]?.nodeKey
    const seed = await this.#ports.seeds.of(epoch)
    if (nodeKey === undefined || seed === undefined) return undefined
    const here = epoch === work.number ? work.batches : await this.#stored({ epoch, nodeKey })
    const batches = await this.#batches(
      here,
      listed.map(({ hash }) => hash),
    )
    if (batches === undefined) return undefined
    const drawn = batches.map(({ seq }) => drawnRows(due, seq))
    const held = batches.map(() => new Set<number>())
    const placed = placesOf(batches)
    for await (const { row } of this.#ports.store.openings.of({ epoch, nodeKey })) {
      for (const { at, row: i } of placed.get(toHex(row.commit)) ?? []) held[at]?.add(i)
    }
    return { due, nodeKey, seed, batches, drawn, held, verdicts: new Map() }
  }

  /** Of a carried stint, from its own epoch. */
  async #stored(stint: Stint): Promise<ReadonlyMap<string, HeldBatch>> {
    const batches = new Map<string, HeldBatch>()
    for await (const signed of this.#ports.store.batches.of(stint)) {
      const batch = readBatch(signed)
      batches.set(toHex(batch.hash), batch)
    }
    return batches
  }

  async #batches(
    here: ReadonlyMap<string, HeldBatch>,
    hashes: readonly Uint8Array[],
  ): Promise<readonly HeldBatch[] | undefined> {
    const missing = hashes.filter((hash) => !here.has(toHex(hash)))
    const found = await this.#ports.others.fetch({ sort: 'batch', hashes: missing, isRight: isBatch })
    const all = hashes.flatMap((hash) => {
      const fetched = found.get(toHex(hash))
      return here.get(toHex(hash)) ?? (fetched === undefined ? [] : readBatch(fetched))
    })
    return all.length === hashes.length ? all : undefined
  }
}

interface Drawn {
  readonly state: State
  readonly inventories: readonly number[]
  /** Of the seat of this verifier, if it has one. */
  readonly self: number | undefined
}

interface DrawInputs {
  readonly state: State
  readonly facts: Facts
  readonly inventories: readonly number[]
}

function drawInputs(work: EpochWork, { state, facts, inventories }: DrawInputs): Inputs {
  const raw = rawInputs(
    work,
    { round: 0, settler: ZERO_HASH, inventories, reveals: [], others: [] },
    () => false,
  )
  return checkInputs(raw, {
    state,
    facts,
    verify: verifySignature,
    isIntact: (hash) => work.batches.has(toHex(hash)),
  })
}

function drawnRows({ stint }: Due, seq: number): ReadonlySet<number> {
  const { table, start, end } = stint
  const drawn = new Set<number>()
  for (let i = start; i < end; i++) {
    if (table.seqs[i] === seq && ((table.flags[i] ?? 0) & ROW_DRAWN) !== 0) drawn.add(table.rows[i] ?? 0)
  }
  return drawn
}

/** Places of rows by their commits: a node may have written the same twice. */
function placesOf(
  batches: readonly HeldBatch[],
): ReadonlyMap<string, readonly { readonly at: number; readonly row: number }[]> {
  const places = new Map<string, { at: number; row: number }[]>()
  for (const [at, { rows }] of batches.entries()) {
    const view = new RowsView(rows)
    for (let row = 0; row < view.count; row++) {
      const name = toHex(view.commit(row))
      places.set(name, [...(places.get(name) ?? []), { at, row }])
    }
  }
  return places
}

/** What was checked before it was drawn again needs no second check: the seed is the same. */
function withVerdicts(check: StintCheck, before: StintCheck | undefined): StintCheck {
  return before !== undefined && equalBytes(before.seed, check.seed)
    ? { ...check, verdicts: before.verdicts }
    : check
}
