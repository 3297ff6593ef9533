// Report: signs what was found, once; commits to it, and reveals it when nobody can commit to anything any more.
import type { Log } from '@piecework/api'
import { addressOf } from '@piecework/chain'
import type { Network } from '@piecework/network'
import {
  joinReveal,
  joinSigned,
  type Report,
  reportCodec,
  reportCommit,
  reportHash,
  SALT_BYTES,
  type SigningKey,
  splitReveal,
  splitSigned,
} from '@piecework/protocol'
import type { EpochFiles, SigningGuard } from '@piecework/store'
import type { Findings } from './check.ts'
import type { EpochWork } from './common/epoch-work.ts'
import type { Epochs } from './common/epochs.ts'
import { type Moment, revealsFrom, roundsFrom, sealedEpochs, seatOf } from './common/moment.ts'
import type { Offers } from './offers.ts'

const NAME = 'report'

export interface ReportPorts {
  readonly networkId: Uint8Array
  readonly key: SigningKey
  readonly network: Network
  readonly epochs: Epochs
  readonly duties: EpochFiles
  readonly guard: SigningGuard
  readonly offers: Offers
  readonly randomBytes: (length: number) => Uint8Array
  readonly log: Log
}

export class Reporting {
  readonly #ports: ReportPorts
  /** The verifier's id in each epoch's snapshot. */
  readonly #ids = new Map<number, number>()
  #made = 0

  constructor(ports: ReportPorts) {
    this.#ports = ports
  }

  get made(): number {
    return this.#made
  }

  /** Takes up what was signed before a restart, and reveals what is due. */
  async see(moment: Moment): Promise<undefined> {
    const { epochs, duties, key, network, log } = this.#ports
    this.#ids.clear()
    for (const epoch of sealedEpochs(moment)) {
      const work = epochs.get(epoch.number)
      const seated = seatOf(epoch, addressOf(key.publicKey))
      if (work === undefined || seated === undefined) continue
      this.#ids.set(epoch.number, seated.seat.id)
      if (work.report === undefined) {
        const reveal = await duties.find(epoch.number, NAME)
        if (reveal !== undefined) await this.#have(work, reveal)
      }
      const isTime = moment.slot >= revealsFrom(epoch) && moment.slot < roundsFrom(epoch) + epoch.roundSlots
      if (work.report === undefined || !isTime) continue
      // Again in each of these slots: who has it lets it pass. What is too long for gossip is asked for by its commit.
      network.publish('reveals', work.report.reveal).catch((error: Error) => {
        log.debug('reveal-not-heard', { epoch: epoch.number, why: error.message })
      })
    }
  }

  async take({ work, stints, evidence }: Findings): Promise<void> {
    const { networkId, key, duties, guard, randomBytes, log } = this.#ports
    const verifierId = this.#ids.get(work.number)
    if (verifierId === undefined || work.report !== undefined) return
    if (work.number < (await guard.floor())) return
    const report: Report = { networkId, epoch: work.number, verifierId, stints, evidence }
    const message = reportCodec.encode(report)
    const signature = key.sign(reportHash(networkId, message))
    const reveal = joinReveal({ salt: randomBytes(SALT_BYTES), signed: joinSigned({ signature, message }) })
    await duties.keep(work.number, [{ name: NAME, bytes: reveal }])
    await this.#have(work, reveal)
    this.#made += 1
    log.info('reported', { epoch: work.number, stints: stints.length, evidence: evidence.length })
  }

  /** On disk: from here on there is no other for this epoch. */
  async #have(work: EpochWork, reveal: Uint8Array): Promise<void> {
    const { networkId, key, guard, offers } = this.#ports
    const { salt, signed } = splitReveal(reveal)
    const { message } = splitSigned(signed)
    const hash = reportHash(networkId, message)
    const epoch = work.number
    // As it was signed, whatever the chain says by now.
    const { verifierId } = reportCodec.decode(message)
    const commit = reportCommit({ networkId, epoch, verifierId, salt, reportHash: hash })
    await guard.permit({ what: 'report', epoch, key: key.publicKey, at: 0 }, hash)
    await guard.permit({ what: 'commit', epoch, key: key.publicKey, at: 0 }, commit)
    work.report = { commit, reveal }
    offers.put({ what: 'commit', epoch, value: commit })
  }
}
