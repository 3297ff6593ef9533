// The spec of a job: what every job says, whatever its kind, and the part that its kind reads. Its bytes are JSON; the
// chain holds their SHA-256.
import type { Candidate, SkillAsked } from '@piecework/protocol'
import { z } from 'zod'
import { WorkError } from './errors.ts'
import type { Kind, OpenJob } from './kind.ts'
import type { Kinds } from './kinds.ts'
import { type KnownSpec, knownSpec } from './known.ts'
import { MOST_ANSWERS } from './people/skills.ts'
import { millionths } from './statistics/millionths.ts'

/** A page or two of instructions; everything longer is content by its hash. */
export const SPEC_BYTES = 65_536
/** Attributes and skills that a job may ask for. */
const REQUIRED = 16
const JOB_NUMBER_MOST = 2 ** 32 - 1

export interface AttributeRequired {
  readonly name: string
  readonly value: string
}

/** A skill: in this job so many of one's answers were judged, and this part of them was right. */
export interface SkillRequired {
  readonly job: number
  readonly answers: number
  /** Between nothing and one, to the millionth. */
  readonly right: number
}

export type Required = AttributeRequired | SkillRequired

export const required: z.ZodType<Required> = z.union(
  [
    z.strictObject({ name: z.string().min(1), value: z.string() }),
    z.strictObject({
      job: z.int().min(0).max(JOB_NUMBER_MOST),
      answers: z.int().min(1).max(MOST_ANSWERS),
      right: z.number().min(0).max(1),
    }),
  ],
  {
    error:
      'a node is required to have an attribute, { name: country, value: NL }, or its account to have passed a job, ' +
      `{ job: 3, answers: 5, right: 0.8 }: at least so many answers, at most ${MOST_ANSWERS}, and so large a part of them right`,
  },
)

const envelope = z.strictObject({
  kind: z.string().describe('the kind of work'),
  title: z.string().min(1).max(120).describe('what people see in a list of jobs'),
  requires: z
    .array(required)
    .max(REQUIRED)
    .default([])
    .describe('attributes that a node must have, and jobs that its account must have passed'),
  known: knownSpec.optional().describe('answers that the requester knows, committed to'),
  work: z.unknown().describe('what the kind wants to know'),
})

export interface JobSpec {
  readonly kind: Kind
  readonly title: string
  /** Attributes that a node must have. */
  readonly requires: readonly AttributeRequired[]
  /** Skills that its account must have. */
  readonly asks: readonly SkillAsked[]
  /** Undefined in jobs without known answers. */
  readonly known: KnownSpec | undefined
  readonly job: OpenJob
}

export function readJobSpec(bytes: Uint8Array, kinds: Kinds): JobSpec {
  const read = envelope.safeParse(jsonOf(bytes))
  if (!read.success) throw invalid(z.prettifyError(read.error))
  const { kind: name, title, requires, known, work } = read.data
  const kind = kinds.named(name)
  const asks = requires.filter(isSkill).map(asSkill)
  if (asks.length > 0 && kind.allocation !== 'dealt')
    throw invalid(
      `Tasks of the kind ${kind.name} are dealt to nobody, so it can't require that a job was passed.`,
    )
  return {
    ...{ kind, title, known, asks },
    requires: requires.filter(isAttribute),
    job: kind.open(work),
  }
}

function isSkill(one: Required): one is SkillRequired {
  return 'job' in one
}

function isAttribute(one: Required): one is AttributeRequired {
  return !isSkill(one)
}

function asSkill({ job, answers, right }: SkillRequired): SkillAsked {
  return { job, answers, right: millionths(right) }
}

/** Undefined for a spec that nobody can work with, or that is of another kind than its job: the same for everybody. */
export function readSpecOf(workKind: number, bytes: Uint8Array, kinds: Kinds): JobSpec | undefined {
  try {
    const spec = readJobSpec(bytes, kinds)
    return spec.kind.id === workKind ? spec : undefined
  } catch (error) {
    if (error instanceof WorkError) return undefined
    throw error
  }
}

/** The bytes to upload, whose SHA-256 goes on chain. */
export function writeJobSpec(value: unknown): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(value, undefined, 2)}\n`)
}

export function mayDo(
  { requires, asks }: Pick<JobSpec, 'requires' | 'asks'>,
  { attributes, skilled }: Pick<Candidate, 'attributes' | 'skilled'>,
): boolean {
  if (asks.length > 0 && !skilled) return false
  return requires.every(({ name, value }) =>
    attributes.some((attribute) => attribute.name === name && attribute.value === value),
  )
}

function jsonOf(bytes: Uint8Array): unknown {
  if (bytes.length > SPEC_BYTES) throw invalid(`It is longer than ${SPEC_BYTES} bytes.`)
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (error) {
    throw invalid(`It is no JSON: ${error instanceof Error ? error.message : error}.`)
  }
}

function invalid(why: string): WorkError {
  return new WorkError('spec/invalid', `This is no spec of a job.\n${why}`)
}
