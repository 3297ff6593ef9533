// A question as lines of a terminal.
import type { Field, Question } from '@piecework/work'
import { type Form, fieldAt, formOf, isFilled, listIn, OPTION_KEYS } from './form.ts'

/** What may be shown of bytes that no terminal can show. */
const SHOWN_BYTES = 96

const PROMPT = '>'

export const KEYS_LINE =
  'return: next   ctrl-z: undo   ctrl-n: leave it to others   ctrl-c: end (what you began is kept)'

export interface ToShow {
  readonly title: string
  readonly task: number
  readonly question: Question
  /** Where images can be looked at. */
  readonly imageAt: (hash: string) => string
}

export function linesOfQuestion({ title, task, question, imageAt }: ToShow): readonly string[] {
  return [
    `${title} (task ${task}; an accepted answer is paid at least ${question.floor / 10_000} % of the price)`,
    ...linesOfShown(question, imageAt),
  ]
}

/** What people will see, for who asks them. */
export function linesOfAsked(question: Question): readonly string[] {
  const fields = question.fields.flatMap((field) =>
    linesOfField(formOf([field]), field).filter((line) => line.trim() !== PROMPT),
  )
  return [...linesOfShown(question, (hash) => `image ${hash.slice(0, 8)}`), ...fields]
}

function linesOfShown({ instructions, shown }: Question, imageAt: ToShow['imageAt']): readonly string[] {
  return [
    ...instructions
      .replace(/!\[([^\]]*)\]\(sha256:([0-9a-f]{64})\)/g, (_, what, hash) => `[${what}: ${imageAt(hash)}]`)
      .trimEnd()
      .split('\n'),
    '',
    ...shown.flatMap((one) => {
      if (one.type === 'text') return [`${one.name}: ${one.text}`]
      if (one.type === 'image') return [`${one.name}: ${imageAt(one.hash)}`]
      const bytes = Buffer.from(one.base64, 'base64')
      return [`${one.name}: ${bytes.length} bytes, ${bytes.subarray(0, SHOWN_BYTES).toString('hex')}...`]
    }),
    '',
  ]
}

export function linesOfForm(form: Form): readonly string[] {
  const { fields, draft, said } = form
  const done = fields
    .slice(0, draft.at)
    .map((field) => `  ${field.label}: ${textOf(draft.values[field.name])}`)
  const field = fieldAt(form)
  const now = field === undefined ? ['  return: send it'] : linesOfField(form, field)
  return [...done, ...now, ...(said === '' ? [] : [`  ! ${said}`]), `  ${KEYS_LINE}`]
}

function linesOfField(form: Form, field: Field): readonly string[] {
  const typed = `  ${PROMPT} ${form.draft.typed}`
  if (field.type === 'one' || field.type === 'several') {
    const chosen = listIn(form, field)
    const options = field.options.map(({ value, label }, i) => {
      const mark = field.type === 'one' ? '' : chosen.includes(value) ? '[x] ' : '[ ] '
      return `    ${OPTION_KEYS[i] ?? value}  ${mark}${label}`
    })
    return [`  ${field.label}:`, ...options, ...(form.draft.typed === '' ? [] : [typed])]
  }
  const soFar = listIn(form, field).map((one) => `    ${JSON.stringify(one)}`)
  return [`  ${field.label} (${hintOf(field)}):`, ...soFar, typed]
}

function hintOf(field: Field): string {
  switch (field.type) {
    case 'text':
      return `${field.least} to ${field.most} characters`
    case 'number':
      return `${field.least} to ${field.most}`
    case 'boxes':
      return `a box a line: label, left, top, width, height; an empty line ends. Labels: ${field.labels.join(', ')}`
    case 'quotes':
      return `a quote a line: source: words; an empty line ends. Sources: ${field.sources.join(', ')}`
    default:
      return 'a line'
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

export function isToSend(form: Form, name: string): boolean {
  return isFilled(form) && name === 'return'
}
