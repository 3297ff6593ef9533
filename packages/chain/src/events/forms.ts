// The bytes of the program's log lines: a discriminator, then the fields.
import { type Fields, struct } from '../codec/compound.ts'
import type { Layout } from '../codec/layout.ts'
import { address, epochNumber, flag, hash, natural, u32, u64 } from '../codec/scalars.ts'
import { ledgerName, postSort } from '../words.ts'
import type { EventName, Events } from './types.ts'

export interface EventForm<N extends EventName> {
  readonly name: N
  readonly discriminator: number
  readonly layout: Layout<Events[N]>
}

function form<N extends EventName>(discriminator: number, name: N, fields: Fields<Events[N]>): EventForm<N> {
  return { name, discriminator, layout: struct<Events[N]>(name, fields) }
}

export const eventForms: readonly EventForm<EventName>[] = [
  form(0, 'NetworkCreated', { network: address, authority: address, mint: address }),
  form(1, 'Started', { network: address, startsAt: natural, endsAt: natural }),
  form(2, 'ParamsSet', { network: address, fromEpoch: epochNumber }),
  form(3, 'AuthorityNominated', { network: address, nominee: address }),
  form(4, 'AuthorityAccepted', { network: address, authority: address }),
  form(5, 'Paused', { network: address, until: natural }),
  form(6, 'Resumed', { network: address, slot: natural }),
  form(7, 'VerifierJoined', {
    network: address,
    id: u32,
    operator: address,
    voteKey: address,
    stake: u64,
    fromEpoch: epochNumber,
    displaced: u32,
  }),
  form(8, 'VerifierLeft', { network: address, id: u32, exitEpoch: epochNumber }),
  form(9, 'VerifierRetired', { network: address, id: u32, stake: u64 }),
  form(10, 'StakeWithdrawn', { network: address, id: u32, amount: u64 }),
  form(11, 'Dropped', { network: address, epoch: epochNumber, seats: u64, stakeCounted: u64 }),
  form(12, 'JobCreated', { network: address, job: address, index: u32, requester: address, deposit: u64 }),
  form(13, 'JobClosed', { network: address, index: u32, slot: natural }),
  form(14, 'JobRefunded', { network: address, index: u32, charged: u64, refunded: u64 }),
  form(15, 'Posted', {
    network: address,
    epoch: epochNumber,
    what: postSort,
    seats: u64,
    job: u32,
    reached: flag,
  }),
  form(16, 'Sealed', { network: address, epoch: epochNumber, slot: natural, seed: hash, nextEnd: natural }),
  form(17, 'Proposed', { network: address, epoch: epochNumber, round: natural, attestation: hash }),
  form(18, 'RoundBegan', { network: address, epoch: epochNumber, round: natural, slot: natural }),
  form(19, 'Voted', { network: address, epoch: epochNumber, round: natural, seats: u64, reached: flag }),
  form(20, 'Finalized', {
    network: address,
    epoch: epochNumber,
    slot: natural,
    attestation: hash,
    paid: u64,
    charged: u64,
  }),
  form(21, 'DisputeOpened', {
    network: address,
    epoch: epochNumber,
    ledger: ledgerName,
    index: natural,
    disputer: address,
  }),
  form(22, 'DisputeProven', {
    network: address,
    epoch: epochNumber,
    round: natural,
    ledger: ledgerName,
    index: natural,
    burned: u64,
    reward: u64,
  }),
  form(23, 'PageOpened', { network: address, number: u32 }),
  form(24, 'Claimed', { network: address, index: u32, wallet: address, paid: u64, fee: u64, claimed: u64 }),
  form(25, 'Slashed', { network: address, id: u32, amount: u64, slashed: u64 }),
  form(26, 'DisputeClosed', {
    network: address,
    epoch: epochNumber,
    ledger: ledgerName,
    index: natural,
    disputer: address,
  }),
]
