// Which keys a schema knows, nested ones too: what is not among them is a mistake, and each has its variable.
import { z } from 'zod'

export type Path = readonly string[]

export interface Shape {
  /** Keys that hold a value, with their paths. */
  readonly leaves: readonly Path[]
  knows(path: Path): boolean
}

export function shapeOf(schema: z.ZodType): Shape {
  const leaves: Path[] = []
  const objects = new Set<string>()
  const open = new Set<string>()
  function walk(part: z.ZodType, path: Path): void {
    const inner = unwrapped(part)
    if (inner instanceof z.ZodObject) {
      objects.add(path.join('.'))
      for (const [key, one] of Object.entries(inner.shape)) {
        if (one instanceof z.ZodType) walk(one, [...path, key])
      }
      return
    }
    leaves.push(path)
    open.add(path.join('.'))
  }
  walk(schema, [])
  return {
    leaves,
    // What lies below a leaf (items of a list, a record's keys) is the schema's own to judge.
    knows: (path) =>
      path.some((_, at) => open.has(path.slice(0, at + 1).join('.'))) || objects.has(path.join('.')),
  }
}

function unwrapped(schema: z.ZodType): z.ZodType {
  let inner: unknown = schema
  while (
    inner instanceof z.ZodOptional ||
    inner instanceof z.ZodDefault ||
    inner instanceof z.ZodPrefault ||
    inner instanceof z.ZodNullable ||
    inner instanceof z.ZodReadonly
  ) {
    inner = inner.unwrap()
  }
  if (inner instanceof z.ZodPipe && inner.in instanceof z.ZodType) return unwrapped(inner.in)
  return inner instanceof z.ZodType ? inner : schema
}
