// An answer to a question as it comes in: a value for each field, checked against what the field allows.
import { z } from 'zod'
import { WorkError } from '../errors.ts'
import type { Field } from './question.ts'

/** A screen in pixels is far below; an answer of larger numbers is a mistake. */
const PIXELS = 65_536
/** A quote of a paragraph. */
const QUOTE_CHARS = 500

export type AnswerValues = Readonly<Record<string, unknown>>

/** Reads many answers to the same fields; throws 'answer/invalid' for what is none. */
export function answerReader(fields: readonly Field[]): (answer: unknown) => AnswerValues {
  const schema = z.strictObject(Object.fromEntries(fields.map((field) => [field.name, schemaOf(field)])))
  return (answer) => {
    const read = schema.safeParse(answer)
    if (read.success) return read.data
    throw invalidAnswer(z.prettifyError(read.error))
  }
}

export function invalidAnswer(why: string): WorkError {
  return new WorkError('answer/invalid', `This is no answer to the task.\n${why}`)
}

function schemaOf(field: Field): z.ZodType {
  switch (field.type) {
    case 'one':
      return z.enum(field.options.map(({ value }) => value))
    case 'several':
      return z
        .array(z.enum(field.options.map(({ value }) => value)))
        .max(field.options.length)
        .refine((chosen) => new Set(chosen).size === chosen.length, 'names an option twice')
    case 'text':
      return z.string().min(field.least).max(field.most)
    case 'number':
      return z.int().min(field.least).max(field.most)
    case 'bytes':
      return z.base64().max(Math.ceil(field.most / 3) * 4)
    case 'boxes':
      return z.array(boxOf(field.labels)).max(field.most)
    case 'quotes':
      return z.array(quoteOf(field.sources)).max(field.most)
  }
}

function boxOf(labels: readonly string[]): z.ZodType {
  const place = z.int().min(0).max(PIXELS)
  const size = z.int().min(1).max(PIXELS)
  return z.strictObject({ label: z.enum(labels), x: place, y: place, width: size, height: size })
}

function quoteOf(sources: readonly string[]): z.ZodType {
  return z.strictObject({ source: z.enum(sources), text: z.string().min(1).max(QUOTE_CHARS) })
}
