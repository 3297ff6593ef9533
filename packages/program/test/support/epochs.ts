// The calls of an epoch, and how a network gets through one.
import type { PublicKey } from '@solana/web3.js'
import { drawProposer } from './draw.ts'
import type { Call, Values } from './encode.ts'
import { emptyRoot } from './ledger.ts'
import { joinVerifier, makeNetwork, type Network, type Verifier } from './network.ts'
import type { Outcome, World } from './world.ts'

export type Running = {
  readonly world: World
  readonly network: Network
  readonly verifiers: readonly Verifier[]
}

export const unknownSlot: bigint = 2n ** 64n - 1n
export const inventory = 0
export const commit = 1
export const holding = 2

/** The most posts with values, and the most votes, that fit one transaction. */
const postsAtOnce = 7
const votesAtOnce = 10

export function filled(byte: number): Uint8Array {
  return new Uint8Array(32).fill(byte)
}

export function epochOf(network: Network, number: bigint): PublicKey {
  const [first, second, third, fourth] = network.epochs
  return [first, second, third, fourth][Number(((number % 4n) + 4n) % 4n)] ?? first
}

export function readEpoch({ world, network }: Running, number: bigint, path: string): bigint {
  return world.integer('Epoch', epochOf(network, number), path)
}

export function readEntry({ world, network }: Running, place: number, field: string): bigint {
  return world.integer('Roster', network.roster, `entries.${place}.${field}`)
}

export function startCall(network: Network): Call {
  const [epoch_0, epoch_1, epoch_2, epoch_3] = network.epochs
  return {
    name: 'start',
    accounts: {
      authority: network.authority,
      network: network.id,
      roster: network.roster,
      epoch_0,
      epoch_1,
      epoch_2,
      epoch_3,
    },
  }
}

/** A network that has just started, with a verifier for each stake. */
export function startedNetwork(world: World, stakes: readonly bigint[], params: Values = {}): Running {
  const network = makeNetwork(world, { params })
  const verifiers = stakes.map((stake) => joinVerifier(world, network, stake))
  world.send(startCall(network))
  return { world, network, verifiers }
}

export type Post = {
  readonly number: bigint
  readonly what: number
  readonly voters: readonly PublicKey[]
  /** Hashes that tell the voters apart are made when they are left out. */
  readonly values?: readonly Uint8Array[]
  readonly job?: PublicKey
}

export function postCall(network: Network, post: Post): Call {
  const { number, what, voters, job } = post
  const values = post.values ?? (what === holding ? [] : voters.map((_, at) => filled(at + 1)))
  const accounts = { epoch: epochOf(network, number), ...(job === undefined ? {} : { job }) }
  return { name: 'post', accounts, args: { what, number, values }, rest: voters }
}

export function sealCall(network: Network, number: bigint): Call {
  return {
    name: 'seal_epoch',
    accounts: {
      network: network.id,
      roster: network.roster,
      epoch: epochOf(network, number),
      next_epoch: epochOf(network, number + 1n),
    },
  }
}

/** What is proposed when a test doesn't say: nothing was ever paid. */
export const proposal: Values = {
  facts_hash: filled(21),
  inputs_root: filled(22),
  accounts: emptyRoot,
  jobs: emptyRoot,
  slashes: emptyRoot,
  nodes_root: filled(23),
  workforce_root: filled(24),
  state_hash: filled(25),
}

/** The call of the proposer that is drawn for the epoch's round. */
export function proposeCall(running: Running, number: bigint, changed: Values = {}): Call {
  const { world, network } = running
  const epoch = epochOf(network, number)
  const round = readEpoch(running, number, 'round')
  return {
    name: 'propose',
    accounts: { proposer: drawProposer(world, epoch), network: network.id, epoch },
    args: { ...proposal, number, round, ...changed },
  }
}

export function voteCall(running: Running, number: bigint, voters: readonly PublicKey[]): Call {
  const { world, network } = running
  const epoch = epochOf(network, number)
  const attestation = Buffer.from(String(world.read('Epoch', epoch, 'candidate.attestation')), 'hex')
  return { name: 'vote', accounts: { epoch }, args: { attestation }, rest: voters }
}

export function nextRoundCall(running: Running, number: bigint): Call {
  const args = { number, round: readEpoch(running, number, 'round') }
  return { name: 'next_round', accounts: { epoch: epochOf(running.network, number) }, args }
}

export function finalizeCall(network: Network, number: bigint): Call {
  return {
    name: 'finalize',
    accounts: {
      network: network.id,
      epoch: epochOf(network, number),
      next_epoch: epochOf(network, number + 1n),
    },
  }
}

export function voteKeys(verifiers: readonly Verifier[]): readonly PublicKey[] {
  return verifiers.map(({ voteKey }) => voteKey)
}

function inBatches(keys: readonly PublicKey[], size: number): readonly (readonly PublicKey[])[] {
  const count = Math.ceil(keys.length / size)
  return Array.from({ length: count }, (_, at) => keys.slice(at * size, (at + 1) * size))
}

/** Goes to where inventories may be posted, and posts those of all, or of some. */
export function postInventories(
  running: Running,
  number: bigint,
  verifiers: readonly Verifier[] = running.verifiers,
): void {
  const { world, network } = running
  goTo(world, readEpoch(running, number, 'ends_at'))
  for (const voters of inBatches(voteKeys(verifiers), postsAtOnce))
    world.send(postCall(network, { number, what: inventory, voters }))
}

/** Goes to the first slot in which the epoch can be sealed, and seals it. */
export function seal(running: Running, number: bigint): Outcome {
  goTo(running.world, readEpoch(running, number, 'target') + 1n)
  return running.world.send(sealCall(running.network, number))
}

/** Goes to the round's first slot, and proposes. */
export function propose(running: Running, number: bigint, changed: Values = {}): Outcome {
  goTo(running.world, readEpoch(running, number, 'round_from'))
  return running.world.send(proposeCall(running, number, changed))
}

export function vote(
  running: Running,
  number: bigint,
  verifiers: readonly Verifier[] = running.verifiers,
): void {
  for (const voters of inBatches(voteKeys(verifiers), votesAtOnce))
    running.world.send(voteCall(running, number, voters))
}

/** Goes to the end of the dispute slots, and makes the candidate final. */
export function finalize(running: Running, number: bigint): Outcome {
  const disputed = readEpoch(running, number, 'voted_slot') + readEpoch(running, number, 'dispute')
  goTo(running.world, disputed)
  return running.world.send(finalizeCall(running.network, number))
}

/** From the end of an epoch's work to its seal. */
export function toSealed(running: Running, number: bigint): void {
  postInventories(running, number)
  seal(running, number)
}

/** On to a candidate. */
export function toCandidate(running: Running, number: bigint, changed: Values = {}): void {
  toSealed(running, number)
  propose(running, number, changed)
}

/** On to a candidate that everybody has voted for. */
export function toVoted(running: Running, number: bigint, changed: Values = {}): void {
  toCandidate(running, number, changed)
  vote(running, number)
}

export function toFinal(running: Running, number: bigint, changed: Values = {}): void {
  toVoted(running, number, changed)
  finalize(running, number)
}

/** Time never goes back. */
export function goTo(world: World, slot: bigint): void {
  if (slot > world.slot()) world.setSlot(slot)
}
