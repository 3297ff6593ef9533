// The one line of JSON at the end: what chain, ledgers and daemons say, and nothing that is merely expected.
import type { Books } from './books.ts'
import type { Sight } from './sight.ts'

export interface Summary {
  readonly epochs: number
  readonly charged: bigint
  readonly paid: bigint
  readonly held: bigint
  readonly claimed: bigint
  readonly refunded: bigint
  readonly conserved: boolean
  /** From the end of a task to tokens in the wallet. */
  readonly latencySeconds: { readonly p50: number | undefined; readonly p95: number | undefined }
  /** From the network's beginning. */
  readonly firstSpendableSeconds: number | undefined
  readonly contributors: readonly {
    readonly name: string
    readonly role: string
    readonly earned: bigint
    readonly claimed: bigint
    readonly bond: bigint
    /** The newest, or failed once it was. */
    readonly outcome: string
  }[]
  readonly results: { readonly tasks: number; readonly delivered: number }
  /** Claims and results are all in. */
  readonly complete: boolean
  /** What is not. */
  readonly missing: readonly string[]
}

export interface Ended {
  readonly epochs: number
  readonly books: Books
  readonly sight: Sight
  /** Milliseconds since 1970. */
  readonly upAt: number
  readonly tasks: number
  readonly missing: readonly string[]
}

export function summaryOf({ epochs, books, sight, upAt, tasks, missing }: Ended): Summary {
  const seconds = sight.nodes.flatMap(({ said }) => said?.latencies.newest.map((one) => one.seconds) ?? [])
  const spendable = sight.nodes.flatMap(({ said }) => said?.claims.map(({ at }) => at) ?? [])
  const { charged, paid, held, claimed, refunded, conserved } = books
  return {
    epochs,
    ...{ charged, paid, held, claimed, refunded, conserved },
    latencySeconds: { p50: percentile(seconds, 0.5), p95: percentile(seconds, 0.95) },
    firstSpendableSeconds:
      spendable.length === 0 ? undefined : rounded((Math.min(...spendable) - upAt) / 1_000),
    contributors: books.nodes.map(({ name, earned, claimed, bond, outcomes: stints }) => {
      const outcomes = stints.map((one) => one.outcome)
      const role = sight.nodes.find((one) => one.name === name)?.role ?? ''
      const outcome = outcomes.includes('failed') ? 'failed' : (outcomes.at(-1) ?? 'none')
      return { name, role, earned, claimed, bond, outcome }
    }),
    results: { tasks, delivered: sight.delivered },
    complete: missing.length === 0,
    missing,
  }
}

/** The smallest that so many are not above. */
export function percentile(values: readonly number[], share: number): number | undefined {
  const sorted = [...values].sort((a, b) => a - b)
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]
  return value === undefined ? undefined : rounded(value)
}

function rounded(seconds: number): number {
  return Math.round(seconds * 100) / 100
}
