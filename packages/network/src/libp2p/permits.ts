// How many questions may be under way at once, with one peer and in total.
import { type Release, Shares, type Taker } from './shares.ts'

/** With one peer: one that hangs must not take what is there for all. */
const PER_PEER = 16
/** With all: a checker takes the deliveries of a hundred nodes at once. */
const IN_TOTAL = 128
export class Permits {
  readonly #perPeer = new Map<string, number>()
  readonly #waiting = new Set<() => void>()
  readonly #shares = new Shares(IN_TOTAL)

  /** Undefined at the bound. */
  take(taker: Taker): Release | undefined {
    const { peer } = taker
    const own = this.#perPeer.get(peer) ?? 0
    const give = own >= PER_PEER ? undefined : this.#shares.take(taker, 1)
    if (give === undefined) return undefined
    this.#perPeer.set(peer, own + 1)
    let released = false
    return () => {
      if (released) return
      released = true
      give()
      this.#give(peer)
    }
  }

  /** Waits at the bound; undefined when the signal is aborted first. */
  async wait(taker: Taker, signal: AbortSignal): Promise<Release | undefined> {
    for (;;) {
      const release = this.take(taker)
      if (release !== undefined) return release
      if (signal.aborted) return undefined
      await this.#change(signal)
    }
  }

  #change(signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const wake = (): void => {
      this.#waiting.delete(wake)
      signal.removeEventListener('abort', wake)
      resolve()
    }
    this.#waiting.add(wake)
    signal.addEventListener('abort', wake, { once: true })
    return promise
  }

  #give(peer: string): void {
    const left = (this.#perPeer.get(peer) ?? 1) - 1
    if (left === 0) this.#perPeer.delete(peer)
    else this.#perPeer.set(peer, left)
    for (const wake of [...this.#waiting]) wake()
  }
}
