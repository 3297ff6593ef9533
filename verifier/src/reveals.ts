// Reveals: collects the reports that were committed, from gossip, and by their commits from whoever has them.
import { bytesOf, type Epoch, seatsOf, type Unsubscribe } from '@piecework/chain'
import type { Network, Received, RuleId } from '@piecework/network'
import {
  equalBytes,
  type Reporter,
  readReport,
  readReveal,
  reportCodec,
  reportCommit,
  splitReveal,
  splitSigned,
  toHex,
  verifySignature,
} from '@piecework/protocol'
import type { EpochWork } from './common/epoch-work.ts'
import type { Epochs } from './common/epochs.ts'
import { epochOf, type Moment, postedCommits, revealsFrom, sealedEpochs } from './common/moment.ts'
import type { Others } from './common/others.ts'
import { readOrNothing } from './common/read-or-nothing.ts'
import type { Proposal } from './proposal.ts'

/** Second reports that gossip may bring of one verifier: one decides. What a proposal names is fetched beside them. */
const SECONDS_KEPT = 1

export interface RevealsPorts {
  readonly networkId: Uint8Array
  readonly network: Network
  readonly epochs: Epochs
  readonly others: Others
}

export class Reveals {
  readonly #ports: RevealsPorts
  #moment: Moment | undefined

  constructor(ports: RevealsPorts) {
    this.#ports = ports
  }

  start(): Unsubscribe {
    return this.#ports.network.subscribe('reveals', async (message) => this.#judge(message))
  }

  /** Own ones at once; those of others that gossip has not brought are asked for. */
  async see(moment: Moment): Promise<undefined> {
    this.#moment = moment
    for (const epoch of sealedEpochs(moment)) {
      const work = this.#ports.epochs.get(epoch.number)
      if (work === undefined || moment.slot < revealsFrom(epoch)) continue
      if (work.report !== undefined) this.#take(work, epoch, work.report.reveal)
      const ids = postedCommits(epoch).map(({ verifierId }) => verifierId)
      // Half of the phase is left to gossip.
      if (moment.slot >= revealsFrom(epoch) + epoch.reveal / 2) {
        await this.fetch(work, epoch, { reveals: ids, others: [] })
      }
    }
  }

  /** Those that are not here, by what they open. */
  async fetch(
    work: EpochWork,
    epoch: Epoch,
    { reveals, others }: Pick<Proposal, 'reveals' | 'others'>,
  ): Promise<void> {
    const missing = postedCommits(epoch).filter(
      ({ verifierId }) => reveals.includes(verifierId) && !work.reveals.has(verifierId),
    )
    const seconds = others.filter(({ commit }) => !work.others.has(toHex(commit)))
    const hashes = [...missing.map(({ value }) => value), ...seconds.map(({ commit }) => commit)]
    if (hashes.length === 0) return
    const first = this.#ports.others.keysOf(missing.map(({ verifierId }) => verifierId))
    const isRight = (hash: Uint8Array, bytes: Uint8Array): boolean => this.#opens(epoch, hash, bytes)
    const found = await this.#ports.others.fetch({ sort: 'reveal', hashes, first, isRight })
    for (const [name, bytes] of found) {
      if (this.#take(work, epoch, bytes) !== 'not-committed') continue
      // Another than the one that is kept of this verifier: so few fit a proposal that all that it names are kept.
      work.others.set(name, { verifierId: verifierOf(bytes), bytes })
    }
  }

  #judge({ bytes }: Received): RuleId {
    const said = readOrNothing(() => reportCodec.decode(splitSigned(splitReveal(bytes).signed).message))
    if (said === undefined) return 'malformed'
    if (!equalBytes(said.networkId, this.#ports.networkId)) return 'wrong-network'
    const moment = this.#moment
    const epoch = moment === undefined ? undefined : epochOf(moment, said.epoch)
    const work = this.#ports.epochs.get(said.epoch)
    if (moment === undefined || epoch === undefined || work === undefined) {
      return said.epoch < (moment?.state.network.nextSeal ?? 0) ? 'too-old' : 'too-early'
    }
    // Before that commits can still be posted: whoever reveals so early is not to be copied.
    if (epoch.state !== 'sealed' || moment.slot < revealsFrom(epoch)) return 'too-early'
    if (!seatsOf(epoch).some(({ id }) => id === said.verifierId)) return 'unknown-verifier'
    return this.#take(work, epoch, bytes)
  }

  #take(work: EpochWork, epoch: Epoch, bytes: Uint8Array): RuleId {
    const { signed, salt } = splitReveal(bytes)
    const verifierId = verifierOf(bytes)
    const reporter = this.#reporter(epoch, verifierId)
    const held = work.reveals.get(verifierId)
    if (held !== undefined && equalBytes(held.bytes, bytes)) return 'duplicate'
    if (reporter === undefined) return 'unknown-verifier'
    const input = readOrNothing(() => readReport(signed, reporter))
    if (input === undefined) return 'bad-signature'
    const commit = postedCommits(epoch).find((one) => one.verifierId === verifierId)?.value
    // It may not be seen here yet: that is held against nobody. By its commit it is asked for later.
    if (commit === undefined) return 'too-early'
    if (readOrNothing(() => readReveal(bytes, { ...reporter, commit })) === undefined) {
      const opened = reportCommit({ ...reporter, salt, reportHash: input.hash })
      const kept = [...work.others.values()].filter((other) => other.verifierId === verifierId)
      if (kept.length < SECONDS_KEPT) work.others.set(toHex(opened), { verifierId, bytes })
      return 'not-committed'
    }
    // The same report under another of its verifier's signatures: there is no end to those.
    if (held !== undefined) return 'duplicate'
    work.reveals.set(verifierId, { bytes, input, since: this.#moment?.slot ?? 0 })
    return 'sound'
  }

  #opens(epoch: Epoch, hash: Uint8Array, bytes: Uint8Array): boolean {
    const found = readOrNothing(() => {
      const { signed, salt } = splitReveal(bytes)
      const verifierId = verifierOf(bytes)
      const reporter = this.#reporter(epoch, verifierId)
      if (reporter === undefined) return undefined
      return reportCommit({ ...reporter, salt, reportHash: readReport(signed, reporter).hash })
    })
    return found !== undefined && equalBytes(found, hash)
  }

  #reporter(epoch: Epoch, verifierId: number): Reporter | undefined {
    const seat = seatsOf(epoch).find(({ id }) => id === verifierId)
    if (seat === undefined) return undefined
    const { networkId } = this.#ports
    return {
      networkId,
      epoch: epoch.number,
      verifierId,
      voteKey: bytesOf(seat.voteKey),
      verify: verifySignature,
    }
  }
}

/** Throws where the bytes are no reveal. */
function verifierOf(bytes: Uint8Array): number {
  return reportCodec.decode(splitSigned(splitReveal(bytes).signed).message).verifierId
}
