// The machine's own work, which a test waits for.
import type { Sandbox } from '@piecework/work'

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
