// How long it takes from the end of a task until its pay can be spent: by batch, from its last task to the claim that
// holds its pay.
import type { StintResult } from '@piecework/network'

/** Enough for a percentile, and little to show. */
const KEPT = 1_000
/** Batches that wait for their claim; older ones were unpaid, or their pay went into a bond. */
const WAITING = 4_096

export interface Latency {
  readonly epoch: number
  readonly seq: number
  readonly seconds: number
}

export interface Latencies {
  readonly count: number
  readonly p50: number | undefined
  readonly p95: number | undefined
  /** The newest ones. */
  readonly newest: readonly Latency[]
}

interface Timed {
  readonly epoch: number
  readonly seq: number
  readonly endedAt: number
}

export class LatencyLog {
  #waiting: Timed[] = []
  readonly #measured: Latency[] = []
  readonly #undecided = new Set<number>()

  signed(batch: Timed): void {
    this.#waiting.push(batch)
    if (this.#waiting.length > WAITING) this.#waiting.shift()
  }

  /** A carried stint's pay comes with a later claim than its epoch's, a failed one's never. */
  decided(results: readonly StintResult[]): void {
    const failed = new Set(results.filter(({ outcome }) => outcome === 'failed').map(({ epoch }) => epoch))
    this.#waiting = this.#waiting.filter(({ epoch }) => !failed.has(epoch))
    for (const { epoch, outcome } of results) {
      if (outcome === 'carried') this.#undecided.add(epoch)
      else this.#undecided.delete(epoch)
    }
  }

  /** A claim under the root of this epoch was seen on chain. */
  landed(epoch: number, at: number): void {
    const isPaid = (batch: Timed): boolean => batch.epoch <= epoch && !this.#undecided.has(batch.epoch)
    for (const batch of this.#waiting.filter(isPaid)) {
      this.#measured.push({ epoch: batch.epoch, seq: batch.seq, seconds: (at - batch.endedAt) / 1000 })
    }
    this.#waiting = this.#waiting.filter((batch) => !isPaid(batch))
    this.#measured.splice(0, Math.max(0, this.#measured.length - KEPT))
  }

  summary(): Latencies {
    const sorted = this.#measured.map(({ seconds }) => seconds).sort((a, b) => a - b)
    const at = (share: number): number | undefined =>
      sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]
    return { count: sorted.length, p50: at(0.5), p95: at(0.95), newest: [...this.#measured] }
  }
}
