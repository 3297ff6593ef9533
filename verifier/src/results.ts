// Results: what became of each stint when its epoch was settled. A node is told of its own, with the reason.
import type { StintResult } from '@piecework/network'
import { type Due, ROW_UNADMITTED, type State } from '@piecework/protocol'
import { z } from 'zod'
import type { Computed } from './common/epoch-work.ts'
import type { Kept } from './common/kept.ts'

/** Epochs whose results are in memory; those before are on disk, as long as they are served. */
const KEPT_EPOCHS = 64
const NAME = 'results'

/** By node. */
type EpochResults = ReadonlyMap<number, readonly StintResult[]>

const resultForm = z.strictObject({
  node: z.int(),
  epoch: z.int(),
  outcome: z.enum(['paid', 'carried', 'failed']),
  rows: z.int(),
  paidRows: z.int(),
  pay: z.string().transform(BigInt),
  reason: z.string(),
  checkers: z.array(z.int()),
})

export class Results {
  readonly #kept: Kept
  readonly #epochs = new Map<number, EpochResults>()

  constructor(kept: Kept) {
    this.#kept = kept
  }

  /** From disk, after a restart. */
  async load(epochs: readonly number[]): Promise<void> {
    for (const epoch of epochs) {
      const bytes = await this.#kept.find(epoch, NAME)
      if (bytes === undefined) continue
      const list = z.array(resultForm).parse(JSON.parse(new TextDecoder().decode(bytes)))
      this.#hold(epoch, list)
    }
  }

  async take({ applied, due }: Computed): Promise<void> {
    const { state } = applied
    const list = due.map((one) => ({ node: one.stint.node, ...resultOf(one, state) }))
    const text = JSON.stringify(list, (_, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    )
    await this.#kept.keep(state.epoch, NAME, new TextEncoder().encode(text))
    this.#hold(state.epoch, list)
  }

  /** A node's stints from this epoch on, each with its newest outcome; ascending. */
  of(node: number, from: number): readonly StintResult[] {
    const newest = new Map<number, StintResult>()
    for (const results of this.#epochs.values()) {
      for (const result of results.get(node) ?? []) if (result.epoch >= from) newest.set(result.epoch, result)
    }
    return [...newest.values()].sort((a, b) => a.epoch - b.epoch)
  }

  /** Nodes whose stint of this epoch was paid, whenever that was decided; ascending. */
  paidIn(epoch: number): readonly number[] {
    const nodes = [...this.#epochs.values()].flatMap((results) =>
      [...results].flatMap(([node, list]) =>
        list.some((one) => one.epoch === epoch && one.outcome === 'paid') ? [node] : [],
      ),
    )
    return [...new Set(nodes)].sort((a, b) => a - b)
  }

  #hold(epoch: number, list: readonly (StintResult & { readonly node: number })[]): void {
    const byNode = new Map<number, StintResult[]>()
    for (const { node, ...result } of list) byNode.set(node, [...(byNode.get(node) ?? []), result])
    this.#epochs.set(epoch, byNode)
    const [oldest] = this.#epochs.keys()
    if (oldest !== undefined && this.#epochs.size > KEPT_EPOCHS) this.#epochs.delete(oldest)
  }
}

function resultOf({ stint, checkers, rule }: Due, state: State): StintResult {
  const { epoch, node, table, start, end } = stint
  const admitted = table.flags.subarray(start, end).filter((flag) => (flag & ROW_UNADMITTED) === 0).length
  const record = state.nodes[node]
  const result = { epoch, rows: admitted, paidRows: 0, pay: 0n, checkers: [...checkers] }
  const carried = state.carried.find((one) => one.epoch === epoch && one.node === node)
  if (carried !== undefined) {
    const said = `${carried.findings.length} of its ${checkers.length} checkers have said what they found`
    const reason = `Not decided yet: ${said}, and ${WANTED[rule]} must agree. It is asked again; answer its checkers.`
    return { ...result, outcome: 'carried', reason, checkers: [...carried.checkers] }
  }
  if (record?.failedAt === state.epoch) {
    return {
      ...result,
      outcome: 'failed',
      reason:
        'A row that was checked is wrong, or two batches were signed for one place, or nobody answered for too long.',
    }
  }
  const paid = record?.history.find((entry) => entry.epoch === state.epoch)
  const paidRows = Math.min(paid?.tasks ?? 0, admitted)
  const pay = paid?.pay ?? 0n
  const reason =
    paidRows < admitted
      ? `${admitted - paidRows} of its rows were not delivered, or their job had no money left.`
      : ''
  return { ...result, outcome: 'paid', paidRows, pay, reason }
}

const WANTED: Readonly<Record<Due['rule'], string>> = {
  half: 'more than half of them',
  all: 'all of them',
  'two thirds': 'more than two thirds of them',
  stake: 'more than half of all stake',
}
