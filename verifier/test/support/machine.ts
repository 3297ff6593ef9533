// Time that passes with the slots of a test, and the machine's own work, which is waited for.
import type { Time } from '@piecework/chain'
import type { Sandbox } from '@piecework/work'

interface Waiter {
  readonly at: number
  readonly end: () => void
}

/** Time that passes with the slots. */
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

  pass(milliseconds: number): void {
    this.#now += milliseconds
    for (const { at, end } of this.#waiters) if (at <= this.#now) end()
  }
}

/** The sandbox of this machine, and what runs in it now. */
export class WatchedSandbox implements Sandbox {
  readonly #sandbox: Sandbox
  readonly #running = new Set<Promise<unknown>>()

  constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox
  }

  run(what: Parameters<Sandbox['run']>[0]): ReturnType<Sandbox['run']> {
    const run = this.#sandbox.run(what)
    const ended = run.catch(() => {}).finally(() => this.#running.delete(ended))
    this.#running.add(ended)
    return run
  }

  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running)
  }
}
