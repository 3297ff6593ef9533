// The spec of a job: what every job says, whatever its kind, and the part that its kind reads. Its bytes are JSON; the
// chain holds their SHA-256.
import type { Candidate } from '@piecework/protocol'
import { z } from 'zod'
import { WorkError } from './errors.ts'
import type { Kind, OpenJob } from './kind.ts'
import type { Kinds } from './kinds.ts'
import { type KnownSpec, knownSpec } from './known.ts'

/** A page or two of instructions; everything longer is content by its hash. */
export const SPEC_BYTES = 65_536
/** Attributes that a job may ask for. */
const REQUIRED = 16

const envelope = z.strictObject({
  kind: z.string().describe('the kind of work'),
  title: z.string().min(1).max(120).describe('what people see in a list of jobs'),
  requires: z
    .array(z.strictObject({ name: z.string().min(1), value: z.string() }))
    .max(REQUIRED)
    .default([])
    .describe('attributes that a node must have'),
  known: knownSpec.optional().describe('answers that the requester knows, committed to'),
  work: z.unknown().describe('what the kind wants to know'),
})

export interface JobSpec {
  readonly kind: Kind
  readonly title: string
  readonly requires: readonly { readonly name: string; readonly value: string }[]
  /** Undefined in jobs without known answers. */
  readonly known: KnownSpec | undefined
  readonly job: OpenJob
}

export function readJobSpec(bytes: Uint8Array, kinds: Kinds): JobSpec {
  const read = envelope.safeParse(jsonOf(bytes))
  if (!read.success) throw invalid(z.prettifyError(read.error))
  const { kind: name, title, requires, known, work } = read.data
  const kind = kinds.named(name)
  return { kind, title, requires, known, job: kind.open(work) }
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

export function mayDo({ requires }: JobSpec, { attributes }: Pick<Candidate, 'attributes'>): boolean {
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
