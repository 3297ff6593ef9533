// What a stage is told in every slot: the newest state of the chain that is known, and what slot it is by now.
import {
  type Address,
  type Epoch,
  inMask,
  type NetworkState,
  type Seat,
  seatsOf,
  startOf,
} from '@piecework/chain'
import { equalBytes, ZERO_HASH } from '@piecework/protocol'

export interface Moment {
  readonly slot: number
  readonly state: NetworkState
}

export interface Seated {
  readonly seat: Seat
  readonly place: number
}

export function epochOf({ state }: Moment, number: number): Epoch | undefined {
  return state.epochs.find((epoch) => epoch.number === number && epoch.state !== 'empty')
}

/**
 * Whose work is under way or still counts, ascending. The account of an epoch is written when the one before is sealed,
 * which is after it begins: its start is known from the network's account before.
 */
export function takenEpochs({ slot, state: { network } }: Moment): readonly number[] {
  return [network.nextSeal, network.nextSeal + 1].filter(
    (number) => slot >= (startOf(network, number) ?? Number.POSITIVE_INFINITY),
  )
}

/** Begun, on chain, and not sealed: those whose inventories can be posted. */
export function openEpochs({ slot, state }: Moment): readonly Epoch[] {
  return state.epochs.filter((epoch) => epoch.state === 'open' && epoch.startsAt <= slot)
}

/** Sealed, and not final. Ascending, as all lists of epochs. */
export function sealedEpochs({ state }: Moment): readonly Epoch[] {
  return state.epochs.filter((epoch) => epoch.state === 'sealed' && epoch.number > state.network.lastFinal)
}

/** Whose commits and votes are due: proposals are of the first epoch that is not final. */
export function settlingEpoch(moment: Moment): Epoch | undefined {
  return sealedEpochs(moment).find(({ number }) => number === moment.state.network.lastFinal + 1)
}

export function seatOf(epoch: Epoch, voteKey: Address): Seated | undefined {
  const place = seatsOf(epoch).findIndex((seat) => seat.voteKey === voteKey)
  const seat = seatsOf(epoch)[place]
  return seat === undefined ? undefined : { seat, place }
}

export interface OnBoard {
  readonly verifierId: number
  readonly value: Uint8Array
}

export function postedInventories(epoch: Epoch): readonly OnBoard[] {
  return posted(epoch, epoch.inventoryMask, (seat) => seat.inventory)
}

/** Whose posted inventories are here, ascending. What was made here and did not get on chain in time counts for nobody. */
export function heldInventories(epoch: Epoch, held: ReadonlyMap<number, unknown>): number[] {
  return heldOf(postedInventories(epoch), held)
}

export function heldOf(posted: readonly OnBoard[], held: ReadonlyMap<number, unknown>): number[] {
  const ids = posted.map(({ verifierId }) => verifierId)
  return ids.filter((id) => held.has(id)).sort((a, b) => a - b)
}

export function postedCommits(epoch: Epoch): readonly OnBoard[] {
  return posted(epoch, epoch.commitMask, (seat) => seat.commit)
}

function posted(epoch: Epoch, mask: bigint, bytesOfSeat: (seat: Seat) => Uint8Array): readonly OnBoard[] {
  return seatsOf(epoch).flatMap((seat, place) =>
    inMask(mask, place) ? [{ verifierId: seat.id, value: bytesOfSeat(seat) }] : [],
  )
}

export function hasCandidate({ candidate }: Epoch): boolean {
  return !equalBytes(candidate.attestation, ZERO_HASH)
}

/** The first slot in which commits are posted: deliveries and checks end before it. */
export function commitsFrom({ sealedSlot, challenge }: Epoch): number {
  return sealedSlot + challenge
}

export function revealsFrom(epoch: Epoch): number {
  return commitsFrom(epoch) + epoch.commit
}

/** The first slot of the first round. */
export function roundsFrom(epoch: Epoch): number {
  return revealsFrom(epoch) + epoch.reveal
}
