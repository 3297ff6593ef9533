// Results: what became of each stint when its epoch was settled. A node is told of its own, with the reason.
import { STATUS_EPOCHS, type StintResult } from '@piecework/network'
import {
  type CarriedStint,
  type Due,
  type Earned,
  ROW_UNADMITTED,
  readU32,
  type Stint,
  u32le,
} from '@piecework/protocol'
import type { EpochFile, EpochFiles } from '@piecework/store'
import { z } from 'zod'

/** Settled epochs whose results are in memory: nodes ask for the newest ones again and again. */
const HELD_EPOCHS = 32
/** Of a stint's epoch: nodes that were paid for it, whenever that was decided. */
const PAID = 'paid'

/** By node, of one settled epoch. */
type EpochResults = ReadonlyMap<number, readonly StintResult[]>

const listForm = z.array(
  z.strictObject({
    epoch: z.int(),
    outcome: z.enum(['paid', 'carried', 'failed']),
    rows: z.int(),
    paidRows: z.int(),
    pay: z.string().transform(BigInt),
    reason: z.string(),
    checkers: z.array(z.int()),
  }),
)

export interface Judged extends Pick<Due, 'checkers' | 'rule'> {
  readonly stint: Pick<Stint, 'epoch' | 'node' | 'start' | 'end'> & {
    readonly table: Pick<Stint['table'], 'flags'>
  }
}

type Carried = Pick<CarriedStint, 'epoch' | 'node' | 'checkers' | 'findings'>

/** What of a settled epoch its results are made of. */
export interface SettledEpoch {
  readonly applied: {
    readonly state: { readonly epoch: number; readonly carried: readonly Carried[] }
    readonly earned: readonly Earned[]
  }
  /** Which stints were decided on. */
  readonly due: readonly Judged[]
}

export class Results {
  readonly #files: EpochFiles
  readonly #held = new Map<number, EpochResults>()
  /** The newest settled epoch of which results are here. */
  #newest = -1
  /** Results of those before it were let go. */
  #oldest = 0

  constructor(files: EpochFiles) {
    this.#files = files
  }

  /** After a restart: those up to this epoch, which was settled, are on disk. */
  begin(settled: number): void {
    this.#newest = Math.max(this.#newest, settled)
  }

  /** Durable when it resolves. The same epoch may come again, after a power cut. */
  async take({ applied, due }: SettledEpoch): Promise<void> {
    const { state, earned } = applied
    const carried = new Map(state.carried.map((one) => [stintOf(one), one]))
    const byNode = new Map<number, StintResult[]>()
    const add = (node: number, result: StintResult): void => {
      byNode.set(node, [...(byNode.get(node) ?? []), result])
    }
    const earnedOf = new Map(earned.map((one) => [stintOf(one), one]))
    for (const one of due) {
      const name = stintOf(one.stint)
      add(one.stint.node, resultOf(one, { carried: carried.get(name), earned: earnedOf.get(name) }))
    }
    const decided = new Set(due.map(({ stint }) => stintOf(stint)))
    for (const one of earned) {
      const before = decided.has(stintOf(one)) ? undefined : await this.#before(one, state.epoch)
      if (before !== undefined) add(one.node, withMore(before, one))
    }
    await this.#files.keep(state.epoch, [...byNode].map(fileOf))
    for (const [epoch, nodes] of paidBy(byNode)) await this.#addPaid(epoch, nodes)
    this.#hold(state.epoch, byNode)
  }

  /** Lets go of what was settled before this epoch. */
  async prune(before: number): Promise<void> {
    this.#oldest = Math.max(this.#oldest, before)
    await this.#files.prune(before)
  }

