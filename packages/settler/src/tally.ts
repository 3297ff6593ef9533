// What a settler has done since it began, for its status and its metrics.
import type { Labels, Metrics } from '@piecework/api'

export type Deed =
  | 'inventories'
  | 'commits'
  | 'holdings'
  | 'proposals'
  | 'votes'
  | 'seals'
  | 'rounds'
  | 'finals'
  | 'pages'
  | 'drops'
  | 'claims'

/** Codes come from lists of fixed length, and from asked ones that are cut off here. */
const MAX_CODES = 200

type Counter = (labels: Labels, by?: number) => void

interface Counters {
  readonly done: Counter
  readonly refused: Counter
  readonly fees: Counter
}

export class Tally {
  readonly #done = new Map<Deed, number>()
  readonly #refusals = new Map<string, number>()
  readonly #counters: Counters | undefined
  /** Somebody else was first: other settlers are at work. */
  already = 0
  #feesEarned = 0n

  constructor(metrics?: Metrics) {
    this.#counters = metrics && countersOf(metrics)
  }

  get feesEarned(): bigint {
    return this.#feesEarned
  }

  add(deed: Deed, count: number): void {
    this.#done.set(deed, this.done(deed) + count)
    this.#counters?.done({ deed }, count)
  }

  earn(fee: bigint): void {
    this.#feesEarned += fee
    this.#counters?.fees({}, Number(fee))
  }

  refused(code: string): void {
    const name = this.#refusals.has(code) || this.#refusals.size < MAX_CODES ? code : 'others'
    this.#refusals.set(name, (this.#refusals.get(name) ?? 0) + 1)
    this.#counters?.refused({ code: name })
  }

  done(deed: Deed): number {
    return this.#done.get(deed) ?? 0
  }

  get refusals(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#refusals)
  }
}

function countersOf(metrics: Metrics): Counters {
  return {
    done: metrics.counter(
      'settler_done_total',
      'What landed: posts and votes by verifier, else by transaction.',
      ['deed'],
    ),
    refused: metrics.counter('settler_refused_total', 'What was refused, here or by the chain, by code.', [
      'code',
    ]),
    fees: metrics.counter('settler_fees_total', "Fees of carried claims, in the token's smallest units."),
  }
}
