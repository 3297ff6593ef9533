// What anyone may push on, and when: the chain's own conditions, read from its accounts. Pure.
import {
  type AsOf,
  type Epoch,
  inMask,
  type Network,
  type NetworkState,
  PAGE_ENTRIES,
  paramsOf,
  rootOf,
  seatsOf,
} from '@piecework/chain'

export type Crank =
  /** `target` tells a second try from the first: a slot hash that was missed moves it. */
  | { readonly what: 'seal'; readonly number: number; readonly target: number }
  | { readonly what: 'round'; readonly number: number; readonly round: number }
  | { readonly what: 'final'; readonly number: number; readonly round: number }
  | { readonly what: 'drop'; readonly number: number; readonly seats: bigint }

/** As the next slot will find it: nothing that is sent now lands before that. */
export function cranksDue({ slot, value: { network, epochs } }: AsOf<NetworkState>): readonly Crank[] {
  if (!network.started) return []
  const next = slot + 1
  return epochs.flatMap((epoch) => [
    ...seals(network, epoch, next),
    ...settles(network, epoch, next),
    ...drops(network, epoch, next),
  ])
}

/** The hash of a slot is there when the slot is over. */
function seals(network: Network, { number, state, target }: Epoch, next: number): readonly Crank[] {
  const due = number === network.nextSeal && state === 'open' && next > target
  return due ? [{ what: 'seal', number, target }] : []
}

function settles(network: Network, epoch: Epoch, next: number): readonly Crank[] {
  const { number, state, round, votedSlot, dispute } = epoch
  if (number !== network.lastFinal + 1 || state !== 'sealed') return []
  if (votedSlot === 0) return next >= roundEnd(epoch) ? [{ what: 'round', number, round }] : []
  const paused = next < network.pauseUntil
  return next >= votedSlot + dispute && !paused ? [{ what: 'final', number, round }] : []
}

export function roundEnd({ roundFrom, roundSlots }: Epoch): number {
  return roundFrom + roundSlots
}

/** Only where somebody who is gone holds the others up. */
function drops(network: Network, epoch: Epoch, next: number): readonly Crank[] {
  const { number, state, endsAt, grace, inventory, quorumSlot, votedSlot } = epoch
  const waitsForInventories = state === 'open' && next >= endsAt + grace + inventory && quorumSlot === 0
  const settling = state === 'sealed' && number === network.lastFinal + 1
  const waitsForVotes = settling && next >= roundEnd(epoch) && votedSlot === 0
  if (!waitsForInventories && !waitsForVotes) return []
  const seats = droppable(epoch, idlePlaces(network, epoch, next))
  return seats === 0n ? [] : [{ what: 'drop', number, seats }]
}

function idlePlaces(network: Network, epoch: Epoch, next: number): readonly number[] {
  const { number, state, inventoryMask, voteMask, droppedMask, sealedSlot, challenge, commit, reveal } = epoch
  const { length, inactiveEpochs } = paramsOf(network, number)
  const sealed = state === 'sealed'
  const done = (sealed ? voteMask : inventoryMask) | droppedMask
  return seatsOf(epoch).flatMap(({ activeSlot }, place) => {
    // Who posted an inventory could not vote before the rounds began; in a pause nobody can vote.
    const couldVote = sealed && inMask(inventoryMask, place) ? sealedSlot + challenge + commit + reveal : 0
    const seen = Math.max(activeSlot, network.pauseUntil, couldVote)
    return !inMask(done, place) && next >= seen + length * inactiveEpochs ? [place] : []
  })
}

/** As many of them as leave at least half of the stake: those that were gone longest first. */
function droppable(epoch: Epoch, places: readonly number[]): bigint {
  const { stakeTotal } = epoch
  const seats = seatsOf(epoch)
  const activeSlot = (place: number): number => seats[place]?.activeSlot ?? 0
  let counted = epoch.stakeCounted
  let dropped = 0n
  for (const place of places.toSorted((a, b) => activeSlot(a) - activeSlot(b))) {
    const left = counted - (seats[place]?.stake ?? 0n)
    if (2n * left < stakeTotal) continue
    counted = left
    dropped |= 1n << BigInt(place)
  }
  return dropped
}

/** Claim pages that the accounts of the newest root have their places on: those below this number. */
export function pagesNeeded(network: Network): number {
  const count = rootOf(network, network.lastFinal)?.accounts.count ?? 0
  return Math.ceil(count / PAGE_ENTRIES)
}