  /** A node's stints from this epoch on, as far back as is told, each with its newest outcome; ascending. */
  async of(node: number, from: number): Promise<readonly StintResult[]> {
    const newest = new Map<number, StintResult>()
    const oldest = Math.max(this.#oldest, from, this.#newest - STATUS_EPOCHS + 1)
    for (let settled = oldest; settled <= this.#newest; settled++) {
      for (const result of await this.#in(settled, node)) {
        if (result.epoch >= from) newest.set(result.epoch, result)
      }
    }
    return [...newest.values()].sort((a, b) => a.epoch - b.epoch)
  }

  /** Nodes whose stint of this epoch was paid, whenever that was decided; ascending. */
  async paidIn(epoch: number): Promise<readonly number[]> {
    const bytes = (await this.#files.find(epoch, PAID)) ?? new Uint8Array()
    return Array.from({ length: bytes.length / 4 }, (_, i) => readU32(bytes, 4 * i))
  }

  async #in(settled: number, node: number): Promise<readonly StintResult[]> {
    const held = this.#held.get(settled)
    if (held !== undefined) return held.get(node) ?? []
    const bytes = await this.#files.find(settled, String(node))
    return bytes === undefined ? [] : listForm.parse(JSON.parse(new TextDecoder().decode(bytes)))
  }

  /** What was said of a stint before this epoch was settled. */
  async #before({ epoch, node }: Earned, settling: number): Promise<StintResult | undefined> {
    for (let settled = settling - 1; settled >= epoch; settled--) {
      const result = (await this.#in(settled, node)).find((one) => one.epoch === epoch)
      if (result !== undefined) return result
    }
    return undefined
  }

  async #addPaid(epoch: number, nodes: readonly number[]): Promise<void> {
    const all = new Set([...(await this.paidIn(epoch)), ...nodes])
    const bytes = Buffer.concat([...all].sort((a, b) => a - b).map(u32le))
    await this.#files.keep(epoch, [{ name: PAID, bytes: new Uint8Array(bytes) }])
  }

  #hold(epoch: number, results: EpochResults): void {
    this.#newest = Math.max(this.#newest, epoch)
    this.#held.set(epoch, results)
    const [oldest] = this.#held.keys()
    if (oldest !== undefined && this.#held.size > HELD_EPOCHS) this.#held.delete(oldest)
  }
}

/** Decided, and not paid: they never will be. */
export function failedIn({ applied, due }: SettledEpoch): readonly { epoch: number; node: number }[] {
  const others = new Set([...applied.state.carried, ...applied.earned].map(stintOf))
  return due.flatMap(({ stint }) => (others.has(stintOf(stint)) ? [] : [stint]))
}

function stintOf({ epoch, node }: { readonly epoch: number; readonly node: number }): string {
  return `${epoch} ${node}`
}

function fileOf([node, results]: readonly [number, readonly StintResult[]]): EpochFile {
  const text = JSON.stringify(results, (_, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  )
  return { name: String(node), bytes: new TextEncoder().encode(text) }
}

/** Nodes by the epoch of what they were paid for. */
function paidBy(byNode: EpochResults): ReadonlyMap<number, readonly number[]> {
  const paid = [...byNode].flatMap(([node, results]) =>
    results.flatMap(({ epoch, outcome }) => (outcome === 'paid' ? [{ epoch, node }] : [])),
  )
  const groups = Map.groupBy(paid, ({ epoch }) => epoch)
  return new Map([...groups].map(([epoch, list]) => [epoch, list.map(({ node }) => node)]))
}

/** Its answers were judged after it was paid. */
function withMore(before: StintResult, { rows, pay }: Earned): StintResult {
  const paidRows = before.paidRows + rows
  return { ...before, paidRows, pay: before.pay + pay, reason: reasonOf(before.rows, paidRows) }
}

interface Outcome {
  /** Undefined for a stint that was decided. */
  readonly carried: Carried | undefined
  /** Undefined for a stint that was not paid. */
  readonly earned: Earned | undefined
}

function resultOf({ stint, checkers, rule }: Judged, { carried, earned }: Outcome): StintResult {
  const { epoch, table, start, end } = stint
  const rows = table.flags.subarray(start, end).filter((flag) => (flag & ROW_UNADMITTED) === 0).length
  const result = { epoch, rows, paidRows: 0, pay: 0n, checkers: [...checkers] }
  if (carried !== undefined) {
    const said = `${carried.findings.length} of its ${checkers.length} checkers have said what they found`
    const reason = `Not decided yet: ${said}, and ${WANTED[rule]} must agree. Its checkers ask the node again: leave it running.`
    return { ...result, outcome: 'carried', reason, checkers: [...carried.checkers] }
  }
  if (earned === undefined) {
    return {
      ...result,
      outcome: 'failed',
      reason:
        'A row that was checked is wrong, or two batches were signed for one place, or nobody answered for too long.',
    }
  }
  const paidRows = Math.min(earned.rows, rows)
  return { ...result, outcome: 'paid', paidRows, pay: earned.pay, reason: reasonOf(rows, paidRows) }
}

function reasonOf(rows: number, paidRows: number): string {
  return paidRows < rows
    ? `${rows - paidRows} of its rows were not delivered, wait to be judged, do not agree with what was found, or their job had no money left.`
    : ''
}

const WANTED: Readonly<Record<Due['rule'], string>> = {
  half: 'more than half of them',
  all: 'all of them',
  'two thirds': 'more than two thirds of them',
  stake: 'more than half of all stake',
}
