// Brings a network from one step of an epoch to the next, at the first slot that allows it.
import { type Epoch, finalize, nextRound, postValues, propose, sealEpoch, vote } from '@piecework/chain'
import { drawProposer } from '@piecework/protocol'
import type { Proposal } from './books.ts'
import type { ProgramNetwork } from './network.ts'
import type { Receipt } from './vm.ts'

/** The most that one transaction takes. */
export const POSTS_AT_ONCE = 7
export const VOTES_AT_ONCE = 10

/** Every seat posts an inventory root, as soon as the epoch's work is over. */
export function postInventories(network: ProgramNetwork, number: number): Receipt[] {
  const epoch = network.epoch(number)
  network.vm.setSlot(Math.max(network.vm.slot, epoch.endsAt))
  const posts = epoch.seats.slice(0, epoch.seatCount).map(({ voteKey, id }) => ({
    voteKey,
    value: new Uint8Array(32).fill(id + 1),
  }))
  return batches(posts, POSTS_AT_ONCE).map((some) =>
    network.vm.send([postValues(network.at, { what: 'inventory', number, posts: some })]),
  )
}

/** Seals with a slot hash at its target. */
export function seal(network: ProgramNetwork, number: number): Receipt {
  network.vm.setSlot(Math.max(network.vm.slot, network.epoch(number).target + 1))
  return network.vm.send([sealEpoch(network.at, number)])
}

/** The proposer that the program expects, too. */
export function proposerOf(epoch: Epoch): Epoch['seats'][number] {
  const seats = epoch.seats.slice(0, epoch.seatCount)
  const candidates = seats.map(({ id, weight }) => ({ id, weight }))
  const drawn = drawProposer({ seed: epoch.seed, round: epoch.round, candidates })
  const seat = seats.find(({ id }) => id === drawn)
  if (seat === undefined) throw new Error(`epoch ${epoch.number} has no proposer`)
  return seat
}

/** Proposes once challenge, commit and reveal are over; the program may refuse. */
export function proposeTo(network: ProgramNetwork, number: number, proposal: Proposal): Receipt {
  const epoch = network.epoch(number)
  const phasesOver = epoch.sealedSlot + epoch.challenge + epoch.commit + epoch.reveal
  network.vm.setSlot(Math.max(network.vm.slot, phasesOver))
  const proposer = proposerOf(epoch).voteKey
  return network.vm.send([propose(network.at, { ...proposal, proposer, number, round: epoch.round })])
}

/** Every seat votes for the candidate. */
export function voteAll(network: ProgramNetwork, number: number): Receipt[] {
  const { seats, seatCount, candidate } = network.epoch(number)
  const voteKeys = seats.slice(0, seatCount).map(({ voteKey }) => voteKey)
  return batches(voteKeys, VOTES_AT_ONCE).map((some) =>
    network.vm.send([vote(network.at, { number, attestation: candidate.attestation, voteKeys: some })]),
  )
}

/** Waits for disputes, and makes the roots final. */
export function finish(network: ProgramNetwork, number: number): Receipt {
  const { votedSlot, dispute } = network.epoch(number)
  network.vm.setSlot(Math.max(network.vm.slot, votedSlot + dispute + 1))
  return network.vm.send([finalize(network.at, number)])
}

/** Waits until the round has failed, and begins the next. */
export function failRound(network: ProgramNetwork, number: number): Receipt {
  const { round, roundFrom, roundSlots } = network.epoch(number)
  network.vm.setSlot(Math.max(network.vm.slot, roundFrom + roundSlots))
  return network.vm.send([nextRound(network.at, { number, round })])
}

function batches<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, at) =>
    list.slice(at * size, (at + 1) * size),
  )
}
