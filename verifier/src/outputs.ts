// Outputs: a requester fetches the paid outputs of its job, each with the receipt that it can be traced to.
import {
  RESULTS,
  RESULTS_BYTES,
  type ResultsAnswer,
  type ResultsQuestion,
  type TaskResult,
} from '@piecework/network'
import { RowsView, readBatch } from '@piecework/protocol'
import type { Store } from '@piecework/store'
import type { Nodes } from './common/nodes.ts'
import type { States } from './common/states.ts'
import type { Results } from './results.ts'

export interface OutputsPorts {
  readonly nodes: Nodes
  readonly states: States
  readonly store: Store
  readonly results: Results
}

export class Outputs {
  readonly #ports: OutputsPorts

  constructor(ports: OutputsPorts) {
    this.#ports = ports
  }

  async answer({ job, epoch, after }: ResultsQuestion): Promise<ResultsAnswer> {
    const results: TaskResult[] = []
    let [seen, bytes] = [0, 0]
    for await (const one of this.#paid(job, epoch)) {
      seen += 1
      if (seen <= after) continue
      bytes += one.output.length
      if (results.length >= RESULTS || (results.length > 0 && bytes > RESULTS_BYTES)) break
      results.push(one)
    }
    return { settled: this.#ports.states.newest?.epoch ?? -1, results }
  }

  /** By node and row: always in the same order. */
  async *#paid(job: number, epoch: number): AsyncGenerator<TaskResult> {
    const { store, nodes, results } = this.#ports
    for (const node of await results.paidIn(epoch)) {
      const nodeKey = nodes.keyOf(node)
      if (nodeKey === undefined) continue
      for await (const signed of store.batches.of({ epoch, nodeKey })) {
        const { rows, hash } = readBatch(signed)
        const view = new RowsView(rows)
        for (let row = 0; row < view.count; row++) {
          if (view.job(row) !== job) continue
          const { task, units, at, commit } = view.row(row)
          const opening = await store.openings.find({ epoch, nodeKey }, commit)
          if (opening !== undefined) yield { task, node, units, at, batch: hash, row, output: opening.output }
        }
      }
    }
  }
}
