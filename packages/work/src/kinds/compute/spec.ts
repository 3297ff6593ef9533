// What a compute job says: a module, and one input for each task.
import { OUTPUT_BYTES } from '@piecework/protocol'
import { z } from 'zod'
import { hash } from '../../content/hash.ts'
import { type Pieces, pieces } from '../../content/pieces.ts'
import { MAX_FUEL, MEMORY_PAGES } from '../../sandbox/limits.ts'
import { OUTCOME_HEADER_BYTES } from './outcome.ts'

/** 16 MiB: enough for most programs, and little on any machine. */
const USUAL_PAGES = 256
/** A page of text. */
const USUAL_OUTPUT_BYTES = 4_096

export interface ComputeSpec {
  readonly module: Uint8Array
  readonly shared?: Uint8Array | undefined
  readonly pieces: Pieces
  readonly fuel: number
  readonly fuelPerUnit?: number | undefined
  readonly memoryPages: number
  readonly outputBytes: number
}

export const computeSpec: z.ZodType<ComputeSpec> = z.strictObject({
  module: hash.describe('SHA-256 of the WebAssembly module'),
  shared: hash.optional().describe('SHA-256 of bytes that every task is given'),
  pieces,
  fuel: z.int().min(1).max(Number(MAX_FUEL)).describe('the most that a task may cost'),
  fuelPerUnit: z
    .int()
    .min(1)
    .optional()
    .describe('fuel that is paid as one unit; without it a task is one unit'),
  memoryPages: z.int().min(1).max(MEMORY_PAGES).default(USUAL_PAGES).describe('of 64 KiB'),
  outputBytes: z
    .int()
    .min(0)
    .max(OUTPUT_BYTES - OUTCOME_HEADER_BYTES)
    .default(USUAL_OUTPUT_BYTES),
})
