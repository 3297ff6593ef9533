// Time that passes only when somebody waits for it: what takes minutes takes no time, and is the same in every run.
import type { Time } from '../../src/index.ts'

interface Waiter {
  readonly at: number
  readonly end: () => void
}

/** Rounds in which nobody waits and nothing is settled: then nothing ever will be. */
const IDLE_ROUNDS = 1_000

export class HandTime implements Time {
  #now = 0
  readonly #waiters = new Set<Waiter>()

  now(): number {
    return this.#now
  }

  wait(milliseconds: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) return Promise.resolve()
    const { promise, resolve: end } = Promise.withResolvers<void>()
    const waiter = { at: this.#now + milliseconds, end }
    this.#waiters.add(waiter)
    const early = (): void => end()
    signal?.addEventListener('abort', early, { once: true })
    return promise.finally(() => {
      this.#waiters.delete(waiter)
      signal?.removeEventListener('abort', early)
    })
  }

  /** Lets everything happen that needs no time, then so much time pass. */
  async advance(milliseconds: number): Promise<void> {
    const until = this.#now + milliseconds
    for (await settle(); (this.#next()?.at ?? Infinity) <= until; await settle()) this.#jump()
    this.#now = until
  }

  /** Lets as much time pass as the work needs. */
  async during<T>(work: Promise<T>): Promise<T> {
    let pending = true
    const done = work.finally(() => {
      pending = false
    })
    done.catch(() => {})
    for (let idle = 0; pending && idle < IDLE_ROUNDS; idle++) {
      await settle()
      if (!pending || this.#next() === undefined) continue
      this.#jump()
      idle = 0
    }
    if (pending) throw new Error('it waits for something that never comes')
    return done
  }

  #next(): Waiter | undefined {
    return [...this.#waiters].reduce<Waiter | undefined>(
      (soonest, one) => (soonest === undefined || one.at < soonest.at ? one : soonest),
      undefined,
    )
  }

  #jump(): void {
    const waiter = this.#next()
    if (waiter === undefined) return
    this.#now = Math.max(this.#now, waiter.at)
    waiter.end()
  }
}

/** Until every promise that can go on has gone on. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((next) => setImmediate(next))
}
