// The protocol asks about evidence in the middle of a pure, synchronous computation; to check a row takes a process.
// So all evidence of an epoch is checked beforehand, and what was found is looked up by what it was found of.
import {
  type Evidence,
  h,
  type Job,
  outputRoot,
  type Question,
  type Row,
  toHex,
  u32le,
} from '@piecework/protocol'
import { WorkError } from './errors.ts'
import type { WorkContext } from './kind.ts'
import type { JobSpec } from './spec.ts'

/** Whether a claim is wrong depends on these alone: not on who claimed it, nor on who shows it. */
type Claim = Pick<Row, 'job' | 'task' | 'units'> & Pick<Evidence, 'output'>

function keyOf({ job, task, units, output }: Claim): string {
  return toHex(h('pw/evidence', u32le(job), u32le(task), u32le(units), outputRoot(output)))
}

/** Findings about claims that nodes made: true for wrong. */
export class Verdicts {
  readonly #wrong = new Map<string, boolean>()

  has(claim: Claim): boolean {
    return this.#wrong.has(keyOf(claim))
  }

  add(claim: Claim, wrong: boolean): void {
    this.#wrong.set(keyOf(claim), wrong)
  }

  isWrong(claim: Claim): boolean {
    const wrong = this.#wrong.get(keyOf(claim))
    if (wrong !== undefined) return wrong
    const { job, task } = claim
    throw new WorkError(
      'verdict/missing',
      `The claim for task ${task} of job ${job} was not checked. Judge all evidence before the epoch is computed.`,
      { job, task },
    )
  }
}

export interface EvidenceInput {
  /** Of all reports that will be inputs, in any order. */
  readonly questions: readonly Pick<Question, 'job' | 'row' | 'evidence'>[]
  readonly specOf: (job: Job) => Promise<JobSpec | undefined>
  readonly context: WorkContext
}

/** Any seed does: it chooses what the trace shows, not whether the output is right. */
const ANY_SEED = new Uint8Array(32)

/**
 * Checks what the protocol is going to ask about, each claim once, one after the other: the sandbox says how many run
 * at once. Throws when this machine cannot tell; it must not guess then.
 */
export async function judgeEvidence(verdicts: Verdicts, input: EvidenceInput): Promise<void> {
  for (const { job, row, evidence } of input.questions) {
    const claim = { job: row.job, task: row.task, units: row.units, output: evidence.output }
    const opened = verdicts.has(claim) ? undefined : (await input.specOf(job))?.job
    if (opened?.check === undefined) continue
    const { passed } = await opened.check(row.task, claim, { ...input.context, seed: ANY_SEED })
    verdicts.add(claim, !passed)
  }
}
