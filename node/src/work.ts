// Work: does what is dealt, so many tasks at once, as soon as it is known; and nothing that its owner did not agree to.
import { type Log, sentenceOf } from '@piecework/api'
import { LEASE_EPOCHS, OUTPUT_BYTES } from '@piecework/protocol'
import { type Answers, type Content, type Sandbox, WorkError, type WorkErrorCode } from '@piecework/work'
import { type Consent, isAllowed } from './common/consent.ts'
import type { Jobs, KnownJob } from './common/jobs.ts'
import { type Moment, workingEpoch } from './common/moment.ts'
import type { Web } from './common/web.ts'
import type { Task } from './deal.ts'
import { NodeError } from './errors.ts'
import type { Questions } from './questions.ts'

/** A machine or a site that gives no result three times won't give one. */
const TRIES = 3
const MAY_PASS: readonly WorkErrorCode[] = ['sandbox/no-result', 'fetch/failed', 'fetch/limit']
/** Tasks that wait here: more than any machine does in an epoch. Further ones are left, and dealt to others later. */
const WAITING_TASKS = 65_536
/** Tasks are remembered for as many epochs after the last one that was dealt: verifiers may repeat them that long. */
const EPOCHS_REMEMBERED = 8
/** Jobs of which it was said why their tasks are left. */
const SAID_JOBS = 1_024

export interface Done extends Task {
  readonly units: number
  readonly output: Uint8Array
  /** The last epoch in which its row counts. */
  readonly until: number
  /** Milliseconds since 1970. */
  readonly endedAt: number
}

export interface WorkPorts {
  readonly jobs: Jobs
  readonly sandbox: Sandbox
  readonly content: Content
  readonly consent: Consent
  readonly questions: Questions
  readonly web: Web
  /** Tasks at once, but for those that wait for somebody's answer. */
  readonly parallel: number
  readonly now: () => number
  readonly log: Log
  /** Resolves when the output is kept for good. */
  readonly pass: (done: Done) => Promise<void>
}

export interface WorkCounts {
  readonly waiting: number
  readonly running: number
  readonly done: number
  /** Not done: not agreed to, not possible here, or too late. */
  readonly left: number
}

interface Waiting extends Task {
  readonly tries: number
  /** Done, and not kept yet. */
  readonly done?: Done
}

export class Work {
  readonly #ports: WorkPorts
  #queue: Waiting[] = []
  /** Not done for a reason that may pass: tried again in the next slot. */
  #again: Waiting[] = []
  readonly #running = new Set<Promise<void>>()
  /** Tasks of these jobs ask somebody. */
  readonly #asks = new Set<number>()
  /** Of those that run: they wait for an answer, and keep nothing busy. */
  #asking = 0
  /** Everything that was ever taken, by the epoch of its deal. */
  readonly #taken = new Map<number, Set<string>>()
  readonly #said = new Set<number>()
  #epoch = 0
  #isDrained = false
  /** Nothing else is begun while what is done can't be kept: until the next slot. */
  #isFull = false
  #isFullSaid = false
  #stopped = false
  #done = 0
  #left = 0

  constructor(ports: WorkPorts) {
    this.#ports = ports
  }

