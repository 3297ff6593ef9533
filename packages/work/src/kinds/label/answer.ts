// An answer to a labelling task: what people fill in, the bytes of an output, and the value that is compared.
import { z } from 'zod'
import { imageName } from '../../people/item.ts'
import type { Field } from '../../people/question.ts'
import { answerReader, invalidAnswer } from '../../people/read-answer.ts'
import type { Box } from '../../statistics/agreement.ts'
import type { LabelForm } from './spec.ts'

export const ITEM = 'item'

/** The value of one option; the values of several, ascending; a text; boxes. */
export type LabelAnswer = string | readonly string[] | readonly Box[]

/** An output is JSON: the answer alone, or a result with how sure it is. */
const result = z.strictObject({ answer: z.unknown(), confidence: z.int() })

export function fieldOf(form: LabelForm): Field {
  const named = { name: 'answer', label: 'Your answer' }
  if (form.type === 'boxes')
    return { ...named, type: 'boxes', image: imageName(ITEM), labels: form.labels, most: form.most }
  if (form.type === 'text') return { ...named, type: 'text', least: form.least, most: form.most }
  return { ...named, type: form.type, options: form.options }
}

/** Throws 'answer/invalid'. */
export function formReader(form: LabelForm): (input: unknown) => LabelAnswer {
  const read = answerReader([fieldOf(form)])
  return (input) => {
    const checked = canonical(form, read(input)['answer'])
    if (checked === undefined) throw invalidAnswer('It is no answer of this form.')
    return checked
  }
}

export function writeAnswer(answer: LabelAnswer): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(answer))
}

export function writeResult(answer: LabelAnswer | undefined, confidence: number): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ answer: answer ?? null, confidence }))
}

/** Undefined for an answer alone, and for what is neither. */
export function confidenceIn(bytes: Uint8Array): number | undefined {
  return result.safeParse(jsonIn(bytes)).data?.confidence
}

/** Undefined for bytes that are no answer to this form: they come from anybody. */
export function outputReader(form: LabelForm): (output: Uint8Array) => LabelAnswer | undefined {
  const read = formReader(form)
  return (output) => {
    const value = jsonIn(output)
    try {
      const judged = result.safeParse(value)
      return read({ answer: judged.success ? judged.data.answer : value })
    } catch {
      return undefined
    }
  }
}

function jsonIn(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return undefined
  }
}

/** One way to write each answer, so that the same answer has the same bytes. */
function canonical(form: LabelForm, value: unknown): LabelAnswer | undefined {
  if (typeof value === 'string') return value
  if (!Array.isArray(value)) return undefined
  return form.type === 'several' ? value.toSorted() : value.map(boxFrom)
}

function boxFrom({ label, x, y, width, height }: Box): Box {
  return { label, x, y, width, height }
}
