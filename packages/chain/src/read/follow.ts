// The network's state as it changes: what a daemon acts by. One reading at a time, the newest state only: a slow
// listener skips states, and never sees an older one after a newer.
import type { AsOf, Chain, Commitment, Unsubscribe } from '../port.ts'
import { type NetworkState, readNetwork } from './network.ts'

export interface Follower {
  readonly commitment?: Commitment
  /** Read once in so many slots, which the newest state decides; in every one, where nothing is said. */
  readonly everySlots?: (state: AsOf<NetworkState>) => number
  /** The next state is read when it is done with this one. */
  readonly onState: (state: AsOf<NetworkState>) => Promise<void> | void
  /** The reading, or `onState`, failed; it is tried again with the next slot. */
  readonly onError: (error: unknown) => void
}

/** Reads in every slot of the clock, or every few of them, and begins at once. */
export function followNetwork(
  chain: Chain,
  { commitment, everySlots = () => 1, onState, onError }: Follower,
): Unsubscribe {
  let stopped = false
  /** The slot of the newest look; undefined when the next slot is to be looked at, whichever it is. */
  let looked: number | undefined
  let every = 1
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
        every = everySlots(state)
        if (!stopped) await onState(state)
      } catch (error) {
        looked = undefined
        if (!stopped) onError(error)
      }
    } while (missed && !stopped)
    busy = false
  }

  const unsubscribe = chain.onSlot((slot) => {
    if (looked !== undefined && slot >= looked && slot < looked + every) return
    looked = slot
    void look()
  })
  void look()
  return () => {
    stopped = true
    unsubscribe()
  }
}
