// What a judging job says: what is compared, graded, rewritten or verified.
import { SCORE_ONE } from '@piecework/protocol'
import { z } from 'zod'
import { hash } from '../../content/hash.ts'

const INSTRUCTION_CHARS = 10_000
/** Strengths are estimated over all items at each judgement. */
const ITEMS = 10_000
const GRADES = 100
/** A sentence or two. */
const REASON_CHARS = 500
/** Comparing texts takes time with the product of their lengths. */
const REWRITE_CHARS = 2_000
/** Sources that a person can be asked to look through. */
const SOURCES = 20
const QUOTES = 5
const IMAGES = 700
/** A fifth of the price for every answer that is accepted, however new its worker. */
const USUAL_FLOOR = 200_000

export interface Source {
  readonly name: string
  readonly hash: Uint8Array
}

export type JudgeForm =
  | { readonly type: 'pairs'; readonly count: number }
  | { readonly type: 'grade'; readonly least: number; readonly most: number; readonly reasonChars: number }
  | { readonly type: 'rewrite'; readonly most: number }
  | { readonly type: 'claims'; readonly sources: readonly Source[] }

export interface JudgeSpec {
  readonly instructions: string
  readonly items: Uint8Array
  readonly images: readonly Uint8Array[]
  readonly answer: JudgeForm
  readonly floor: number
}

export const QUOTES_OF_ONE: number = QUOTES
export const MOST_REASON_CHARS: number = REASON_CHARS

export const judgeSpec: z.ZodType<JudgeSpec> = z.strictObject({
  instructions: z.string().min(1).max(INSTRUCTION_CHARS).describe('Markdown'),
  items: hash.describe('SHA-256 of a text: each line is an item, as text or as {"text": ..., "image": HASH}'),
  images: z.array(hash).max(IMAGES).default([]).describe('SHA-256 of every image that is shown'),
  answer: z
    .discriminatedUnion('type', [
      z.strictObject({
        type: z.literal('pairs'),
        count: z.int().min(2).max(ITEMS).describe('items; tasks 2k and 2k + 1 show pair k in both orders'),
      }),
      z
        .strictObject({
          type: z.literal('grade'),
          least: z.int().min(0).max(GRADES).default(1),
          most: z.int().min(1).max(GRADES).default(5),
          reasonChars: z.int().min(0).max(REASON_CHARS).default(20).describe('that a reason has at least'),
        })
        .refine(({ least, most }) => least < most, 'least is not below most'),
      z.strictObject({
        type: z.literal('rewrite'),
        most: z.int().min(1).max(REWRITE_CHARS).describe('characters'),
      }),
      z.strictObject({
        type: z.literal('claims'),
        sources: z
          .array(z.strictObject({ name: z.string().min(1).max(60), hash }))
          .min(1)
          .max(SOURCES),
      }),
    ])
    .describe('which of two is better; a grade and why; a better text; whether a claim is true, with quotes'),
  floor: z
    .int()
    .min(0)
    .max(SCORE_ONE)
    .default(USUAL_FLOOR)
    .describe('millionths of the price that an accepted answer is paid at least; skill earns the rest'),
})
