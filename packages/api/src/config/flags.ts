// Flags stand over the keys that hold values: what is given for a key that holds others is given for those.
import type { Shape } from './shape.ts'

export interface FlagsByLeaf {
  readonly flags: Readonly<Record<string, unknown>>
  readonly mistakes: readonly string[]
}

export function flagsByLeaf(given: Readonly<Record<string, unknown>>, shape: Shape): FlagsByLeaf {
  const leaves = new Set(shape.leaves.map((path) => path.join('.')))
  const flags: Record<string, unknown> = {}
  const mistakes: string[] = []
  function place(name: string, value: unknown): void {
    if (leaves.has(name)) flags[name] = value
    else if (!shape.knows(name.split('.'))) mistakes.push(`flag, ${name} is no key of this config`)
    else if (isBelow(name, leaves)) mistakes.push(`flag, ${name} is a part of a value: give the whole of it`)
    else if (isMap(value)) for (const [key, one] of Object.entries(value)) place(`${name}.${key}`, one)
    else if (value !== undefined) mistakes.push(`flag, ${name} holds keys of its own: give ${name}.KEY`)
  }
  for (const [name, value] of Object.entries(given)) place(name, value)
  return { flags, mistakes }
}

function isBelow(name: string, leaves: ReadonlySet<string>): boolean {
  const words = name.split('.')
  return words.some((_, at) => leaves.has(words.slice(0, at).join('.')))
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
