// States of epochs that the chain calls final: the newest ones in memory.
import type { State } from '@piecework/protocol'

/** The states that draws, deals and proposals may still ask for. */
const KEPT_STATES = 4

export class States {
  readonly #states = new Map<number, State>()

  /** The newest; undefined before the first. */
  get newest(): State | undefined {
    return [...this.#states.values()].at(-1)
  }

  at(epoch: number): State | undefined {
    return this.#states.get(epoch)
  }

  /** Of the epoch after the newest, or of a later one: then those before are forgotten. */
  add(state: State): void {
    if (this.#states.has(state.epoch)) return
    if (state.epoch !== (this.newest?.epoch ?? state.epoch) + 1) this.#states.clear()
    this.#states.set(state.epoch, state)
    const [oldest] = this.#states.keys()
    if (oldest !== undefined && this.#states.size > KEPT_STATES) this.#states.delete(oldest)
  }
}
