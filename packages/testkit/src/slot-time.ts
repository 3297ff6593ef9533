// Time that passes with the slots of a test: waiting ends when so many of them were ticked.
import type { Time } from '@piecework/chain'

interface Waiter {
  readonly at: number
  readonly end: () => void
}

export class SlotTime implements Time {
  #now = 0
  readonly #waiters = new Set<Waiter>()

  now(): number {
    return this.#now
  }

  wait(milliseconds: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) return Promise.resolve()
    const { promise, resolve: end } = Promise.withResolvers<void>()
    const waiter = { at: this.#now + milliseconds, end }
    const early = (): void => end()
    this.#waiters.add(waiter)
    signal?.addEventListener('abort', early, { once: true })
    return promise.finally(() => {
      this.#waiters.delete(waiter)
      signal?.removeEventListener('abort', early)
    })
  }

  /** When the first of those who wait will have waited long enough; undefined when nobody waits. */
  get next(): number | undefined {
    const all = [...this.#waiters].map(({ at }) => at)
    return all.length === 0 ? undefined : Math.min(...all)
  }

  pass(milliseconds: number): void {
    this.#now += milliseconds
    for (const { at, end } of this.#waiters) if (at <= this.#now) end()
  }
}
