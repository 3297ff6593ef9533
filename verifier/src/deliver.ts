// Deliver: takes the outputs that nodes hand to their checkers, and asks for what is missing. Kept is only what opens a
// row of a stint that is checked here, from the stint's own node: so what is kept is bounded by what was admitted.
import type { Log } from '@piecework/api'
import type { Unsubscribe } from '@piecework/chain'
import { type DeliverQuestion, type Network, OPEN_ROWS, protocols, type RowOpening } from '@piecework/network'
import {
  BATCH_OUTPUT_BYTES,
  equalBytes,
  type HeldBatch,
  OUTPUT_BYTES,
  RowsView,
  rowCommit,
  toHex,
} from '@piecework/protocol'
import type { OpeningStore } from '@piecework/store'
import type { Draw, StintCheck } from './common/epoch-work.ts'
import type { Epochs } from './common/epochs.ts'
import { commitsFrom, type Moment, sealedEpochs } from './common/moment.ts'
import { refused } from './errors.ts'

/** Part of the challenge after which a node is asked for what it has not delivered. */
const PATIENCE = 0.4
/** Messages that are written at once; a node sends its next one when it has its answer. */
const MESSAGES_AT_ONCE = 64
/** Nodes that are asked at once, and may still answer soon. */
const ASKED_AT_ONCE = 32
/** Part of the challenge after which a node that does not answer holds up no other one any more. */
const ANSWER_PATIENCE = 1 / 16
/** Questions that are open altogether: those that silent nodes let run out are cheap, but not for nothing. */
const OPEN_QUESTIONS = 1_024

export interface DeliverPorts {
  readonly network: Network
  readonly openings: OpeningStore
  readonly epochs: Epochs
  readonly log: Log
  /** Called when more of a stint is here. */
  readonly pass: () => void
}

export class Deliver {
  readonly #ports: DeliverPorts
  /** Nodes that are being asked, with the slots until which they count as about to answer. */
  readonly #asking = new Map<string, number>()
  /** How often a stint's node was asked: who was asked less often comes first. */
  readonly #asked = new WeakMap<StintCheck, number>()
  /** Bytes of outputs that were kept of a batch, by row: the same one may come twice at once. */
  readonly #bytes = new WeakMap<HeldBatch, Map<number, number>>()
  #writing = 0

  constructor(ports: DeliverPorts) {
    this.#ports = ports
  }

  start(): Unsubscribe {
    return this.#ports.network.answer(protocols.deliver, (question, from) => this.#take(question, from))
  }

  async see(moment: Moment): Promise<undefined> {
    for (const epoch of sealedEpochs(moment)) {
      const draw = this.#ports.epochs.get(epoch.number)?.draw
      const isTime =
        moment.slot >= epoch.sealedSlot + PATIENCE * epoch.challenge && moment.slot < commitsFrom(epoch)
      if (draw === undefined || !isTime) continue
      const until = moment.slot + Math.max(1, Math.floor(ANSWER_PATIENCE * epoch.challenge))
      let free = this.#free(moment)
      for (const check of this.#inTurn(draw)) {
        if (free <= 0) break
        if (this.#ask(check, until)) free -= 1
      }
    }
  }

  #inTurn({ mine }: Draw): readonly StintCheck[] {
    const askedOf = (check: StintCheck): number => this.#asked.get(check) ?? 0
    return [...mine.values()].sort((a, b) => askedOf(a) - askedOf(b))
  }

  /** How many more may be asked. A node that lets its question run out takes nobody else's turn. */
  #free({ slot }: Moment): number {
    const answering = [...this.#asking.values()].filter((until) => until > slot)
    return Math.min(ASKED_AT_ONCE - answering.length, OPEN_QUESTIONS - this.#asking.size)
  }

  async #take(
    { epoch, nodeKey, openings }: DeliverQuestion,
    from: Uint8Array,
  ): Promise<{ readonly kept: number }> {
    if (!equalBytes(from, nodeKey)) throw refused('only a node itself delivers its outputs')
    if (this.#writing >= MESSAGES_AT_ONCE) throw refused('too much is delivered at once, try again soon')
    const check = this.#checkOf(epoch, nodeKey)
    return { kept: check === undefined ? 0 : await this.#keep(check, openings) }
  }

  #checkOf(epoch: number, nodeKey: Uint8Array): StintCheck | undefined {
    const name = toHex(nodeKey)
    for (const { draw } of this.#ports.epochs.all().toReversed()) {
      for (const check of draw?.mine.values() ?? []) {
        if (check.due.stint.epoch === epoch && toHex(check.nodeKey) === name) return check
      }
    }
    return undefined
  }

  /** How many of them are kept, now or since before. */
  async #keep(check: StintCheck, openings: readonly RowOpening[]): Promise<number> {
    this.#writing += 1
    try {
      const kept = await Promise.all(openings.map((opening) => this.#keepOne(check, opening)))
      return kept.filter((one) => one).length
    } finally {
      this.#writing -= 1
      this.#ports.pass()
    }
  }

  async #keepOne(check: StintCheck, { seq, row, salt, output }: RowOpening): Promise<boolean> {
    const { nodeKey, due, batches, held } = check
    const at = batches.findIndex((batch) => batch.seq === seq)
    const [batch, rows] = [batches[at], held[at]]
    if (batch === undefined || rows === undefined || row >= batch.rowCount) return false
    if (rows.has(row)) return true
    const value = new RowsView(batch.rows).row(row)
    if (output.length > OUTPUT_BYTES || !equalBytes(rowCommit({ nodeKey, salt, output }), value.commit))
      return false
    if (!this.#hasRoom(batch, row, output.length)) return false
    try {
      await this.#ports.openings.keep({ epoch: due.stint.epoch, nodeKey }, { row: value, salt, output })
    } catch (error) {
      this.#bytes.get(batch)?.delete(row)
      throw error
    }
    rows.add(row)
    return true
  }

  /** Counts it, if it fits. */
  #hasRoom(batch: HeldBatch, row: number, length: number): boolean {
    const lengths = this.#bytes.get(batch) ?? new Map<number, number>()
    this.#bytes.set(batch, lengths)
    if (lengths.has(row)) return true
    const before = [...lengths.values()].reduce((sum, one) => sum + one, 0)
    if (before + length > BATCH_OUTPUT_BYTES) return false
    lengths.set(row, length)
    return true
  }

  /** In the background, one question to a node at a time: it may be slow, or gone. False when there is nothing to ask. */
  #ask(check: StintCheck, until: number): boolean {
    const { network, log } = this.#ports
    const { nodeKey, due, batches, held } = check
    const name = toHex(nodeKey)
    if (this.#asking.has(name)) return false
    const rows = batches.flatMap(({ seq, rowCount }, at) =>
      Array.from({ length: rowCount }, (_, row) => ({ seq, row })).filter(
        ({ row }) => held[at]?.has(row) !== true,
      ),
    )
    if (rows.length === 0) return false
    this.#asking.set(name, until)
    this.#asked.set(check, (this.#asked.get(check) ?? 0) + 1)
    const question = { epoch: due.stint.epoch, rows: rows.slice(0, OPEN_ROWS) }
    network
      .ask(protocols.open, question, nodeKey)
      .then(({ openings }) => this.#keep(check, openings))
      .catch((error: Error) => log.debug('node-silent', { node: nodeKey, why: error.message }))
      .finally(() => this.#asking.delete(name))
    return true
  }
}
