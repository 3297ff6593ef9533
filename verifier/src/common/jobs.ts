// Kinds of work as the protocol asks for them: specs are here before it begins, evidence is judged before it is weighed.
import {
  type Evidence,
  type Facts,
  type Job,
  type JobRecord,
  LEASE_EPOCHS,
  NEVER,
  type Ports,
  type State,
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
  type Sandbox,
  Verdicts,
  type WorkContext,
  workOf,
} from '@piecework/work'
import type { VerifierContent } from './content.ts'

/** What was judged is kept for so many epochs' evidence, and then all of it forgotten: it can be judged again. */
const JUDGED_AT_MOST = 65_536

export interface JobsPorts {
  readonly kinds: Kinds
  readonly content: VerifierContent
  readonly sandbox: Sandbox
  readonly networkId: Uint8Array
}

export class Jobs implements HeldContent {
  readonly context: WorkContext
  readonly verify: Verify = verifySignature
  readonly #ports: JobsPorts
  readonly #bytes = new Map<string, Uint8Array>()
  readonly #specs: JobSpecs
  #verdicts = new Verdicts()
  #judged = 0

  constructor(ports: JobsPorts) {
    this.#ports = ports
    this.context = { sandbox: ports.sandbox, content: ports.content }
    this.#specs = new JobSpecs(ports.kinds, this)
  }

  get(hash: Uint8Array): Uint8Array | undefined {
    return this.#bytes.get(toHex(hash))
  }

  specOf(job: Job): JobSpec | undefined {
    return this.#specs.of(job)
  }

  /** What applyEpoch and draws are given; `load` and `judge` come first. */
  get ports(): Ports {
    return { work: workOf(this.#specs, this.#verdicts), verify: this.verify }
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

  async judge(evidence: readonly Evidence[], jobs: readonly Job[]): Promise<void> {
    this.#judged += evidence.length
    if (this.#judged > JUDGED_AT_MOST) {
      this.#verdicts = new Verdicts()
      this.#judged = evidence.length
    }
    const byIndex = new Map(jobs.map((job) => [job.index, job]))
    await judgeEvidence(this.#verdicts, {
      evidence,
      networkId: this.#ports.networkId,
      verify: this.verify,
      jobOf: (index) => byIndex.get(index),
      specOf: (job) => this.specOf(job),
      context: this.context,
    })
  }
}

/** Jobs that an epoch can deal with: open ones, and those that open in it. */
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
  return openSlot !== NEVER && epoch <= closedAt + Math.min(job.leaseEpochs, LEASE_EPOCHS) + evidenceEpochs
}
