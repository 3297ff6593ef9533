// Kinds of work as the protocol sees them. Everything it may ask is there before it begins: specs and allow lists are
// held, evidence is judged.
import {
  type Evidence,
  equalBytes,
  type Job,
  type JudgedTask,
  type Row,
  toHex,
  type Work,
  ZERO_HASH,
} from '@piecework/protocol'
import { readAllowList } from './allow.ts'
import { WorkError } from './errors.ts'
import type { Kinds } from './kinds.ts'
import { type KnownSpec, knownOutput } from './known.ts'
import { type JobSpec, mayDo, readSpecOf } from './spec.ts'
import type { Verdicts } from './verdicts.ts'

export interface HeldContent {
  /** Bytes of a spec by its hash, and of an allow list (wallets, 32 bytes each, ascending) by its root. */
  get(hash: Uint8Array): Uint8Array | undefined
}

type NamedSpec = Pick<Job, 'kind' | 'specHash'>

function keyOf({ kind, specHash }: NamedSpec): string {
  return `${kind} ${toHex(specHash)}`
}

/** Reads the spec of each job once. */
export class JobSpecs {
  readonly #kinds: Kinds
  readonly #held: HeldContent
  readonly #read = new Map<string, JobSpec | undefined>()

  constructor(kinds: Kinds, held: HeldContent) {
    this.#kinds = kinds
    this.#held = held
  }

  /** Undefined for a spec that nobody can work with, which is the same for everybody: nothing of it is dealt. */
  of(job: NamedSpec): JobSpec | undefined {
    const kind = this.#kinds.numbered(job.kind)
    const key = keyOf(job)
    if (!this.#read.has(key)) this.#read.set(key, readSpecOf(kind.id, this.bytes(job.specHash), this.#kinds))
    return this.#read.get(key)
  }

  /** Forgets all but these. */
  retain(jobs: readonly NamedSpec[]): void {
    const stays = new Set(jobs.map(keyOf))
    for (const key of this.#read.keys()) if (!stays.has(key)) this.#read.delete(key)
  }

  bytes(hash: Uint8Array): Uint8Array {
    const bytes = this.#held.get(hash)
    if (bytes !== undefined) return bytes
    throw new WorkError('spec/missing', `What has the hash ${toHex(hash)} is not held yet. Fetch it first.`)
  }
}

export function workOf(specs: JobSpecs, verdicts: Verdicts): Work {
  return {
    eligible: (job) => eligible(specs, job),
    asks: (job) => specs.of(job)?.asks ?? [],
    skills: ({ job, memory }) => skillsOf(specs.of(job), memory),
    contradicts: (_job: Job, { job, task, units }: Row, { output }: Evidence) =>
      verdicts.isWrong({ job, task, units, output }),
    hasKnown: (job) => specs.of(job)?.known !== undefined,
    judge: ({ job, ...answers }) => {
      const spec = specs.of(job)
      const aggregate = spec?.job.aggregate
      if (aggregate === undefined)
        throw new WorkError('spec/invalid', `Job ${job.index} is not of a kind that is judged across nodes.`)
      return aggregate({ ...answers, tasks: answers.tasks.map(withKnown(spec?.known)), held: specs })
    },
  }
}

/** A kind that fails says nothing of anybody: an epoch is computed all the same. */
function skillsOf(spec: JobSpec | undefined, memory: Uint8Array): Uint8Array {
  try {
    return spec?.job.skills(memory) ?? new Uint8Array()
  } catch {
    return new Uint8Array()
  }
}

/** A job that committed to no known answers has none, whatever was opened for it. */
function withKnown(committed: KnownSpec | undefined): (task: JudgedTask) => JudgedTask {
  return (task) => {
    const known = committed === undefined || task.known === undefined ? undefined : knownOutput(task.known)
    return { ...task, known }
  }
}

function eligible(specs: JobSpecs, job: Job): ReturnType<Work['eligible']> {
  const spec = specs.of(job)
  if (spec === undefined) return () => false
  const open = equalBytes(job.allowRoot, ZERO_HASH)
  if (open && spec.requires.length === 0 && spec.asks.length === 0) return undefined
  const allowed = open ? undefined : readAllowList(specs.bytes(job.allowRoot))
  return (node) => mayDo(spec, node) && (allowed === undefined || allowed.has(toHex(node.wallet)))
}
