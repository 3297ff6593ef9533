// Publish: sends batches as they are on disk, and again until verifiers with more than 2/3 of the stake have
// acknowledged the newest, or take no more of its epoch.
import type { Log, Rested } from '@piecework/api'
import type { Network } from '@piecework/network'
import type { HeldBatch } from '@piecework/protocol'
import type { ReceiptLog } from '@piecework/store'
import { type Moment, slotsBetween, takenEpochs } from './common/moment.ts'
import { batchesOf } from './common/own-work.ts'

/** Batches on their way at once: what a hub bundles. */
const AT_ONCE = 64

export interface PublishPorts {
  readonly nodeKey: Uint8Array
  readonly network: Network
  readonly receipts: ReceiptLog
  readonly log: Log
  /** Verifiers take no more of its epoch, and too few have it: its rows may have to go into another. */
  readonly lost: (batches: readonly HeldBatch[]) => Promise<void>
}

interface Sending {
  readonly batch: HeldBatch
  sentAt: number
  isOnItsWay: boolean
}

export interface Head {
  readonly epoch: number
  readonly seq: number
  readonly hash: Uint8Array
}

export class Publish {
  readonly #ports: PublishPorts
  /** Not acknowledged, by epoch, in the order of seq. */
  readonly #sending = new Map<number, Sending[]>()
  readonly #onTheirWay = new Set<Promise<void>>()
  /** Of a message that nobody took, or of rows that could not be given back. */
  #failure: unknown
  #resumed = false
  #acknowledged = 0
  #unacknowledged = 0

  constructor(ports: PublishPorts) {
    this.#ports = ports
  }

  get counts(): { readonly acknowledged: number; readonly unacknowledged: number } {
    return { acknowledged: this.#acknowledged, unacknowledged: this.#unacknowledged }
  }

  take(batch: HeldBatch): void {
    const sending = this.#sending.get(batch.epoch) ?? []
    this.#sending.set(batch.epoch, sending)
    if (!sending.some((one) => one.batch.seq === batch.seq)) {
      sending.push({ batch, sentAt: -Infinity, isOnItsWay: false })
    }
  }

  /** Newest batches that are to be acknowledged. */
  get heads(): readonly Head[] {
    return [...this.#sending].flatMap(([epoch, sending]) => {
      const newest = sending.at(-1)?.batch
      return newest === undefined ? [] : [{ epoch, seq: newest.seq, hash: newest.hash }]
    })
  }

  /** Enough stake holds the chain of this epoch up to here. */
  acknowledged({ epoch, seq }: Pick<Head, 'epoch' | 'seq'>): void {
    const sending = this.#sending.get(epoch) ?? []
    const rest = sending.filter(({ batch }) => batch.seq > seq)
    this.#acknowledged += sending.length - rest.length
    if (rest.length > 0) this.#sending.set(epoch, rest)
    else this.#sending.delete(epoch)
  }

  async see(moment: Moment): Promise<Rested> {
    await this.#resume(moment)
    const taken = takenEpochs(moment)
    await this.#giveBack(taken)
    const before = moment.slot - slotsBetween(moment)
    const due = taken
      .flatMap((epoch) => this.#sending.get(epoch) ?? [])
      .filter((one) => !one.isOnItsWay && one.sentAt <= before)
    for (const one of due.slice(0, Math.max(0, AT_ONCE - this.#onTheirWay.size))) this.#send(one, moment.slot)
    const failure = this.#failure
    this.#failure = undefined
    if (failure !== undefined) throw failure
    return this.#onTheirWay.size > 0 ? 'rested' : undefined
  }

  /** Until nothing is on its way. */
  async settled(): Promise<void> {
    await Promise.all(this.#onTheirWay)
  }

  /** It may take a while: who saw a message just now does not take it again, and a later batch must not wait for that. */
  #send(one: Sending, slot: number): void {
    one.sentAt = slot
    one.isOnItsWay = true
    const sent: Promise<void> = this.#ports.network
      .publish('batches', one.batch.signed)
      .catch((error: unknown) => {
        this.#failure = error
      })
      .finally(() => {
        one.isOnItsWay = false
        this.#onTheirWay.delete(sent)
      })
    this.#onTheirWay.add(sent)
  }

  /** After a start: the same bytes as before, because nobody knows how far they came. */
  async #resume(moment: Moment): Promise<void> {
    if (this.#resumed) return
    const { receipts, nodeKey } = this.#ports
    for (const epoch of takenEpochs(moment)) {
      for await (const batch of batchesOf(receipts, { epoch, nodeKey })) this.take(batch)
    }
    for (const sending of this.#sending.values()) sending.sort((a, b) => a.batch.seq - b.batch.seq)
    this.#resumed = true
  }

  /** Of epochs that are closed. What fails is tried again with the next slot: until then their batches stay. */
  async #giveBack(taken: readonly number[]): Promise<void> {
    const { log, lost } = this.#ports
    for (const [number, sending] of this.#sending) {
      if (taken.includes(number)) continue
      try {
        await lost(sending.map(({ batch }) => batch))
      } catch (error) {
        this.#failure = error
        continue
      }
      this.#sending.delete(number)
      this.#unacknowledged += sending.length
      log.warn('batches-unacknowledged', { epoch: number, batches: sending.length })
    }
  }
}
