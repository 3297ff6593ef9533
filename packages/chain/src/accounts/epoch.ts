import { gap, list, struct } from '../codec/compound.ts'
import { address, epochNumber, hash, natural, u8, u32, u64 } from '../codec/scalars.ts'
import { SEATS } from '../sizes.ts'
import { type Candidate, candidateLayout } from '../structs/candidate.ts'
import { type Seat, seatLayout } from '../structs/seat.ts'
import { type EpochState, epochState } from '../words.ts'
import type { AccountForm, InNetwork } from './form.ts'

export interface Epoch extends InNetwork {
  /** Its number mod 4. */
  readonly ring: number
  readonly state: EpochState
  readonly number: number
  /** S_e. */
  readonly startsAt: number
  /** S_{e+1}; Infinity until it is known. */
  readonly endsAt: number
  /** This and the next seven: the parameters of this epoch. */
  readonly grace: number
  readonly inventory: number
  readonly margin: number
  readonly challenge: number
  readonly commit: number
  readonly reveal: number
  readonly roundSlots: number
  readonly dispute: number
  /** finalSlot(e-1); 0: not final yet. */
  readonly previousFinalSlot: number
  /** More than 2/3 of stake had posted inventories; 0: not yet. */
  readonly quorumSlot: number
  /** Infinity until both are known. */
  readonly target: number
  readonly sealedSlot: number
  readonly seed: Uint8Array
  readonly seatCount: number
  readonly weightTotal: number
  readonly stakeTotal: bigint
  /** Without the dropped seats: quorums are of this. */
  readonly stakeCounted: bigint
  /** Of counted seats with an inventory. */
  readonly stakePosted: bigint
  /** Of counted seats that voted in this round. */
  readonly stakeVoted: bigint
  /** Bit i: seat i. */
  readonly inventoryMask: bigint
  readonly commitMask: bigint
  /** In this round. */
  readonly voteMask: bigint
  readonly droppedMask: bigint
  readonly round: number
  /** Its first slot; it lasts roundSlots, and then until next_round. */
  readonly roundFrom: number
  /** More than 2/3 of stake had voted; 0: not yet. */
  readonly votedSlot: number
  readonly candidate: Candidate
  /** Ascending by id; the first seatCount are in use. */
  readonly seats: readonly Seat[]
}

export const epochForm: AccountForm<Epoch> = {
  kind: 4,
  layout: struct<Epoch>('Epoch', {
    kind: u8,
    version: u8,
    bump: u8,
    ring: u8,
    state: epochState,
    padding: gap(3),
    network: address,
    number: epochNumber,
    startsAt: natural,
    endsAt: natural,
    grace: u32,
    inventory: u32,
    margin: u32,
    challenge: u32,
    commit: u32,
    reveal: u32,
    roundSlots: u32,
    dispute: u32,
    previousFinalSlot: natural,
    quorumSlot: natural,
    target: natural,
    sealedSlot: natural,
    seed: hash,
    seatCount: u32,
    weightTotal: u32,
    stakeTotal: u64,
    stakeCounted: u64,
    stakePosted: u64,
    stakeVoted: u64,
    inventoryMask: u64,
    commitMask: u64,
    voteMask: u64,
    droppedMask: u64,
    round: natural,
    roundFrom: natural,
    votedSlot: natural,
    candidate: candidateLayout,
    seats: list(seatLayout, SEATS),
  }),
}

export function seatsOf(epoch: Epoch): readonly Seat[] {
  return epoch.seats.slice(0, epoch.seatCount)
}

/** Whether a mask names the seat at a place. */
export function inMask(mask: bigint, place: number): boolean {
  return ((mask >> BigInt(place)) & 1n) === 1n
}
