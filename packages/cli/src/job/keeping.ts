// Keeping: opens the known answers of a job, all of an epoch's or none. What verifiers with more than half of the stake
// call finished is out with nobody any more, and nothing else is ever opened. It remembers nothing: begun again, it makes
// the same messages.
import { KNOWN_JOB_BYTES, KNOWN_JOB_MESSAGES } from '@piecework/network'
import { KNOWN_LAG, type SigningKey, toHex } from '@piecework/protocol'
import { type Keeper, readKnown, signKnown } from '@piecework/work'

/** What the chain says. */
export interface Seen {
  readonly slot: number
  readonly lastFinal: number
  /** Of the epochs that are judged next, ascending: what they judge follows from epochs that are final. */
  readonly next: readonly Window[]
}

/** From when on verifiers take what is opened in an epoch, and until when. */
export interface Window {
  readonly epoch: number
  readonly from: number
  readonly until: number
}

/** What a verifier answers, and its stake; undefined where it does not. */
export interface Said<T> {
  readonly stake: bigint
  readonly answer: T | undefined
}

export interface Finished {
  readonly settled: number
  readonly tasks: readonly number[]
}

export interface KeepingPorts {
  readonly networkId: Uint8Array
  readonly job: number
  /** Tasks whose answer is known. */
  readonly known: ReadonlySet<number>
  readonly keeper: Keeper
  readonly key: SigningKey
  readonly look: () => Promise<Seen>
  /** All verifiers. */
  readonly finished: (epoch: number) => Promise<readonly Said<Finished>[]>
  readonly publish: (bytes: Uint8Array) => Promise<void>
  /** How many of these each verifier has. */
  readonly holding: (hashes: readonly Uint8Array[]) => Promise<readonly Said<number>[]>
}

/** What became of an epoch. */
export interface Kept {
  readonly job: number
  readonly epoch: number
  /** too-late: its intake was over, because nobody kept the job meanwhile. too-many: they do not fit into an epoch. */
  readonly outcome: 'opened' | 'too-late' | 'too-many'
  readonly tasks: number
  readonly known: number
  /** SHA-256 of the messages, by which verifiers hold them. */
  readonly messages: readonly string[]
  readonly bytes: number
}

export class Keeping {
  readonly #ports: KeepingPorts
  /** Epochs up to this one are dealt with. */
  #through = -1
  #final = -1

  constructor(ports: KeepingPorts) {
    this.#ports = ports
  }

  /** The newest final epoch that it has seen. */
  get lastFinal(): number {
    return this.#final
  }

  /** Once for each epoch that judges tasks of the job; undefined while there is nothing to do. */
  async step(): Promise<Kept | undefined> {
    const { slot, lastFinal, next } = await this.#ports.look()
    this.#final = lastFinal
    for (const { epoch, from, until } of next) {
      if (epoch <= this.#through || slot < from) continue
      const tasks = agreed(await this.#ports.finished(epoch), epoch)
      // Verifiers settle some moments after the chain does.
      if (tasks === undefined) return undefined
      const kept = tasks.length === 0 ? undefined : await this.#open(epoch, { tasks, isLate: slot >= until })
      this.#through = epoch
      if (kept !== undefined) return kept
    }
    return undefined
  }

  async #open(
    epoch: number,
    { tasks, isLate }: { readonly tasks: readonly number[]; readonly isLate: boolean },
  ): Promise<Kept> {
    const { networkId, job, keeper, key, known, publish } = this.#ports
    const signed = keeper
      .open(tasks)
      .map((opening) => signKnown({ networkId, epoch, job, keeper: key.publicKey, ...opening }, key))
    const bytes = signed.reduce((sum, { length }) => sum + length, 0)
    const messages = signed.map((one) => toHex(readKnown(one).hash))
    const of = { job, epoch, tasks: tasks.length, known: tasks.filter((task) => known.has(task)).length }
    const kept = { ...of, messages, bytes }
    if (isLate) return { ...kept, outcome: 'too-late' }
    // All or none: a part of them would show answers, and count for nothing.
    if (signed.length > KNOWN_JOB_MESSAGES || bytes > KNOWN_JOB_BYTES) return { ...kept, outcome: 'too-many' }
    for (const one of signed) await publish(one)
    return { ...kept, outcome: 'opened' }
  }

  /** Whether verifiers with more than a third of the stake hold all of them, so that they are admitted. */
  async isHeld({ messages }: Kept): Promise<boolean> {
    const said = await this.#ports.holding(messages.map((one) => Buffer.from(one, 'hex')))
    return 3n * stakeOf(said, (count) => count === messages.length) > stakeOf(said)
  }
}

/** Tasks that the epoch judges, as more than half of the stake says; undefined: too few can say so yet. */
function agreed(said: readonly Said<Finished>[], epoch: number): readonly number[] | undefined {
  const all = stakeOf(said)
  const isMost = (stake: bigint): boolean => 2n * stake > all
  const able = said.filter(({ answer }) => {
    return answer !== undefined && answer.settled >= epoch - KNOWN_LAG && answer.settled < epoch
  })
  if (!isMost(stakeOf(able))) return undefined
  const stakes = new Map<number, bigint>()
  for (const { stake, answer } of able)
    for (const task of new Set(answer?.tasks)) stakes.set(task, (stakes.get(task) ?? 0n) + stake)
  return [...stakes].flatMap(([task, stake]) => (isMost(stake) ? [task] : [])).sort((a, b) => a - b)
}

function stakeOf<T>(said: readonly Said<T>[], is: (answer: T | undefined) => boolean = () => true): bigint {
  return said.reduce((sum, { stake, answer }) => (is(answer) ? sum + stake : sum), 0n)
}
