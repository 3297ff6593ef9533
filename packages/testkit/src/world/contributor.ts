// A contributor of the protocol's simulation: does what it is dealt, or pretends to, and answers its checkers, or not.
import {
  BATCH_ROWS,
  type Batch,
  type HeldBatch,
  type Row,
  RowsView,
  readBatch,
  rowCommit,
  SIGNATURE_BYTES,
  type SigningKey,
  signBatch,
  ZERO_HASH,
} from '@piecework/protocol'
import type { SeededRandom } from '../random.ts'
import { rightOutput } from './toy-work.ts'

export interface DealtTask {
  readonly job: number
  readonly task: number
  readonly units: number
}

export interface Opening {
  readonly salt: Uint8Array
  readonly output: Uint8Array
}

/** What a contributor does with its tasks. Honest where nothing else is said. */
export interface Behaviour {
  /** False: sends nothing at all in this epoch. */
  readonly works?: (epoch: number) => boolean
  /** What it writes rows for, in place of what it was dealt and what needs no deal. */
  readonly tasks?: (dealt: readonly DealtTask[], epoch: number) => readonly DealtTask[]
  /** The output for a task, or undefined to leave it undone. */
  readonly output?: (task: DealtTask, context: WorkContext) => Uint8Array | undefined
  /** True: keeps this epoch's tasks for later, and does them with the next ones that it does not put off. */
  readonly postpones?: (epoch: number) => boolean
  /** False: this verifier gets none of its batches. */
  readonly sendsTo?: (verifierId: number) => boolean
  /** Asked by each checker, once the draw is known: false leaves all of the stint unanswered. */
  readonly answers?: (context: AnswerContext) => boolean
  /** Asked as `answers` is: hands the checker another batch for the place of the admitted one. */
  readonly swaps?: (context: AnswerContext) => boolean
  /** A second, different chain for the same epoch, sent to every other verifier. */
  readonly equivocates?: (epoch: number) => boolean
  /** False: hands this output to nobody. */
  readonly delivers?: (task: DealtTask, epoch: number) => boolean
  /** The commit to write in place of the right one: for copied work. */
  readonly commit?: (task: DealtTask, context: WorkContext) => Uint8Array | undefined
  /** What to show for a row in place of its own opening. */
  readonly shows?: (task: DealtTask, epoch: number) => Opening | undefined
}

export interface WorkContext {
  readonly epoch: number
  readonly random: SeededRandom
}

export interface AnswerContext {
  /** The epoch that asks. */
  readonly epoch: number
  readonly stintEpoch: number
  /** Drawn rows that it faked. */
  readonly drawnFakes: number
  /** Who asks. */
  readonly verifierId: number
}

export interface ContributorOptions {
  readonly key: SigningKey
  readonly wallet: Uint8Array
  readonly networkId: Uint8Array
  readonly behaviour: Behaviour
  readonly random: SeededRandom
  /** Signs with real keys; without, signatures are zeros and nobody checks them. */
  readonly signs: boolean
}

/** What it sent in one epoch. */
export interface Sent {
  readonly batches: readonly HeldBatch[]
  /** The chain that every other verifier gets, of an equivocator. */
  readonly other: readonly HeldBatch[] | undefined
  /** By batch and row, of both chains. */
  readonly openings: ReadonlyMap<string, Opening>
  /** Which verifiers get it. */
  readonly goesTo: (verifierId: number) => boolean
}

interface MadeRow {
  readonly row: Row
  readonly opening: Opening
  readonly delivered: boolean
}

const NO_SIGNATURE: Uint8Array = new Uint8Array(SIGNATURE_BYTES)

export class Contributor {
  readonly key: SigningKey
  readonly wallet: Uint8Array
  readonly behaviour: Behaviour
  /** Its index in the state, once it is enrolled. */
  index: number | undefined
  readonly sent: Map<number, Sent> = new Map()
  readonly #options: ContributorOptions
  #postponed: readonly DealtTask[] = []

  constructor(options: ContributorOptions) {
    this.#options = options
    this.key = options.key
    this.wallet = options.wallet
    this.behaviour = options.behaviour
  }

  work(epoch: number, tasks: readonly DealtTask[]): Sent | undefined {
    if (this.behaviour.works?.(epoch) === false) return undefined
    const chosen = this.behaviour.tasks?.(tasks, epoch) ?? tasks
    const all = [...this.#postponed, ...chosen]
    const later = this.behaviour.postpones?.(epoch) === true
    this.#postponed = later ? all : []
    return later ? undefined : this.#send(epoch, all)
  }

  #send(epoch: number, tasks: readonly DealtTask[]): Sent | undefined {
    const openings = new Map<string, Opening>()
    const batches = this.#chain(epoch, tasks, openings)
    if (batches.length === 0) return undefined
    const twice = this.behaviour.equivocates?.(epoch) === true
    const other = twice ? this.#chain(epoch, tasks, openings) : undefined
    const goesTo = this.behaviour.sendsTo ?? (() => true)
    const sent: Sent = { batches, other, openings, goesTo }
    this.sent.set(epoch, sent)
    return sent
  }

  #chain(epoch: number, tasks: readonly DealtTask[], openings: Map<string, Opening>): HeldBatch[] {
    const made = tasks.map((task) => this.#row(epoch, task)).filter((row) => row !== undefined)
    const batches: HeldBatch[] = []
    let prev = ZERO_HASH
    for (let start = 0; start < made.length; start += BATCH_ROWS) {
      const part = made.slice(start, start + BATCH_ROWS)
      const { networkId } = this.#options
      const rows = part.map(({ row }) => row)
      const batch = this.#sign({
        networkId,
        epoch,
        nodeKey: this.key.publicKey,
        seq: batches.length,
        prev,
        rows,
      })
      for (const [i, { opening, delivered }] of part.entries()) {
        if (delivered) openings.set(placeKey(batch, i), opening)
      }
      batches.push(batch)
      prev = batch.hash
    }
    return batches
  }

  #row(epoch: number, task: DealtTask): MadeRow | undefined {
    const { behaviour, random } = this.#options
    const right = rightOutput(task.job, task.task)
    const output = behaviour.output === undefined ? right : behaviour.output(task, { epoch, random })
    if (output === undefined) return undefined
    const salt = random.bytes(32)
    const own = rowCommit({ nodeKey: this.key.publicKey, salt, output })
    const commit = behaviour.commit?.(task, { epoch, random }) ?? own
    const delivered = behaviour.delivers?.(task, epoch) !== false
    const opening = behaviour.shows?.(task, epoch) ?? { salt, output }
    return { row: { ...task, at: 0, commit }, opening, delivered }
  }

  #sign(batch: Batch): HeldBatch {
    return readBatch(
      signBatch(batch, this.#options.signs ? (hash) => this.key.sign(hash) : () => NO_SIGNATURE),
    )
  }

  /** A batch that differs from this one, for the same place of the chain. */
  rivalOf({ networkId, epoch, nodeKey, seq, prev, rows }: HeldBatch): HeldBatch {
    const view = new RowsView(rows)
    const same = Array.from({ length: view.count }, (_, i) => view.row(i))
    const later = same.map((row) => ({ ...row, at: row.at + 1 }))
    return this.#sign({ networkId, epoch, nodeKey, seq, prev, rows: later })
  }

  opening(epoch: number, batch: { readonly hash: Uint8Array }, row: number): Opening | undefined {
    return this.sent.get(epoch)?.openings.get(placeKey(batch, row))
  }
}

function placeKey({ hash }: { readonly hash: Uint8Array }, row: number): string {
  return `${Buffer.from(hash).toString('hex')}/${row}`
}
