// Vote: when the chain shows a candidate, fetches what it was made of, computes the epoch again, and offers a vote if
// every byte agrees and nothing was left out that was here in time.
import type { Log } from '@piecework/api'
import { addressOf, type Epoch, readNetwork, seatsOf } from '@piecework/chain'
import type { Network } from '@piecework/network'
import { drawProposer, equalBytes, factsHash, type State, toHex } from '@piecework/protocol'
import type { SigningGuard } from '@piecework/store'
import { type ComputePorts, computeEpoch, proposalName } from './common/compute.ts'
import type { Computed, EpochWork } from './common/epoch-work.ts'
import type { Epochs } from './common/epochs.ts'
import { type FactsPorts, factsAfter } from './common/facts.ts'
import { isProposal } from './common/hashes.ts'
import {
  hasCandidate,
  heldOf,
  type Moment,
  type OnBoard,
  postedCommits,
  postedInventories,
  revealsFrom,
  roundsFrom,
  seatOf,
  settlingEpoch,
} from './common/moment.ts'
import type { Others } from './common/others.ts'
import type { States } from './common/states.ts'
import { VerifierError } from './errors.ts'
import type { Offers } from './offers.ts'
import { type Proposal, readProposal } from './proposal.ts'
import type { Reveals } from './reveals.ts'

export interface VotePorts extends FactsPorts, ComputePorts {
  readonly voteKey: Uint8Array
  readonly epochs: Epochs
  readonly states: States
  readonly network: Network
  readonly others: Others
  readonly guard: SigningGuard
  readonly offers: Offers
  readonly reveals: Reveals
  readonly log: Log
}

export class Vote {
  readonly #ports: VotePorts
  /** Candidates that were looked at: agreed to, or not. By attestation hash, of the epoch that is settling. */
  readonly #judged = new Map<string, boolean>()
  #epoch = -1
  #votes = 0

  constructor(ports: VotePorts) {
    this.#ports = ports
  }

  get votes(): number {
    return this.#votes
  }

  async see(moment: Moment): Promise<'rested' | undefined> {
    const epoch = settlingEpoch(moment)
    if (epoch === undefined || !hasCandidate(epoch)) return 'rested'
    const { voteKey, epochs, states, guard, offers, log } = this.#ports
    const [work, state] = [epochs.get(epoch.number), states.at(epoch.number - 1)]
    if (seatOf(epoch, addressOf(voteKey)) === undefined || work === undefined || state === undefined)
      return 'rested'
    if (epoch.number < (await guard.floor())) return 'rested'
    if (this.#epoch !== epoch.number) this.#judged.clear()
    this.#epoch = epoch.number
    const { number, round, candidate } = epoch
    const name = toHex(candidate.attestation)
    if (this.#judged.has(name)) return 'rested'
    if (!(await this.#isStanding(epoch))) return 'rested'
    const why = await this.#objection(work, { epoch, state })
    this.#judged.set(name, why === undefined)
    if (why !== undefined) {
      log.warn('candidate-refused', { epoch: number, round, why })
      return undefined
    }
    await guard.permit({ what: 'vote', epoch: number, key: voteKey, at: round }, candidate.attestation)
    offers.put({ what: 'vote', epoch: number, round, value: candidate.attestation })
    this.#votes += 1
    log.info('agreed', { epoch: number, round, attestation: candidate.attestation })
    return undefined
  }

  /** What was posted up to the last report commit can't be rolled back any more: a matter of a slot or two, or none. */
  async #isStanding(epoch: Epoch): Promise<boolean> {
    const { slot } = await readNetwork(this.#ports.chain, 'finalized')
    return slot >= revealsFrom(epoch)
  }

  /** Undefined: it is what it has to be. Throws while that can't be said. */
  async #objection(work: EpochWork, { epoch, state }: Settling): Promise<string | undefined> {
    const { attestation: hash } = epoch.candidate
    const proposal = await this.#proposal(work, epoch)
    if (proposal.attestation.round !== epoch.round) return 'it is of another round'
    const omitted = omission(work, epoch, proposal)
    if (omitted !== undefined) {
      // So that the next proposer has it. An inventory is asked for by its root, which is on chain.
      if (omitted.reveal !== undefined) await this.#spread(omitted.reveal)
      return omitted.why
    }
    const computed = await this.#computed(work, { epoch, state }, proposal)
    return equalBytes(computed.hash, hash) ? undefined : 'its inputs give something else'
  }

  async #spread(reveal: Uint8Array): Promise<void> {
    const { network, log } = this.#ports
    await network.publish('reveals', reveal).catch((error: Error) => {
      log.debug('reveal-not-heard', { why: error.message })
    })
  }

  async #proposal(work: EpochWork, epoch: Epoch): Promise<Proposal> {
    const { attestation: hash } = epoch.candidate
    const own = work.computed.get(toHex(hash))
    if (own !== undefined) return own.proposal
    const { duties, others } = this.#ports
    const before = await duties.find(epoch.number, proposalName(hash))
    if (before !== undefined) return readProposal(before)
    const { seed, round } = epoch
    const proposer = drawProposer({ seed, round, candidates: seatsOf(epoch) })
    const first = others.keysOf(proposer === undefined ? [] : [proposer])
    const found = await others.fetch({ sort: 'proposal', hashes: [hash], first, isRight: isProposal })
    const bytes = found.get(toHex(hash))
    if (bytes !== undefined) return readProposal(bytes)
    const message = `What was proposed for epoch ${epoch.number} can't be had: it is asked for again.`
    throw new VerifierError('proposal/invalid', message, { epoch: epoch.number })
  }

  /** Votes stand on what can't be rolled back. */
  async #computed(work: EpochWork, { epoch, state }: Settling, proposal: Proposal): Promise<Computed> {
    const facts = await factsAfter(this.#ports, { state, asOf: 'commits', commitment: 'finalized' })
    const own = work.computed.get(toHex(epoch.candidate.attestation))
    if (own !== undefined && equalBytes(factsHash(own.facts), factsHash(facts))) return own
    await this.#ports.reveals.fetch(work, epoch, proposal)
    return computeEpoch(this.#ports, { work, state, facts, choice: { ...proposal, round: epoch.round } })
  }
}

interface Settling {
  readonly epoch: Epoch
  readonly state: State
}

interface Omission {
  readonly why: string
  /** The report that was left out. */
  readonly reveal?: Uint8Array | undefined
}

/** What was here before the reveals ended had to be there for the proposer too. */
function omission(work: EpochWork, epoch: Epoch, { inventories, reveals }: Proposal): Omission | undefined {
  const until = roundsFrom(epoch)
  type Held = ReadonlyMap<number, { readonly since: number }>
  const inTime = (held: Held, posted: readonly OnBoard[], listed: readonly number[]): number[] =>
    heldOf(posted, held).filter((id) => (held.get(id)?.since ?? until) < until && !listed.includes(id))
  const [inventory] = inTime(work.inventories, postedInventories(epoch), inventories)
  if (inventory !== undefined) return { why: `it leaves out the inventory of verifier ${inventory}` }
  const [report] = inTime(work.reveals, postedCommits(epoch), reveals)
  if (report === undefined) return undefined
  return { why: `it leaves out the report of verifier ${report}`, reveal: work.reveals.get(report)?.bytes }
}
