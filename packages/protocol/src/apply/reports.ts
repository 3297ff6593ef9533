// The revealed reports, by verifier and stint.
import type { ReportInput } from '../inputs.ts'
import type { StintReport } from '../messages.ts'

export class Reports {
  readonly all: readonly ReportInput[]
  readonly #stintsOf: ReadonlyMap<number, readonly StintReport[]>

  constructor(reports: readonly ReportInput[]) {
    this.all = reports
    this.#stintsOf = new Map(reports.map(({ report }) => [report.verifierId, report.stints]))
  }

  /** What this verifier found of this stint. Reports list their stints by (epoch, node). */
  find(verifier: number, epoch: number, node: number): StintReport | undefined {
    const stints = this.#stintsOf.get(verifier) ?? []
    let low = 0
    let high = stints.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const stint = stints[middle]
      if (stint === undefined) break
      if (stint.epoch < epoch || (stint.epoch === epoch && stint.node < node)) low = middle + 1
      else high = middle
    }
    const found = stints[low]
    return found?.epoch === epoch && found.node === node ? found : undefined
  }
}