  get counts(): WorkCounts {
    const waiting = this.#queue.length + this.#again.length
    return { waiting, running: this.#running.size, done: this.#done, left: this.#left }
  }

  take(tasks: readonly Task[]): void {
    for (const task of this.#isDrained ? [] : tasks) {
      if (!this.#isNew(task)) continue
      if (this.#queue.length < WAITING_TASKS) this.#queue.push({ ...task, tries: 0 })
      else this.#leave(task, 'too many tasks wait on this machine: declare less capacity')
    }
    this.#fill()
  }

  /** Done before a restart. */
  skip(tasks: readonly Task[]): void {
    for (const task of tasks) this.#isNew(task)
  }

  see(moment: Moment): void {
    this.#epoch = workingEpoch(moment)?.number ?? 0
    this.#ports.questions.see(this.#epoch)
    this.#isFull = false
    this.#queue.unshift(...this.#again.filter(({ done }) => done !== undefined))
    this.#queue.push(...this.#again.filter(({ done }) => done === undefined))
    this.#again = []
    for (const epoch of this.#taken.keys()) {
      if (epoch < this.#epoch - EPOCHS_REMEMBERED) this.#taken.delete(epoch)
    }
    this.#fill()
  }

  /** Takes nothing new, and does what it has. */
  drain(): void {
    this.#isDrained = true
  }

  /** Begins nothing else; what runs ends, or is ended with the process, and is dealt again. */
  stop(): void {
    this.#stopped = true
    this.#queue = []
    this.#again = []
  }

  /** Until nothing runs. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running)
  }

  #isNew({ epoch, job, task }: Task): boolean {
    const name = `${job} ${task}`
    for (const taken of this.#taken.values()) if (taken.has(name)) return false
    this.#taken.set(epoch, (this.#taken.get(epoch) ?? new Set()).add(name))
    return true
  }

  #fill(): void {
    while (!this.#stopped && !this.#isFull && this.#running.size - this.#asking < this.#ports.parallel) {
      const task = this.#next()
      if (task === undefined) return
      const run: Promise<void> = this.#run(task).finally(() => {
        this.#running.delete(run)
        this.#fill()
      })
      this.#running.add(run)
    }
  }

  /** While nobody has room for another question, tasks that ask nobody go first. */
  #next(): Waiting | undefined {
    if (!this.#ports.questions.isFull) return this.#queue.shift()
    const at = this.#queue.findIndex(({ job, done }) => done !== undefined || !this.#asks.has(job))
    return at === -1 ? undefined : this.#queue.splice(at, 1)[0]
  }

  async #run(task: Waiting): Promise<void> {
    try {
      if (task.done !== undefined) return await this.#keep(task, task.done)
      const known = await this.#ports.jobs.opened(task.job)
      const refusal = this.#refusal(task, known)
      if (refusal === undefined) await this.#perform(task, known)
      else this.#leave(task, refusal)
    } catch (error) {
      if (isFinal(error, task.tries + 1) || this.#epoch > task.epoch + LEASE_EPOCHS)
        this.#leave(task, sentenceOf(error))
      else if (!this.#stopped) this.#again.push({ ...task, tries: task.tries + 1 })
    }
  }

  #refusal({ epoch }: Task, { onChain, kind, job }: KnownJob): string | undefined {
    if (epoch + onChain.leaseEpochs < this.#epoch) return 'it is too late for it'
    if (job.perform === undefined) return `a task of the kind ${kind.name} is not done by a machine`
    if (!isAllowed(this.#ports.consent, kind.id, job.permissions()))
      return `the config does not allow what this job of the kind ${kind.name} needs`
    return undefined
  }

  async #perform(task: Waiting, known: KnownJob): Promise<void> {
    const { sandbox, content, web, now } = this.#ports
    const { onChain, title, job } = known
    const context = { sandbox, content, answers: this.#answers(task, known), fetch: web.for(title) }
    const output = await job.perform?.(task.task, context)
    if (output === undefined) return
    const units = job.units(output)
    if (output.length > OUTPUT_BYTES || units < 1 || units > onChain.maxUnits) {
      this.#leave(task, `its output of ${output.length} bytes and ${units} units is more than the job pays`)
      return
    }
    const until = task.epoch + onChain.leaseEpochs
    const { epoch, job: index, task: number } = task
    await this.#keep(task, { epoch, job: index, task: number, units, output, until, endedAt: now() })
  }

  /** Others go on while somebody thinks. */
  #answers({ epoch, job, task }: Task, { onChain, title, kind }: KnownJob): Answers {
    const asking = { epoch, job, task, kind: kind.name, title, until: epoch + onChain.leaseEpochs }
    return {
      ask: async (asked) => {
        this.#asks.add(job)
        this.#asking += 1
        this.#fill()
        try {
          return await this.#ports.questions.ask(asking, asked)
        } finally {
          this.#asking -= 1
        }
      },
    }
  }

  /** What a full disk does not take is not done again: it is kept when there is room. */
  async #keep(task: Waiting, done: Done): Promise<void> {
    try {
      await this.#ports.pass(done)
      this.#done++
      this.#isFullSaid = false
    } catch (error) {
      if (!this.#isFullSaid) this.#ports.log.warn('outputs-wait', { why: sentenceOf(error) })
      this.#isFullSaid = true
      this.#isFull = true
      if (done.until < this.#epoch) this.#leave(task, 'it is too late for it')
      else this.#again.push({ ...task, done })
    }
  }

  /** Said once for each job. */
  #leave({ epoch, job, task }: Task, why: string): void {
    this.#left++
    if (this.#said.has(job)) return
    if (this.#said.size < SAID_JOBS) this.#said.add(job)
    this.#ports.log.warn('task-left', { epoch, job, task, why })
  }
}

/** What the network, the chain or the disk lack may come back; what the job or this machine lack does not. */
function isFinal(error: unknown, tries: number): boolean {
  if (error instanceof WorkError) return !MAY_PASS.includes(error.code) || tries >= TRIES
  return error instanceof NodeError && error.code === 'job/unknown' && tries >= TRIES
}
