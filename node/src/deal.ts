// Deal: asks two verifiers for this node's part of the running epoch, again and again, because jobs open during it.
import type { Log, Rested } from '@piecework/api'
import { type DealtTask, protocols, type WorkAnswer } from '@piecework/network'
import { type Moment, slotsBetween, workingEpoch } from './common/moment.ts'
import type { Verifiers } from './common/verifiers.ts'
import { NodeError } from './errors.ts'

/** One could send a node on errands for nothing. */
const ASKED = 2
/** After a start: the epochs before whose leases may still run, as far as verifiers say. */
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

export class Deal {
  readonly #ports: DealPorts
  #first: number | undefined
  /** Tasks that were passed on, by epoch. */
  readonly #passed = new Map<number, number>()
  #askedAt = -Infinity

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
    const epoch = working.number
    if (this.#first === undefined) await this.#lookBack(epoch)
    const isNew = !this.#passed.has(epoch)
    if (!isNew && moment.slot < this.#askedAt + slotsBetween(moment)) return 'rested'
    this.#askedAt = moment.slot
    try {
      await this.#ask(epoch)
    } catch (error) {
      // The clock of one may be a moment ahead of another's.
      if (moment.slot < working.startsAt + slotsBetween(moment)) return 'rested'
      throw error
    }
    for (const known of this.#passed.keys()) if (known < epoch - EPOCHS_BACK) this.#passed.delete(known)
    return undefined
  }

  /** Verifiers may have forgotten these, and then they are nobody's loss. */
  async #lookBack(epoch: number): Promise<void> {
    this.#first = epoch
    for (let before = Math.max(0, epoch - EPOCHS_BACK); before < epoch; before++) {
      await this.#ask(before).catch((error: Error) => {
        this.#ports.log.debug('earlier-deal-unknown', { epoch: before, why: error.message })
      })
    }
  }

  async #ask(epoch: number): Promise<void> {
    const { nodeKey, verifiers, log, pass } = this.#ports
    const wanted = Math.min(ASKED, verifiers.seated.length)
    const heard = await verifiers.ask(protocols.work, { epoch, nodeKey }, { answers: wanted })
    if (heard.length < wanted) throw alone(epoch)
    const answers = heard.map(({ answer }) => answer)
    const tasks = commonPrefix(answers)
    if (answers.some((answer) => tasks.length < answer.tasks.length))
      log.debug('deal-differs', { epoch, agreed: tasks.length, said: answers.map((one) => one.tasks.length) })
    const known = this.#passed.get(epoch) ?? 0
    this.#passed.set(epoch, Math.max(known, tasks.length))
    if (tasks.length > known) pass(tasks.slice(known).map((task) => ({ ...task, epoch })))
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
