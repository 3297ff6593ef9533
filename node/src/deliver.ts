// Deliver: hands every output of a stint to its checkers as soon as the seal names them, to those that a carried stint
// gets later, and to any verifier that asks for what it lacks. Nothing is opened before the seal.
import type { Log, Rested } from '@piecework/api'
import { type Epoch, paramsOf, seatsOf } from '@piecework/chain'
import {
  type Network,
  OPENINGS,
  OPENINGS_BYTES,
  type OpenAnswer,
  type OpenQuestion,
  protocols,
  type RowOpening,
  type Unsubscribe,
} from '@piecework/network'
import { drawCheckers, RowsView } from '@piecework/protocol'
import type { ReceiptLog } from '@piecework/store'
import { deliveryEnd, type Moment, slotsBetween } from './common/moment.ts'
import { batchesOf, openingsOf } from './common/own-work.ts'
import type { Verifier, Verifiers } from './common/verifiers.ts'
import type { Word } from './common/word.ts'
import { NodeError } from './errors.ts'

/** Left free in a message for places, salts and offsets. */
const FRAME_BYTES = 262_144
/** Handed to these many at once; a stint has three checkers, a carried one a few more. */
const AT_ONCE = 4

export interface DeliverPorts {
  readonly nodeKey: Uint8Array
  readonly network: Network
  readonly verifiers: Verifiers
  readonly receipts: ReceiptLog
  readonly log: Log
}

interface Delivery {
  readonly epoch: number
  readonly checker: Verifier
}

export class Deliver {
  readonly #ports: DeliverPorts
  /** Deliveries that are kept whole: `epoch checker`. */
  readonly #done = new Set<string>()
  /** Slots of the last tries of others. */
  readonly #triedAt = new Map<string, number>()
  /** Epochs below are sealed, and may be opened. */
  #sealedBelow = 0
  #delivered = 0

  constructor(ports: DeliverPorts) {
    this.#ports = ports
  }

  get counts(): { readonly delivered: number } {
    return { delivered: this.#delivered }
  }

  /** From here on verifiers are answered. */
  start(): Unsubscribe {
    return this.#ports.network.answer(protocols.open, (question, from) => this.#open(question, from))
  }

  async see(moment: Moment, word: Word | undefined): Promise<Rested> {
    this.#sealedBelow = moment.state.network.nextSeal
    const due = [...this.#fresh(moment), ...this.#carried(word)].filter((one) => this.#isDue(one, moment))
    if (due.length === 0) return 'rested'
    const failed: unknown[] = []
    for (let first = 0; first < due.length; first += AT_ONCE) {
      const tried = await Promise.allSettled(
        due.slice(first, first + AT_ONCE).map((one) => this.#deliver(one)),
      )
      failed.push(...tried.flatMap((one) => (one.status === 'rejected' ? [one.reason] : [])))
    }
    this.#forget(moment)
    if (failed.length > 0) throw failed[0]
    return undefined
  }

  #isDue(delivery: Delivery, moment: Moment): boolean {
    const name = nameOf(delivery)
    const triedAt = this.#triedAt.get(name)
    if (this.#done.has(name) || (triedAt !== undefined && moment.slot < triedAt + slotsBetween(moment)))
      return false
    this.#triedAt.set(name, moment.slot)
    return true
  }

  #fresh({ slot, state }: Moment): Delivery[] {
    const open = state.epochs.filter((epoch) => slot < (deliveryEnd(epoch) ?? 0))
    return open.flatMap((epoch) => {
      const { checkers } = paramsOf(state.network, epoch.number)
      return this.#named(epoch.number, checkersOf(epoch, this.#ports.nodeKey, checkers))
    })
  }

  #carried(word: Word | undefined): Delivery[] {
    const carried = (word?.results ?? []).filter(({ outcome }) => outcome === 'carried')
    return carried.flatMap(({ epoch, checkers }) => this.#named(epoch, checkers))
  }

  #named(epoch: number, ids: readonly number[]): Delivery[] {
    return ids.flatMap((id) => {
      const checker = this.#ports.verifiers.withId(id)
      return checker === undefined ? [] : [{ epoch, checker }]
    })
  }

  /** In as many messages as it takes. Whatever the checker doesn't keep yet is delivered again. */
  async #deliver({ epoch, checker }: Delivery): Promise<void> {
    const { receipts, nodeKey, network, log } = this.#ports
    let [sent, kept] = [0, 0]
    for await (const openings of messagesOf(openingsOf(receipts, { epoch, nodeKey }))) {
      const answer = await network.ask(protocols.deliver, { epoch, nodeKey, openings }, checker.key)
      sent += openings.length
      kept += answer.kept
      // It has not got the batches yet, or does not know yet that it is drawn: the rest would be sent for nothing.
      if (kept < sent) break
    }
    if (kept < sent) {
      log.debug('delivery-incomplete', { epoch, checker: checker.id, sent, kept })
      return
    }
    const name = nameOf({ epoch, checker })
    this.#done.add(name)
    this.#triedAt.delete(name)
    this.#delivered += sent
    if (sent > 0) log.debug('delivered', { epoch, checker: checker.id, rows: sent })
  }

