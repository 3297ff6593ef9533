// Who has a seat in an epoch, and what quorums are of.
import { type Epoch, entriesOf, inMask, type Roster, SEATS, type Seat, seatsOf } from '@piecework/chain'
import { stakeWeights } from '@piecework/protocol'
import { NO_SEAT } from './blank.ts'

export type Snapshot = Pick<Epoch, 'seats' | 'seatCount' | 'weightTotal' | 'stakeTotal' | 'stakeCounted'>

export interface SnapshotOf {
  readonly epoch: number
  /** Who is new counts as active until the work of its first epoch has ended. */
  readonly leastActive: number
}

export function seatsIn(roster: Roster, { epoch, leastActive }: SnapshotOf): Snapshot {
  const seated = entriesOf(roster).filter((entry) => entry.fromEpoch <= epoch && epoch < entry.exitEpoch)
  const { weights } = stakeWeights(seated.map(({ stake }) => stake))
  const seats = seated.map(
    ({ id, voteKey, stake, activeSlot, fromEpoch }, place): Seat => ({
      ...NO_SEAT,
      id,
      voteKey,
      stake,
      weight: weights[place] ?? 0,
      activeSlot: fromEpoch === epoch ? Math.max(activeSlot, leastActive) : activeSlot,
    }),
  )
  const stakeTotal = seats.reduce((sum, { stake }) => sum + stake, 0n)
  return {
    seats: Array.from({ length: SEATS }, (_, place) => seats[place] ?? NO_SEAT),
    seatCount: seats.length,
    weightTotal: weights.reduce((sum, weight) => sum + weight, 0),
    stakeTotal,
    stakeCounted: stakeTotal,
  }
}

/** The place of a vote key among the seats; -1: it has none. */
export function placeOf(epoch: Epoch, voteKey: string): number {
  return seatsOf(epoch).findIndex((seat) => seat.voteKey === voteKey)
}

export function withBit(mask: bigint, place: number): bigint {
  return mask | (1n << BigInt(place))
}

/** Of a seat that was not dropped. */
export function countedStake(epoch: Epoch, place: number): bigint {
  return inMask(epoch.droppedMask, place) ? 0n : (epoch.seats[place]?.stake ?? 0n)
}

export function moreThanTwoThirds(part: bigint, whole: bigint): boolean {
  return 3n * part > 2n * whole
}

export function moreThanOneThird(part: bigint, whole: bigint): boolean {
  return 3n * part > whole
}

export function withSeat(epoch: Epoch, place: number, changed: Partial<Seat>): readonly Seat[] {
  return epoch.seats.with(place, { ...(epoch.seats[place] ?? NO_SEAT), ...changed })
}
