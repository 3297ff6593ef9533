// Enrol: publishes the node's enrolment until verifiers say that it holds, and renews it in time with the node's own key.
import type { Log, Rested } from '@piecework/api'
import { paramsOf } from '@piecework/chain'
import type { Network, NodeStanding } from '@piecework/network'
import type { Attribute, Enrolment, KindCapacity, SigningKey } from '@piecework/protocol'
import { bytesSetting, type Settings, u64Setting } from '@piecework/store'
import { type Moment, slotsBetween, workingEpoch } from './common/moment.ts'
import type { Word } from './common/word.ts'
import {
  ENROLMENT_EPOCHS,
  prepareEnrolment,
  RENEW_EPOCHS,
  RENEWAL_WALLET,
  readOwnEnrolment,
  signEnrolment,
} from './enrolment.ts'
import { NodeError } from './errors.ts'

const OWN = bytesSetting('node/enrolment')
/** Any value: the node leaves. */
const LEAVES = u64Setting('node/leaves')

export interface EnrolPorts {
  readonly networkId: Uint8Array
  readonly key: SigningKey
  readonly kinds: readonly KindCapacity[]
  readonly attributes: readonly Attribute[]
  /** What `join` made and the wallet signed; undefined for a node that the genesis state lists. */
  readonly joined: Uint8Array | undefined
  readonly settings: Settings
  readonly network: Network
  readonly log: Log
}

interface Own {
  readonly signed: Uint8Array
  readonly enrolment: Enrolment
}

export class Enrol {
  readonly #ports: EnrolPorts
  #own: Own | undefined
  #isLeaving = false
  #loaded = false
  #publishedAt = -Infinity

  constructor(ports: EnrolPorts) {
    this.#ports = ports
  }

  async see(moment: Moment, word: Word | undefined): Promise<Rested> {
    await this.#load()
    const epoch = workingEpoch(moment)?.number ?? 0
    if (word?.standing !== undefined) await this.#renewIfDue(moment, epoch, word.standing)
    if (this.#own === undefined || this.#holds(word)) return undefined
    if (this.#own.enrolment.expiresAtEpoch < epoch) throw expired(this.#own.enrolment)
    if (moment.slot < this.#publishedAt + slotsBetween(moment)) return 'rested'
    this.#publishedAt = moment.slot
    await this.#ports.network.publish('enrolments', this.#own.signed)
    return undefined
  }

  /** For good: a node that comes back joins anew. */
  async leave(): Promise<void> {
    await this.#ports.settings.set(LEAVES, 1n)
    this.#isLeaving = true
  }

  /** Nothing, once it leaves. */
  get #kinds(): readonly KindCapacity[] {
    return this.#isLeaving ? [] : this.#ports.kinds
  }

  /** Before anybody has answered, nobody has said that it holds. */
  #holds(word: Word | undefined): boolean {
    const standing = word?.standing
    return standing !== undefined && this.#own !== undefined && standing.nonce >= this.#own.enrolment.nonce
  }

  /** The newer one of what was joined with and what this node renewed since. */
  async #load(): Promise<void> {
    if (this.#loaded) return
    const { settings, joined } = this.#ports
    const stored = ownOf(await settings.get(OWN))
    const given = ownOf(joined)
    const isNewer = given !== undefined && given.enrolment.nonce > (stored?.enrolment.nonce ?? -1n)
    // Whoever joined again since does not leave any more.
    if (isNewer) await settings.delete(LEAVES)
    this.#isLeaving ||= (await settings.get(LEAVES)) !== undefined
    this.#own = isNewer ? given : stored
    this.#loaded = true
  }

  async #renewIfDue(moment: Moment, epoch: number, standing: NodeStanding): Promise<void> {
    // The one that is on its way is waited for, while it can still enter.
    const newest = this.#own?.enrolment
    if (newest !== undefined && newest.nonce > standing.nonce && newest.expiresAtEpoch > epoch) return
    const isLate = standing.expiresAtEpoch - epoch <= RENEW_EPOCHS
    const isOther = newest === undefined ? this.#isLeaving : !this.#isAsConfigured(newest)
    if (!isLate && !isOther) return
    const { networkId, key, attributes, settings, log } = this.#ports
    const nonce = (newest !== undefined && newest.nonce > standing.nonce ? newest.nonce : standing.nonce) + 1n
    const prepared = await prepareEnrolment(
      {
        networkId,
        nodeKey: key.publicKey,
        wallet: RENEWAL_WALLET,
        kinds: this.#kinds,
        attributes,
        minAmount: 0n,
        maxFee: 0n,
        expiresAtEpoch: epoch + ENROLMENT_EPOCHS,
        nonce,
      },
      paramsOf(moment.state.network, epoch).stampBits,
    )
    const signed = signEnrolment(prepared, key, undefined)
    await settings.set(OWN, signed)
    this.#own = { signed, enrolment: prepared.enrolment }
    this.#publishedAt = -Infinity
    log.info('enrolment-renewed', { nonce: String(nonce), expiresAtEpoch: prepared.enrolment.expiresAtEpoch })
  }

  #isAsConfigured({ kinds, attributes }: Enrolment): boolean {
    return sameKinds(kinds, this.#kinds) && sameAttributes(attributes, this.#ports.attributes)
  }
}

function expired({ expiresAtEpoch }: Enrolment): NodeError {
  const message = `This node's enrolment ended with epoch ${expiresAtEpoch}, and no other holds: join again, with a signature of the wallet.`
  return new NodeError('enrolment/expired', message, { expiresAtEpoch })
}

function ownOf(signed: Uint8Array | undefined): Own | undefined {
  return signed === undefined ? undefined : { signed, enrolment: readOwnEnrolment(signed) }
}

function sameKinds(a: readonly KindCapacity[], b: readonly KindCapacity[]): boolean {
  const capacities = new Map(b.map(({ kind, capacity }) => [kind, capacity]))
  return a.length === b.length && a.every(({ kind, capacity }) => capacities.get(kind) === capacity)
}

function sameAttributes(a: readonly Attribute[], b: readonly Attribute[]): boolean {
  const values = new Map(b.map(({ name, value }) => [name, value]))
  return a.length === b.length && a.every(({ name, value }) => values.get(name) === value)
}