  /** Outputs are everybody's after the seal, and nobody's before. */
  async #open({ epoch, rows }: OpenQuestion, from: Uint8Array): Promise<OpenAnswer> {
    const { receipts, nodeKey, verifiers } = this.#ports
    if (!verifiers.has(from)) throw refused('only verifiers are answered')
    if (epoch >= this.#sealedBelow) throw refused(`epoch ${epoch} is not sealed`)
    const wanted = new Set(rows.map(({ seq, row }) => `${seq} ${row}`))
    const openings: RowOpening[] = []
    let bytes = 0
    for await (const { seq, rows: signed } of batchesOf(receipts, { epoch, nodeKey })) {
      const view = new RowsView(signed)
      for (let row = 0; row < view.count; row++) {
        if (!wanted.has(`${seq} ${row}`)) continue
        const opening = await receipts.opening({ epoch, nodeKey }, view.commit(row))
        if (opening === undefined) continue
        bytes += opening.output.length
        if (!fits(openings.length, bytes)) return { openings }
        openings.push({ seq, row, salt: opening.salt, output: opening.output })
      }
    }
    return { openings }
  }

  /** Neither fresh nor carried for long: an epoch is decided after carryEpochs in any case. */
  #forget({ state: { network } }: Moment): void {
    const oldest = network.nextSeal - 2 * paramsOf(network, network.nextSeal).carryEpochs
    for (const names of [this.#done, this.#triedAt]) {
      for (const name of names.keys()) if (Number(name.split(' ')[0]) < oldest) names.delete(name)
    }
  }
}

function nameOf({ epoch, checker }: Delivery): string {
  return `${epoch} ${checker.id}`
}

function checkersOf(epoch: Epoch, nodeKey: Uint8Array, count: number): readonly number[] {
  const { seed, number } = epoch
  return drawCheckers({ seed, nodeKey, epoch: number, candidates: seatsOf(epoch), count })
}

/** Whether an opening still goes into a message that has so many already, and so many bytes with it. */
function fits(openings: number, bytes: number): boolean {
  return openings < OPENINGS && bytes <= OPENINGS_BYTES - FRAME_BYTES
}

async function* messagesOf(openings: AsyncIterable<RowOpening>): AsyncGenerator<readonly RowOpening[]> {
  let message: RowOpening[] = []
  let bytes = 0
  for await (const opening of openings) {
    bytes += opening.output.length
    if (!fits(message.length, bytes)) {
      yield message
      message = []
      bytes = opening.output.length
    }
    message.push(opening)
  }
  if (message.length > 0) yield message
}

function refused(why: string): NodeError {
  return new NodeError('opening/refused', `These rows are not opened: ${why}.`, { why })
}
