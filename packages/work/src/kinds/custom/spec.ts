// What a job of one's own says: what to do in words, what each task brings, and the module that scores what comes back.
import { SCORE_ONE } from '@piecework/protocol'
import { z } from 'zod'
import { hash } from '../../content/hash.ts'
import { type Pieces, pieces } from '../../content/pieces.ts'
import { MAX_FUEL, MEMORY_PAGES } from '../../sandbox/limits.ts'

/** A page that tells the author of a program, or a person, what to do. */
const INSTRUCTION_CHARS = 10_000
/** Half of an output: in base64 it is a line that any language reads at once. */
const ANSWER_BYTES = 524_288
const USUAL_ANSWER_BYTES = 4_096
/** 16 MiB: enough for most programs, and little on any machine. */
const USUAL_PAGES = 256

export interface CustomSpec {
  readonly instructions: string
  readonly pieces: Pieces
  readonly answer: { readonly type: 'text' | 'bytes'; readonly most: number }
  readonly check: {
    readonly module: Uint8Array
    readonly shared?: Uint8Array | undefined
    readonly fuel: number
    readonly memoryPages: number
  }
  readonly pass: number
  readonly unitsOfAll: number
}

export const customSpec: z.ZodType<CustomSpec> = z.strictObject({
  instructions: z.string().min(1).max(INSTRUCTION_CHARS).describe('Markdown: what is to be done'),
  pieces,
  answer: z.strictObject({
    type: z.enum(['text', 'bytes']),
    most: z.int().min(1).max(ANSWER_BYTES).default(USUAL_ANSWER_BYTES).describe('bytes'),
  }),
  check: z
    .strictObject({
      module: hash.describe('SHA-256 of the WebAssembly module that scores an answer'),
      shared: hash.optional().describe('SHA-256 of bytes that it is given each time'),
      fuel: z.int().min(1).max(Number(MAX_FUEL)).describe('the most that a check may cost'),
      memoryPages: z.int().min(1).max(MEMORY_PAGES).default(USUAL_PAGES).describe('of 64 KiB'),
    })
    .describe(
      'reads u32(length) || shared || u32(length) || piece || answer; puts out a score as u32, in millionths',
    ),
  pass: z
    .int()
    .min(1)
    .max(SCORE_ONE)
    .default(SCORE_ONE)
    .describe('millionths that an answer has to score to be one at all'),
  unitsOfAll: z
    .int()
    .min(1)
    .max(SCORE_ONE)
    .default(1)
    .describe('units that a full score is worth; less for less'),
})
