// What a labelling job says: what people look at, and what they are asked about it.
import { SCORE_ONE } from '@piecework/protocol'
import { z } from 'zod'
import { hash } from '../../content/hash.ts'
import type { Option } from '../../people/question.ts'

/** More than fit on a screen are no choice but a search. */
const OPTIONS = 100
/** A page. What is longer is not read. */
const INSTRUCTION_CHARS = 10_000
/** A line or two: comparing texts takes time with the product of their lengths. */
const TEXT_CHARS = 500
/** A crowd in a picture; nobody draws more by hand. */
const BOXES = 100
/** As many as fit into a spec of 64 KiB with its text. */
const IMAGES = 700
/** A fifth of the price for every answer that is accepted, however new its worker. */
const USUAL_FLOOR = 200_000

const option = z.strictObject({ value: z.string().min(1).max(60), label: z.string().min(1).max(120) })
const options = z
  .array(option)
  .min(2)
  .max(OPTIONS)
  .refine(
    (all) => new Set(all.map(({ value }) => value)).size === all.length,
    'two options have the same value',
  )

export type LabelForm =
  | { readonly type: 'one' | 'several'; readonly options: readonly Option[] }
  | { readonly type: 'text'; readonly least: number; readonly most: number; readonly anyCase: boolean }
  | { readonly type: 'boxes'; readonly labels: readonly string[]; readonly most: number }

export interface LabelSpec {
  readonly instructions: string
  readonly items: Uint8Array
  readonly images: readonly Uint8Array[]
  readonly answer: LabelForm
  readonly floor: number
}

export const labelSpec: z.ZodType<LabelSpec> = z.strictObject({
  instructions: z
    .string()
    .min(1)
    .max(INSTRUCTION_CHARS)
    .describe('Markdown; an image is ![what it shows](sha256:HASH), and is named in images too'),
  items: hash.describe(
    'SHA-256 of a text: line i is what task i shows, as text or as {"text": ..., "image": HASH}',
  ),
  images: z.array(hash).max(IMAGES).default([]).describe('SHA-256 of every image that is shown'),
  answer: z
    .discriminatedUnion('type', [
      z.strictObject({ type: z.literal('one'), options }),
      z.strictObject({ type: z.literal('several'), options }),
      z.strictObject({
        type: z.literal('text'),
        least: z.int().min(0).max(TEXT_CHARS).default(1),
        most: z.int().min(1).max(TEXT_CHARS),
        anyCase: z.boolean().default(false).describe('a and A are the same'),
      }),
      z.strictObject({
        type: z.literal('boxes'),
        labels: z.array(z.string().min(1).max(60)).min(1).max(OPTIONS),
        most: z.int().min(1).max(BOXES).default(20),
      }),
    ])
    .describe('what people give: one option, several, a text, or boxes on the image'),
  floor: z
    .int()
    .min(0)
    .max(SCORE_ONE)
    .default(USUAL_FLOOR)
    .describe('millionths of the price that an accepted answer is paid at least; skill earns the rest'),
})
