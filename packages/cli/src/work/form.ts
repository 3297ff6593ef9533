// A question being answered by keyboard: what each key does to what was begun. Nothing here knows a terminal.
import type { Field } from '@piecework/work'

/** A step back for each key; what is further back is forgotten. */
const UNDO_STEPS = 500

export interface Key {
  /** 'return', 'backspace', 'up', 'z'; as readline names it. */
  readonly name: string
  /** What it writes; empty for keys that write nothing. */
  readonly text: string
  readonly ctrl: boolean
}

/** What was begun: kept by the node as it is. */
export interface Draft {
  readonly values: Readonly<Record<string, unknown>>
  /** Of the field that is filled in now. */
  readonly typed: string
  readonly at: number
}

export interface Form {
  readonly fields: readonly Field[]
  readonly draft: Draft
  readonly before: readonly Draft[]
  /** What was wrong with the last key, for people. */
  readonly said: string
}

export const EMPTY: Draft = { values: {}, typed: '', at: 0 }

export function formOf(fields: readonly Field[], draft: Draft = EMPTY): Form {
  const isOfThese = draft.at <= fields.length
  return { fields, draft: isOfThese ? draft : EMPTY, before: [], said: '' }
}

export function fieldAt({ fields, draft }: Form): Field | undefined {
  return fields[draft.at]
}

/** All fields are filled in: return sends it. */
export function isFilled(form: Form): boolean {
  return form.draft.at >= form.fields.length
}

export function undo(form: Form): Form {
  const last = form.before.at(-1)
  return last === undefined ? form : { ...form, draft: last, before: form.before.slice(0, -1), said: '' }
}

export function press(form: Form, key: Key): Form {
  const field = fieldAt(form)
  if (field === undefined || key.ctrl) return { ...form, said: '' }
  if (key.name === 'backspace') return to(form, { typed: form.draft.typed.slice(0, -1) })
  if (key.name === 'return') return entered(form, field)
  if (field.type === 'one' || field.type === 'several') return chosen(form, field, key)
  return key.text === '' ? form : to(form, { typed: form.draft.typed + key.text })
}

function to(form: Form, change: Partial<Draft>): Form {
  const before = [...form.before, form.draft].slice(-UNDO_STEPS)
  return { ...form, draft: { ...form.draft, ...change }, before, said: '' }
}

function filled(form: Form, { name }: Field, value: unknown): Form {
  const { values, at } = form.draft
  return to(form, { values: { ...values, [name]: value }, typed: '', at: at + 1 })
}

function says(form: Form, said: string): Form {
  return { ...form, said }
}

/** The keys of options, in their order. */
export const OPTION_KEYS = '123456789abcdefghijklmnopqrstuvwxyz'

type Choice = Extract<Field, { type: 'one' | 'several' }>

function chosen(form: Form, field: Choice, { text }: Key): Form {
  const option = text === '' ? undefined : field.options[OPTION_KEYS.indexOf(text)]
  // With more options than keys, one is found by writing its value.
  if (option === undefined || field.options.length > OPTION_KEYS.length)
    return text === '' ? form : to(form, { typed: form.draft.typed + text })
  if (field.type === 'one') return filled(form, field, option.value)
  return to(form, {
    values: { ...form.draft.values, [field.name]: toggled(listIn(form, field), option.value) },
  })
}

function toggled(list: readonly unknown[], value: string): readonly unknown[] {
  return list.includes(value) ? list.filter((one) => one !== value) : [...list, value]
}

export function listIn({ draft }: Form, { name }: Field): readonly unknown[] {
  const value = draft.values[name]
  return Array.isArray(value) ? value : []
}

function entered(form: Form, field: Field): Form {
  const { typed } = form.draft
  switch (field.type) {
    case 'one':
    case 'several':
      return enteredOption(form, field)
    case 'text':
      if (typed.length < field.least || typed.length > field.most)
        return says(form, `Write ${field.least} to ${field.most} characters.`)
      return filled(form, field, typed)
    case 'number':
      return /^-?\d+$/.test(typed) ? filled(form, field, Number(typed)) : says(form, 'Write a whole number.')
    case 'bytes':
      return filled(form, field, Buffer.from(typed, 'utf8').toString('base64'))
    case 'boxes':
      return typed === ''
        ? filled(form, field, listIn(form, field))
        : added(form, field, boxFrom(typed, field.labels))
    case 'quotes':
      return typed === ''
        ? filled(form, field, listIn(form, field))
        : added(form, field, quoteFrom(typed, field.sources))
  }
}

function enteredOption(form: Form, field: Choice): Form {
  const { typed } = form.draft
  const option = field.options.find(({ value }) => value === typed)
  if (typed !== '' && option === undefined) return says(form, `There is no option '${typed}'.`)
  if (field.type === 'several' && option === undefined) return filled(form, field, listIn(form, field))
  if (option === undefined) return says(form, 'Choose an option.')
  if (field.type === 'one') return filled(form, field, option.value)
  const values = { ...form.draft.values, [field.name]: toggled(listIn(form, field), option.value) }
  return to(form, { values, typed: '' })
}

/** One more of a list, or what is wrong with it. */
function added(form: Form, field: Field, one: object | string): Form {
  if (typeof one === 'string') return says(form, one)
  const values = { ...form.draft.values, [field.name]: [...listIn(form, field), one] }
  return to(form, { values, typed: '' })
}

/** 'robin 10 20 100 80': label, then left, top, width and height in pixels. */
function boxFrom(typed: string, labels: readonly string[]): object | string {
  const words = /^(.*\S)\s+(\d+)\s+(\d+)\s+(\d+)\s+(\d+)$/.exec(typed.trim())
  const [, label = '', ...numbers] = words ?? []
  const [x, y, width, height] = numbers.map(Number)
  if (!labels.includes(label)) return `Write a label (${labels.join(', ')}), left, top, width and height.`
  return { label, x, y, width, height }
}

/** 'rules: Nobody can choose its tasks.' Where there is one source, its name may be left out. */
function quoteFrom(typed: string, sources: readonly string[]): object | string {
  const source =
    sources.find((name) => typed.startsWith(`${name}:`)) ?? (sources.length === 1 ? sources[0] : undefined)
  if (source === undefined) return `Write the source (${sources.join(', ')}), a colon, and what it says.`
  const text = typed.startsWith(`${source}:`) ? typed.slice(source.length + 1).trim() : typed
  return { source, text }
}
