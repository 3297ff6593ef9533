// How many questions may be under way at once, with one peer and in total.

/** With one peer: one that hangs must not take what is there for all. */
const PER_PEER = 16
/** With all: a checker takes the deliveries of a hundred nodes at once. */
const IN_TOTAL = 128
/** Own questions that wait for their turn: past them it is a fault of who asks. */
const WAITING = 4096

export type Release = () => void

export class Permits {
  readonly #perPeer = new Map<string, number>()
  readonly #waiting = new Set<() => void>()
  #total = 0

  /** Undefined at the bound. */
  take(peer: string): Release | undefined {
    const own = this.#perPeer.get(peer) ?? 0
    if (own >= PER_PEER || this.#total >= IN_TOTAL) return undefined
    this.#perPeer.set(peer, own + 1)
    this.#total++
    let released = false
    return () => {
      if (released) return
      released = true
      this.#give(peer)
    }
  }

  /** Waits at the bound, until the signal is aborted; undefined when too many wait, or no longer. */
  async wait(peer: string, signal: AbortSignal): Promise<Release | undefined> {
    for (;;) {
      const release = this.take(peer)
      if (release !== undefined) return release
      if (signal.aborted || this.#waiting.size >= WAITING) return undefined
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
    this.#total--
    for (const wake of [...this.#waiting]) wake()
  }
}
