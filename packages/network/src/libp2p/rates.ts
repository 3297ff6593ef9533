// So much a second for each name, and some at once before that counts: what a peer may ask, or bring in vain. Who has
// spent nothing costs nothing, and no timer runs.
import type { Waiting } from './ports.ts'

/** Spent things are given back so often. */
const TICK_MS = 1000

export interface Rate {
  /** At once, by who was quiet until now. */
  readonly burst: number
  readonly perSecond: number
}

export interface RatesParts {
  readonly time: Waiting
  readonly stopping: AbortSignal
  readonly rateOf: (name: string) => Rate
}

export class Rates {
  readonly #parts: RatesParts
  readonly #spent = new Map<string, number>()
  #ticking: Promise<void> | undefined

  constructor(parts: RatesParts) {
    this.#parts = parts
  }

  /** Whether something is left to this name. */
  has(name: string): boolean {
    return (this.#spent.get(name) ?? 0) + 1 <= this.#parts.rateOf(name).burst
  }

  /** False when nothing is left. */
  take(name: string): boolean {
    if (!this.has(name)) return false
    this.#spent.set(name, (this.#spent.get(name) ?? 0) + 1)
    this.#ticking ??= this.#tick()
    return true
  }

  /** Waits until something is left; false when the signal is aborted first, or all stops. */
  async wait(name: string, signal: AbortSignal): Promise<boolean> {
    while (!signal.aborted && !this.#parts.stopping.aborted) {
      if (this.take(name)) return true
      await this.#tickOr(signal)
    }
    return false
  }

  /** What waits for long leaves nothing behind at the signal. */
  async #tickOr(signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const end = (): void => resolve()
    signal.addEventListener('abort', end)
    await Promise.race([this.#ticking, promise])
    signal.removeEventListener('abort', end)
  }

  async #tick(): Promise<void> {
    const { time, stopping, rateOf } = this.#parts
    await time.wait(TICK_MS, stopping)
    for (const [name, spent] of this.#spent) {
      const left = spent - (rateOf(name).perSecond * TICK_MS) / 1000
      if (left > 0) this.#spent.set(name, left)
      else this.#spent.delete(name)
    }
    // Once all has stopped nothing waits, and time stands still.
    this.#ticking = this.#spent.size > 0 && !stopping.aborted ? this.#tick() : undefined
  }
}
