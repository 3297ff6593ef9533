// Answers of judging tasks: their fields, their bytes.
import type { Field } from '../../people/question.ts'
import { answerReader } from '../../people/read-answer.ts'
import { type JudgeForm, MOST_REASON_CHARS, QUOTES_OF_ONE } from './spec.ts'

export interface Quote {
  readonly source: string
  readonly text: string
}

/** What is filled in, by field; a form has only its own. */
export interface JudgeAnswer {
  readonly better?: 'first' | 'second'
  readonly grade?: number
  readonly reason?: string
  readonly text?: string
  readonly verdict?: 'true' | 'false' | 'unclear'
  readonly quotes?: readonly Quote[]
}

export function fieldsOf(form: JudgeForm): readonly Field[] {
  switch (form.type) {
    case 'pairs':
      return [choice('better', 'Which one is better?', ['first', 'second'])]
    case 'grade':
      return [
        { name: 'grade', label: 'Your grade', type: 'number', least: form.least, most: form.most },
        { name: 'reason', label: 'Why?', type: 'text', least: form.reasonChars, most: MOST_REASON_CHARS },
      ]
    case 'rewrite':
      return [{ name: 'text', label: 'Your text', type: 'text', least: 1, most: form.most }]
    case 'claims':
      return [
        choice('verdict', 'Is it true?', ['true', 'false', 'unclear']),
        {
          name: 'quotes',
          label: 'Where does a source say so? Copy it word by word',
          type: 'quotes',
          sources: form.sources.map(({ name }) => name),
          most: QUOTES_OF_ONE,
        },
      ]
  }
}

function choice(name: string, label: string, values: readonly string[]): Field {
  return { name, label, type: 'one', options: values.map((value) => ({ value, label: value })) }
}

/** Throws 'answer/invalid'. Fields in the order of the form, so that the same answer has the same bytes. */
export function formReader(form: JudgeForm): (input: unknown) => JudgeAnswer {
  const fields = fieldsOf(form)
  const read = answerReader(fields)
  return (input) => {
    const values = read(input)
    return Object.fromEntries(fields.map(({ name }) => [name, values[name]]))
  }
}

export function writeAnswer(answer: JudgeAnswer): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(answer))
}

/** Undefined for bytes that are no answer to this form: they come from anybody. */
export function outputReader(form: JudgeForm): (output: Uint8Array) => JudgeAnswer | undefined {
  const read = formReader(form)
  return (output) => {
    try {
      return read(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(output)))
    } catch {
      return undefined
    }
  }
}
