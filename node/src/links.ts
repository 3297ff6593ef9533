// Links: sends back what checkers send, so that they can tell how fast this node's link is. Only verifiers with a seat, and
// to each of them no more than its jobs say that measuring takes.
import type { Log, Rested } from '@piecework/api'
import { type Link, type Network, protocols, type Unsubscribe } from '@piecework/network'
import { equalBytes, toHex } from '@piecework/protocol'
import { bytesOfPlans, echo, type MeasuringPlan } from '@piecework/work'
import { type Moment, slotsBetween, workingEpoch } from './common/moment.ts'
import type { Verifier, Verifiers } from './common/verifiers.ts'

/** Clocks differ: what a verifier measures in the next epoch may come while this one lasts here. */
const EPOCHS_AT_ONCE = 2
/** Verifiers that are away are dialled so many times less often than others are asked. */
const DIAL_PAUSES = 5

export interface LinksPorts {
  readonly nodeKey: Uint8Array
  readonly network: Network
  readonly verifiers: Pick<Verifiers, 'seated'>
  /** Of an epoch; undefined while they are not known. */
  readonly plans: (epoch: number) => readonly MeasuringPlan[] | undefined
  /** An epoch, in each direction: what having the link measured may take. */
  readonly linkBytes: number
  readonly log: Log
}

export interface LinkCounts {
  /** Links that were opened by checkers, and those that were not taken. */
  readonly taken: number
  readonly refused: number
  /** Sent back. */
  readonly bytes: number
}

export class Links {
  readonly #ports: LinksPorts
  /** Of this epoch, by verifier: bytes that came. */
  readonly #used = new Map<number, number>()
  #epoch = -1
  #dialledAt = -Infinity
  #counts: LinkCounts = { taken: 0, refused: 0, bytes: 0 }

  constructor(ports: LinksPorts) {
    this.#ports = ports
  }

  get counts(): LinkCounts {
    return this.#counts
  }

  start(): Unsubscribe {
    return this.#ports.network.takeLinks((link, from) => this.#take(link, from))
  }

  /** Checkers measure over connections that are there: this node opens them, whoever stands between. */
  async see(moment: Moment): Promise<Rested> {
    const { network, verifiers, nodeKey, plans, log } = this.#ports
    const epoch = workingEpoch(moment)?.number
    if (epoch === undefined) return 'rested'
    if (epoch !== this.#epoch) this.#used.clear()
    this.#epoch = epoch
    if (plans(epoch)?.length === 0) return 'rested'
    if (moment.slot < this.#dialledAt + DIAL_PAUSES * slotsBetween(moment)) return 'rested'
    this.#dialledAt = moment.slot
    const connected = new Set(network.peers().map(({ key }) => toHex(key)))
    const away = verifiers.seated.filter(({ key }) => !connected.has(toHex(key)))
    // Any question dials; this one is short.
    const question = { nodeKey, from: Math.max(0, moment.state.network.lastFinal) }
    await Promise.all(
      away.map(({ id, key }) =>
        network.ask(protocols.status, question, key).catch((error: Error) => {
          log.debug('verifier-not-reached', { verifier: id, why: error.message })
        }),
      ),
    )
    return undefined
  }

  async #take(link: Link, from: Uint8Array): Promise<void> {
    const { verifiers, log } = this.#ports
    const verifier = verifiers.seated.find(({ key }) => equalBytes(key, from))
    const left = verifier === undefined ? 0 : this.#allowed() - (this.#used.get(verifier.id) ?? 0)
    if (verifier === undefined || left <= 0) {
      this.#counts = { ...this.#counts, refused: this.#counts.refused + 1 }
      log.debug('link-refused', { from: toHex(from), verifier: verifier?.id })
      return
    }
    this.#counts = { ...this.#counts, taken: this.#counts.taken + 1 }
    // It ends when the checker closes it, which is no news.
    await echo(this.#counting(link, verifier), left).catch(() => undefined)
    log.debug('measured', { epoch: this.#epoch, verifier: verifier.id, bytes: this.#used.get(verifier.id) })
  }

  #counting(link: Link, { id }: Verifier): Link {
    const { address, received } = link
    return {
      address,
      received,
      close: () => link.close(),
      send: (bytes) => {
        this.#used.set(id, (this.#used.get(id) ?? 0) + bytes.length)
        this.#counts = { ...this.#counts, bytes: this.#counts.bytes + bytes.length }
        return link.send(bytes)
      },
    }
  }

  /** To each verifier. They measure from the first slot on, when this node does not know yet what its jobs say. */
  #allowed(): number {
    const { plans, linkBytes, verifiers } = this.#ports
    const known = plans(this.#epoch)
    if (known === undefined) return Math.floor(linkBytes / verifiers.seated.length)
    return EPOCHS_AT_ONCE * bytesOfPlans(known)
  }
}
