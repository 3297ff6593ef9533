// The network's state as it changes: what a daemon acts by. One reading at a time, the newest state only: a slow
// listener skips states, and never sees an older one after a newer.
import type { AsOf, Chain, Commitment, Unsubscribe } from '../port.ts'
import { type NetworkState, readNetwork } from './network.ts'

export interface Follower {
  readonly commitment?: Commitment
  /** The next state is read when it is done with this one. */
  readonly onState: (state: AsOf<NetworkState>) => Promise<void> | void
  /** The reading, or `onState`, failed; it is tried again with the next slot. */
  readonly onError: (error: unknown) => void
}

/** Reads once in every slot of the clock, and begins at once. */
export function followNetwork(chain: Chain, { commitment, onState, onError }: Follower): Unsubscribe {
  let stopped = false
  let busy = false
  let missed = false

  async function look(): Promise<void> {
    if (busy) {
      missed = true
      return
    }
    busy = true
    do {
      missed = false
      try {
        const state = await readNetwork(chain, commitment)
        if (!stopped) await onState(state)
      } catch (error) {
        if (!stopped) onError(error)
      }
    } while (missed && !stopped)
    busy = false
  }

  const unsubscribe = chain.onSlot(() => void look())
  void look()
  return () => {
    stopped = true
    unsubscribe()
  }
}
