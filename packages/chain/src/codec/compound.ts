// Layouts made of layouts.
import { ChainError } from '../errors.ts'
import type { Field, Layout } from './layout.ts'

/** Bytes between fields that say nothing. */
export interface Gap {
  readonly gap: number
}

export function gap(size: number): Gap {
  return { gap: size }
}

export type Fields<T> = { readonly [Name in keyof T]: Layout<T[Name]> } & { readonly padding?: Gap }

/** The fields in the order written down; `padding` is a place, and no part of the value. */
export function struct<T extends object>(type: string, fields: Fields<T>): Layout<T> {
  const placed: Field[] = []
  let size = 0
  for (const [name, layout] of Object.entries<Layout<unknown> | Gap>(fields)) {
    if ('gap' in layout) {
      size += layout.gap
      continue
    }
    placed.push({ name, offset: size, layout })
    size += layout.size
  }
  const last = placed.at(-1)
  const lastLength = last?.layout.lengthOf
  const layout: Layout<T> = {
    type,
    size,
    fields: placed,
    // What the loop builds has exactly T's fields: `fields` names each of them.
    read: (view, at) =>
      Object.fromEntries(
        placed.map((field) => [field.name, field.layout.read(view, at + field.offset)]),
      ) as T,
    write: (value, view, at) => {
      for (const field of placed) field.layout.write(fieldOf(value, field.name), view, at + field.offset)
    },
  }
  if (last === undefined || lastLength === undefined) return layout
  return { ...layout, lengthOf: (value) => size + lastLength(fieldOf(value, last.name)) }
}

function fieldOf(value: object, name: string): unknown {
  return (value as Readonly<Record<string, unknown>>)[name]
}

export function list<T>(item: Layout<T>, count: number): Layout<readonly T[]> {
  return {
    type: `[${item.type};${count}]`,
    size: count * item.size,
    item,
    read: (view, at) => readItems(item, view, { at, count }),
    write: (values, view, at) => {
      if (values.length !== count) throw wrongCount(values.length, `${count}`)
      writeItems(item, values, { view, at })
    },
  }
}

/** As many as there are bytes left. */
export function rest<T>(item: Layout<T>): Layout<readonly T[]> {
  return {
    type: `${item.type}[]`,
    size: 0,
    item,
    lengthOf: (values) => values.length * item.size,
    read: (view, at) => {
      const count = (view.byteLength - at) / item.size
      if (!Number.isInteger(count)) throw wrongCount(count, 'whole ones')
      return readItems(item, view, { at, count })
    },
    write: (values, view, at) => writeItems(item, values, { view, at }),
  }
}

function readItems<T>(item: Layout<T>, view: DataView, { at, count }: { at: number; count: number }): T[] {
  return Array.from({ length: count }, (_, place) => item.read(view, at + place * item.size))
}

function writeItems<T>(
  item: Layout<T>,
  values: readonly T[],
  { view, at }: { view: DataView; at: number },
): void {
  for (const [place, value] of values.entries()) item.write(value, view, at + place * item.size)
}

function wrongCount(found: number, wanted: string): ChainError {
  return new ChainError('value/out-of-range', `A list has ${found} entries where ${wanted} belong`)
}
