// Attest: the proposer of a round puts together all that is here, computes the epoch, and offers its attestation.

import type { Log } from '@piecework/api'
import { addressOf, type Epoch, seatsOf } from '@piecework/chain'
import { attestationCodec, drawProposer, type State, toHex } from '@piecework/protocol'
import { type ComputePorts, computeEpoch } from './common/compute.ts'
import type { Computed, EpochWork } from './common/epoch-work.ts'
import type { Epochs } from './common/epochs.ts'
import { type FactsPorts, factsAfter } from './common/facts.ts'
import {
  hasCandidate,
  heldInventories,
  heldOf,
  type Moment,
  postedCommits,
  roundsFrom,
  seatOf,
  settlingEpoch,
} from './common/moment.ts'
import type { States } from './common/states.ts'
import type { Offers } from './offers.ts'
import { type Proposal, readProposal } from './proposal.ts'

export interface AttestPorts extends FactsPorts, ComputePorts {
  readonly voteKey: Uint8Array
  readonly epochs: Epochs
  readonly states: States
  readonly offers: Offers
  /** The wallet of the settler that asked most recently. */
  readonly settler: () => Uint8Array | undefined
  readonly log: Log
}

interface Settling {
  readonly epoch: Epoch
  readonly state: State
  readonly wallet: Uint8Array
}

export class Attest {
  readonly #ports: AttestPorts
  /** The newest that was proposed. */
  #proposed: { readonly name: string; readonly attestation: Uint8Array } | undefined

  constructor(ports: AttestPorts) {
    this.#ports = ports
  }

  async see(moment: Moment): Promise<'rested' | undefined> {
    const epoch = settlingEpoch(moment)
    if (epoch === undefined || hasCandidate(epoch) || !this.#isProposer(epoch, moment)) return 'rested'
    const { epochs, states, offers, log, settler } = this.#ports
    const { number, round } = epoch
    const [work, state, wallet] = [epochs.get(number), states.at(number - 1), settler()]
    if (work === undefined || state === undefined || wallet === undefined) return 'rested'
    const name = `proposed ${number} ${round} ${toHex(epoch.seed)}`
    if (this.#proposed?.name !== name) {
      const { attestation } = await this.#only(name, work, { epoch, state, wallet })
      this.#proposed = { name, attestation: attestationCodec.encode(attestation) }
      log.info('proposed', { epoch: number, round })
    }
    const { attestation } = this.#proposed
    offers.put({ what: 'proposal', epoch: number, round, attestation })
    return undefined
  }

  #isProposer(epoch: Epoch, { slot }: Moment): boolean {
    if (slot < roundsFrom(epoch)) return false
    const { seed, round } = epoch
    const self = seatOf(epoch, addressOf(this.#ports.voteKey))?.seat.id
    return self !== undefined && drawProposer({ seed, round, candidates: seatsOf(epoch) }) === self
  }

  /** One for each round of a seed, on disk before it is offered: all who ask get the same, after a power cut too. */
  async #only(name: string, work: EpochWork, settling: Settling): Promise<Proposal> {
    const { duties } = this.#ports
    const before = await duties.find(work.number, name)
    if (before !== undefined) return readProposal(before)
    const { proposal, bytes } = await this.#propose(work, settling)
    await duties.keep(work.number, [{ name, bytes }])
    return proposal
  }

  /** Everything that is held whole: what others lack of it they fetch here. */
  async #propose(work: EpochWork, { epoch, state, wallet }: Settling): Promise<Computed> {
    const facts = await factsAfter(this.#ports, { state, asOf: 'commits', commitment: 'confirmed' })
    const inventories = heldInventories(epoch, work.inventories)
    const reveals = heldOf(postedCommits(epoch), work.reveals)
    const choice = {
      round: epoch.round,
      settler: wallet,
      inventories,
      reveals,
      others: secondsOf(work, reveals),
    }
    return computeEpoch(this.#ports, { work, state, facts, choice })
  }
}

/** One for each verifier that revealed and signed another; ascending. */
function secondsOf(
  work: EpochWork,
  reveals: readonly number[],
): { verifierId: number; commit: Uint8Array }[] {
  return reveals.flatMap((verifierId) => {
    const second = [...work.others].find(([, other]) => other.verifierId === verifierId)
    return second === undefined ? [] : [{ verifierId, commit: new Uint8Array(Buffer.from(second[0], 'hex')) }]
  })
}
