// Deal: asks verifiers for this node's part of the running epoch, again and again, because jobs open during it, and of the
// epochs before it until nothing of them is missing. What two say alike counts, whenever each of them said it: a bad line
// lets an answer through now and then.
import { type Log, type Rested, sentenceOf } from '@piecework/api'
import { type DealtTask, protocols, type WorkAnswer } from '@piecework/network'
import { type Moment, slotsBetween, type Working, workingEpoch } from './common/moment.ts'
import type { Verifiers } from './common/verifiers.ts'
import { NodeError } from './errors.ts'

/** One could send a node on errands for nothing. */
const ASKED = 2
/** Epochs before whose leases may still run, as far as verifiers say. */
const EPOCHS_BACK = 3

export interface Task extends DealtTask {
  /** In which it was dealt. */
  readonly epoch: number
}

export interface DealPorts {
  readonly nodeKey: Uint8Array
  readonly verifiers: Verifiers
  readonly log: Log
  /** What is new, in dealing order. */
  readonly pass: (tasks: readonly Task[]) => void
}

/** What was heard of one epoch, while it runs or after its end. */
interface Hearing {
  /** Nothing is added to its deal any more. */
  readonly isOver: boolean
  /** The newest answer of each verifier, by id, in the order in which they came. */
  readonly said: Map<number, WorkAnswer>
  /** The slot from which it is asked about again. */
  next: number
  failures: number
}

export class Deal {
  readonly #ports: DealPorts
  readonly #hearings = new Map<number, Hearing>()
  /** Tasks that were passed on, by epoch. */
  readonly #passed = new Map<number, number>()

  constructor(ports: DealPorts) {
    this.#ports = ports
  }

  /** Tasks dealt to this node in an epoch, as far as it has heard. */
  dealtIn(epoch: number): number {
    return this.#passed.get(epoch) ?? 0
  }

  async see(moment: Moment): Promise<Rested> {
    const working = workingEpoch(moment)
    if (working === undefined) return 'rested'
    this.#attend(working.number, moment)
    // The running one does not wait for the others: whoever is asked about those may be slow.
    for (const [epoch, hearing] of this.#hearings) {
      if (hearing.isOver && hearing.next <= moment.slot) void this.#askEnded(epoch, hearing, moment)
    }
    const running = this.#hearings.get(working.number)
    if (running === undefined || running.next > moment.slot) return 'rested'
    return this.#askRunning(working, running, moment)
  }

  async #askRunning({ number, startsAt }: Working, hearing: Hearing, moment: Moment): Promise<Rested> {
    const between = slotsBetween(moment)
    // The clock of one may be a moment ahead of another's: it is asked again at once.
    const isEarly = moment.slot < startsAt + between
    hearing.next = isEarly ? moment.slot : moment.slot + between
    try {
      await this.#ask(number, hearing)
      hearing.next = moment.slot + between
      return undefined
    } catch (error) {
      if (isEarly) return 'rested'
      throw error
    }
  }

  /** Until two say all of it alike. Verifiers may have forgotten it, and then it is nobody's loss. */
  async #askEnded(epoch: number, hearing: Hearing, moment: Moment): Promise<void> {
    hearing.next = Number.POSITIVE_INFINITY
    try {
      if (await this.#ask(epoch, hearing)) return
    } catch (error) {
      this.#ports.log.debug('earlier-deal-unknown', { epoch, why: sentenceOf(error) })
    }
    hearing.failures += 1
    hearing.next = moment.slot + slotsBetween(moment) * 2 ** hearing.failures
  }

  /** Of an epoch that has ended all is heard once more: a job may have opened in its last slots. */
  #attend(epoch: number, moment: Moment): void {
    for (const known of this.#hearings.keys()) {
      if (known >= epoch - EPOCHS_BACK) continue
      this.#hearings.delete(known)
      this.#passed.delete(known)
    }
    for (let one = Math.max(0, epoch - EPOCHS_BACK); one <= epoch; one++) {
      const before = this.#hearings.get(one)
      const isOver = one < epoch
      if (before?.isOver === isOver) continue
      // Verifiers may read the end of it a moment later.
      const next = before === undefined ? moment.slot : moment.slot + slotsBetween(moment)
      this.#hearings.set(one, { isOver, said: new Map(), next, failures: 0 })
    }
  }

  /** Passes on what is said alike; whether that is all of what was said. */
  async #ask(epoch: number, { said }: Hearing): Promise<boolean> {
    const { nodeKey, verifiers, log, pass } = this.#ports
    const wanted = Math.min(ASKED, verifiers.seated.length)
    const isMissing = said.size < wanted
    const heard = await verifiers.ask(
      protocols.work,
      { epoch, nodeKey },
      { answers: isMissing ? wanted - said.size : wanted, prefer: ({ id }) => !isMissing || !said.has(id) },
    )
    for (const { verifier, answer } of heard) {
      said.delete(verifier.id)
      said.set(verifier.id, answer)
    }
    if (said.size < wanted) throw alone(epoch)
    const answers = [...said.values()].slice(-wanted)
    const tasks = commonPrefix(answers)
    const isAll = answers.every((answer) => tasks.length === answer.tasks.length)
    if (!isAll)
      log.debug('deal-differs', { epoch, agreed: tasks.length, said: answers.map((one) => one.tasks.length) })
    const known = this.#passed.get(epoch) ?? 0
    this.#passed.set(epoch, Math.max(known, tasks.length))
    if (tasks.length > known) pass(tasks.slice(known).map((task) => ({ ...task, epoch })))
    // Of two that were asked only one is left, and it knows more than the other did: that is news that nobody confirms.
    const isMore = heard.some(({ answer }) => answer.tasks.length > tasks.length)
    if (!isMissing && heard.length < wanted && isMore) throw alone(epoch)
    return isAll
  }
}

function alone(epoch: number): NodeError {
  const message = `Only one verifier says what is dealt in epoch ${epoch}: nothing new is begun until a second one does.`
  return new NodeError('verifiers/silent', message, { epoch })
}

/** One may have seen a job open that the other has not yet; what they say alike is dealt. */
function commonPrefix([first, ...others]: readonly WorkAnswer[]): readonly DealtTask[] {
  const tasks = first?.tasks ?? []
  const end = tasks.findIndex(
    ({ job, task }, i) =>
      !others.every(({ tasks: other }) => other[i]?.job === job && other[i]?.task === task),
  )
  return end === -1 ? tasks : tasks.slice(0, end)
}
