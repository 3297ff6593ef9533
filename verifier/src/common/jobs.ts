// Kinds of work as the protocol asks for them: specs are here before it begins, evidence is judged before it is weighed.
import {
  equalBytes,
  type Facts,
  type Job,
  type JobRecord,
  type Known,
  leaseEpochsOf,
  NEVER,
  type Ports,
  type Reported,
  type State,
  shownBy,
  toHex,
  type Verify,
  verifySignature,
  ZERO_HASH,
} from '@piecework/protocol'
import {
  type HeldContent,
  type JobSpec,
  JobSpecs,
  judgeEvidence,
  type Kinds,
  knownHolds,
  type Sandbox,
  Verdicts,
  type WorkContext,
  workOf,
} from '@piecework/work'
import type { VerifierContent } from './content.ts'

/** Epochs whose verdicts are kept: one is settled at a time. What goes can be judged again. */
const JUDGED_EPOCHS = 4

export interface JobsPorts {
  readonly kinds: Kinds
  readonly content: VerifierContent
  readonly sandbox: Sandbox
  readonly networkId: Uint8Array
}

export type NamedJob = Pick<Job, 'kind' | 'specHash' | 'allowRoot'>

export class Jobs implements HeldContent {
  readonly context: WorkContext
  readonly verify: Verify = verifySignature
  readonly #ports: JobsPorts
  readonly #bytes = new Map<string, Uint8Array>()
  readonly #specs: JobSpecs
  /** By the epoch that is computed, ascending by when it was first asked for. */
  readonly #verdicts = new Map<number, Verdicts>()

  constructor(ports: JobsPorts) {
    this.#ports = ports
    this.context = { sandbox: ports.sandbox, content: ports.content }
    this.#specs = new JobSpecs(ports.kinds, this)
  }

  get(hash: Uint8Array): Uint8Array | undefined {
    return this.#bytes.get(toHex(hash))
  }

  /**
   * Whether known answers are of this epoch, and their job's spec committed to them. Of a job that is not among these
   * nothing is judged; its answers stay what more than a third of the stake has listed.
   */
  opened(
    jobs: readonly Job[],
    { networkId, epoch }: Pick<Facts, 'networkId' | 'epoch'>,
  ): (known: Known) => boolean {
    const byIndex = new Map(jobs.map((job) => [job.index, job]))
    return (known) => {
      const job = byIndex.get(known.job)
      if (known.epoch !== epoch || !equalBytes(known.networkId, networkId)) return false
      if (job === undefined) return true
      const committed = this.specOf(job)?.known
      return committed !== undefined && knownHolds(committed, known)
    }
  }

  specOf(job: Job): JobSpec | undefined {
    return this.#specs.of(job)
  }

  /** What draws and deals are given; `load` comes first. */
  get ports(): Ports {
    return this.#portsWith(new Verdicts())
  }

  /**
   * Specs and allow lists of jobs that are or were open, and what they are judged with: those of others nobody asks
   * for.
   */
  async load(jobs: readonly Job[]): Promise<void> {
    await this.#hold(jobs.flatMap(({ specHash, allowRoot }) => [specHash, allowRoot]))
    await this.#hold(jobs.flatMap((job) => this.specOf(job)?.job.judgesWith() ?? []))
  }

  async #hold(hashes: readonly Uint8Array[]): Promise<void> {
    for (const hash of hashes) {
      if (this.#bytes.has(toHex(hash)) || Buffer.compare(hash, ZERO_HASH) === 0) continue
      this.#bytes.set(toHex(hash), await this.#ports.content.get(hash))
    }
  }

  /** Forgets what none of these jobs asks for. */
  retain(jobs: readonly NamedJob[]): void {
    this.#specs.retain(jobs)
    const stays = new Set(jobs.flatMap((job) => [job.specHash, job.allowRoot]).map(toHex))
    for (const job of jobs) {
      if (!this.#bytes.has(toHex(job.specHash))) continue
      for (const hash of this.#specs.of(job)?.job.judgesWith() ?? []) stays.add(toHex(hash))
    }
    for (const name of this.#bytes.keys()) if (!stays.has(name)) this.#bytes.delete(name)
  }

  /** What applyEpoch is given, with all evidence of its inputs judged. */
  async judge(reported: Omit<Reported, 'verify'>): Promise<Ports> {
    const verdicts = this.#verdictsOf(reported.facts.epoch)
    const shown = shownBy({ ...reported, verify: this.verify })
    await judgeEvidence(verdicts, {
      questions: shown.filter((one) => one.what === 'question'),
      specOf: async (job) => {
        await this.load([job])
        return this.specOf(job)
      },
      context: this.context,
    })
    return this.#portsWith(verdicts)
  }

  #portsWith(verdicts: Verdicts): Ports {
    return { work: workOf(this.#specs, verdicts), verify: this.verify }
  }

  #verdictsOf(epoch: number): Verdicts {
    const verdicts = this.#verdicts.get(epoch) ?? new Verdicts()
    this.#verdicts.set(epoch, verdicts)
    const [oldest] = this.#verdicts.keys()
    if (oldest !== undefined && this.#verdicts.size > JUDGED_EPOCHS) this.#verdicts.delete(oldest)
    return verdicts
  }
}

/** Jobs of which an epoch may have tasks to deal or rows to judge: all that opened, or open in it, and are not done. */
export function jobsOf(state: State, facts: Pick<Facts, 'created' | 'opened'>): readonly Job[] {
  const opened = new Set(facts.opened.map(({ job }) => job))
  const before = state.jobs.filter(
    ({ job, openSlot, done }) => (openSlot !== NEVER || opened.has(job.index)) && !done,
  )
  return [...before.map(({ job }) => job), ...facts.created.filter(({ index }) => opened.has(index))]
}

/** Its tasks are not all decided, or evidence against rows of it may still count: until then its content stays. */
export function isNeeded(
  { job, openSlot, closedAt, done }: JobRecord,
  { epoch, evidenceEpochs }: { readonly epoch: number; readonly evidenceEpochs: number },
): boolean {
  if (!done) return true
  return openSlot !== NEVER && epoch <= closedAt + leaseEpochsOf(job) + evidenceEpochs
}
