// Record: keeps what is done before anything else, gathers rows, and signs them into batches while their epoch lasts.
import type { Log, Rested } from '@piecework/api'
import {
  BATCH_OUTPUT_BYTES,
  BATCH_ROWS,
  CHAIN_BATCHES,
  type HeldBatch,
  type Row,
  readBatch,
  rowCommit,
  SALT_BYTES,
  type SigningKey,
  signBatch,
  ZERO_HASH,
} from '@piecework/protocol'
import { type Opening, type ReceiptLog, StoreError } from '@piecework/store'
import { type Moment, type Working, workingEpoch } from './common/moment.ts'
import type { Done } from './work.ts'

/** A row that waits for its batch; what opens it is on disk. */
export interface WaitingRow {
  readonly row: Row
  /** Of its output. */
  readonly bytes: number
  /** The epoch under which it is kept. */
  readonly keptIn: number
  /** The last epoch in which its row counts. */
  readonly until: number
  /** Milliseconds since 1970. */
  readonly endedAt: number
}

export interface RecordPorts {
  readonly networkId: Uint8Array
  readonly key: SigningKey
  readonly receipts: ReceiptLog
  readonly randomBytes: (length: number) => Uint8Array
  readonly now: () => number
  readonly batchIntervalMs: number
  readonly log: Log
  /** What is on disk, and when the last of its tasks was done. */
  readonly pass: (batch: HeldBatch, endedAt: number) => void
}

/** Signed, and perhaps written: until that is certain nothing else is signed. */
interface Pending {
  readonly epoch: number
  readonly signed: Uint8Array
  readonly rows: readonly WaitingRow[]
  readonly moved: readonly Opening[]
}

export class Recorder {
  readonly #ports: RecordPorts
  readonly #waiting: WaitingRow[] = []
  #pending: Pending | undefined
  /** Where outputs are kept until their batch says otherwise. */
  #epoch = 0
  /** The last epoch in which nothing more is signed. */
  #closed = -1
  #rows = 0
  #tooLate = 0

  constructor(ports: RecordPorts) {
    this.#ports = ports
  }

  get counts(): { readonly rows: number; readonly waiting: number; readonly tooLate: number } {
    return { rows: this.#rows, waiting: this.#waiting.length, tooLate: this.#tooLate }
  }

  /** Of what waits, the first epoch under which something is kept; Infinity when nothing waits. */
  get keptFrom(): number {
    const rows = [...this.#waiting, ...(this.#pending?.rows ?? [])]
    return rows.reduce((first, { keptIn }) => Math.min(first, keptIn), Infinity)
  }

  /** What was done before a restart, and is in no batch. */
  resume(rows: readonly WaitingRow[]): void {
    this.#waiting.push(...rows)
  }

  /** Resolves when a power cut can't lose it any more. */
  async keep({ job, task, units, output, until, endedAt }: Done): Promise<void> {
    const { key, receipts, randomBytes } = this.#ports
    const { publicKey: nodeKey } = key
    const salt = randomBytes(SALT_BYTES)
    const commit = rowCommit({ nodeKey, salt, output })
    const row = { job, task, units, at: Math.floor(endedAt / 1000), commit }
    const keptIn = this.#epoch
    await receipts.keep({ epoch: keptIn, nodeKey }, { row, salt, output })
    this.#waiting.push({ row, bytes: output.length, keptIn, until, endedAt })
  }

  async see(moment: Moment): Promise<Rested> {
    const epoch = workingEpoch(moment)
    if (epoch === undefined) return 'rested'
    this.#epoch = epoch.number
    if (this.#pending !== undefined) await this.#write(this.#pending)
    this.#dropLate(epoch.number)
    if (this.#closed >= epoch.number) return undefined
    const closing = moment.slot >= epoch.closesAt
    if (closing || this.#isDue()) await this.#signAll(epoch)
    // What is done from here on goes into the next epoch.
    if (closing) this.#closed = epoch.number
    return undefined
  }

  /** Before it stops: signs what is there, where its epoch still takes it. */
  async finish(moment: Moment): Promise<void> {
    const epoch = workingEpoch(moment)
    if (this.#pending !== undefined) await this.#write(this.#pending)
    if (epoch !== undefined && this.#closed < epoch.number) await this.#signAll(epoch)
  }

  #isDue(): boolean {
    const { now, batchIntervalMs } = this.#ports
    const [oldest] = this.#waiting
    if (oldest === undefined) return false
    return this.#waiting.length >= BATCH_ROWS || now() - oldest.endedAt >= batchIntervalMs
  }

  #dropLate(epoch: number): void {
    const late = this.#waiting.filter(({ until }) => until < epoch)
    if (late.length === 0) return
    this.#tooLate += late.length
    this.#waiting.splice(0, Infinity, ...this.#waiting.filter(({ until }) => until >= epoch))
    this.#ports.log.warn('rows-too-late', { epoch, rows: late.length })
  }

  async #signAll({ number }: Working): Promise<void> {
    while (this.#waiting.length > 0 && this.#closed < number) {
      const pending = await this.#sign(number)
      if (pending === undefined) return
      this.#pending = pending
      this.#waiting.splice(0, pending.rows.length)
      await this.#write(pending)
    }
  }

  /** The next batch of the epoch; undefined when an epoch's chain is as long as it may be. */
  async #sign(epoch: number): Promise<Pending | undefined> {
    const { networkId, key, receipts } = this.#ports
    const { publicKey: nodeKey } = key
    const head = await receipts.head({ epoch, nodeKey })
    const seq = head === undefined ? 0 : head.seq + 1
    if (seq >= CHAIN_BATCHES) return undefined
    const rows = fitting(this.#waiting)
    const prev = head?.hash ?? ZERO_HASH
    const batch = { networkId, epoch, nodeKey, seq, prev, rows: rows.map(({ row }) => row) }
    const moved: Opening[] = []
    for (const { row, keptIn } of rows.filter((one) => one.keptIn !== epoch)) {
      const opening = await receipts.opening({ epoch: keptIn, nodeKey }, row.commit)
      if (opening !== undefined) moved.push(opening)
    }
    return { epoch, signed: signBatch(batch, key.sign), rows, moved }
  }

  /** Guarded and synced; after a failure the same bytes are written again before anything else is signed. */
  async #write(pending: Pending): Promise<void> {
    const { signed, rows, moved } = pending
    const { receipts, pass } = this.#ports
    const durable = await receipts.append(signed, moved).catch((error: unknown) => {
      if (error instanceof StoreError && error.code === 'guard/too-old') return undefined
      throw error
    })
    this.#pending = undefined
    if (durable === undefined) return this.#putBack(pending)
    this.#rows += rows.length
    pass(readBatch(durable), Math.max(...rows.map(({ endedAt }) => endedAt)))
  }

  /** After a restore, say: another machine may have signed in this epoch. The signature never left; its rows wait for a later one. */
  #putBack({ epoch, rows }: Pending): void {
    this.#closed = Math.max(this.#closed, epoch)
    this.#waiting.unshift(...rows)
    this.#ports.log.warn('rows-wait-for-a-later-epoch', { epoch, rows: rows.length })
  }
}

/** As many of the first as a batch may hold, by their number and by what a checker has to hold of them. */
function fitting(waiting: readonly WaitingRow[]): readonly WaitingRow[] {
  let bytes = 0
  const end = waiting.slice(0, BATCH_ROWS).findIndex((one) => {
    bytes += one.bytes
    return bytes > BATCH_OUTPUT_BYTES
  })
  return waiting.slice(0, end === -1 ? BATCH_ROWS : end)
}
