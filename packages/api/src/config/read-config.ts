// A config: one YAML text, over it the environment, over that the flags; checked by a schema. Every mistake is told with
// the line it is in.
import {
  type Document,
  isCollection,
  isMap,
  isNode,
  isScalar,
  LineCounter,
  type Node,
  parse,
  parseDocument,
} from 'yaml'
import type { z } from 'zod'
import { ApiError, sentenceOf } from '../errors.ts'
import { flagsByLeaf } from './flags.ts'
import { type Path, type Shape, shapeOf } from './shape.ts'

export interface ConfigSources {
  readonly text: string
  /** PIECEWORK_API_PORT is api.port, PIECEWORK_MAX_FEE is maxFee; values are written as in YAML. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** By path: 'api.port', or 'api' with several of its keys. Undefined ones were not given. */
  readonly flags?: Readonly<Record<string, unknown>>
  /** The file's name, for messages. */
  readonly where: string
}

export const ENV_PREFIX = 'PIECEWORK_'
/** Longer ones are something else, given by mistake. */
const MAX_CONFIG_CHARACTERS = 1_000_000

export function readConfig<T extends z.ZodType>(schema: T, sources: ConfigSources): z.output<T> {
  const { text, where, env = {} } = sources
  if (text.length > MAX_CONFIG_CHARACTERS) throw invalid(where, ['it is longer than any config'])
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  const placed = { document, lines }
  const [broken] = document.errors
  if (broken !== undefined) throw invalid(where, [broken.message.split('\n')[0] ?? broken.message])
  if (document.contents !== null && !isMap(document.contents)) {
    throw invalid(where, ['it is no list of "key: value" lines'])
  }
  const shape = shapeOf(schema)
  const { flags, mistakes } = flagsByLeaf(sources.flags ?? {}, shape)
  const unknown = [...unknownKeys(placed, shape), ...mistakes]
  if (unknown.length > 0) throw invalid(where, unknown)
  const from = overrides(document, { shape, env, flags, where })
  const read = schema.safeParse(document.toJS() ?? {})
  if (read.success) return read.data
  throw invalid(
    where,
    read.error.issues.map(({ path, message }) => {
      const name = path.map(String)
      return `${from.get(name.join('.')) ?? lineOf(placed, name)}${name.join('.') || 'the whole'}: ${message}`
    }),
  )
}

/** The variable that overrides a key. */
export function envName(path: Path): string {
  const words = path.map((word) => word.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase())
  return `${ENV_PREFIX}${words.join('_')}`
}

interface Over {
  readonly shape: Shape
  readonly env: Readonly<Record<string, string | undefined>>
  readonly flags: Readonly<Record<string, unknown>>
  readonly where: string
}

/** Sets in the document what stands over it; gives where each such value came from. */
function overrides(document: Document, { shape, env, flags, where }: Over): ReadonlyMap<string, string> {
  const from = new Map<string, string>()
  for (const path of shape.leaves) {
    const name = envName(path)
    const text = env[name]
    const flag = flags[path.join('.')]
    if (text !== undefined) {
      set(document, path, valueIn(text, name, where))
      from.set(path.join('.'), `${name}, `)
    }
    if (flag !== undefined) {
      set(document, path, flag)
      from.set(path.join('.'), 'flag, ')
    }
  }
  return from
}

/** A key above it that is there without a value becomes a map. */
function set(document: Document, path: Path, value: unknown): void {
  for (let length = 1; length < path.length; length += 1) {
    const above = path.slice(0, length)
    if (!isCollection(document.getIn(above, true))) document.setIn(above, document.createNode({}))
  }
  document.setIn(path, document.createNode(value))
}

function valueIn(text: string, name: string, where: string): unknown {
  try {
    return parse(text)
  } catch (error) {
    throw invalid(where, [`${name} is no YAML value: ${sentenceOf(error)}`])
  }
}

interface Placed {
  readonly document: Document
  readonly lines: LineCounter
}

function unknownKeys({ document, lines }: Placed, shape: Shape): string[] {
  const found: string[] = []
  function walk(node: unknown, path: Path): void {
    if (!isMap(node)) return
    for (const { key, value } of node.items) {
      if (!isScalar(key)) continue
      const inner = [...path, String(key.value)]
      if (shape.knows(inner)) walk(value, inner)
      else found.push(`${placeOf(key, lines)}${inner.join('.')} is no key of this config`)
    }
  }
  walk(document.contents, [])
  return found
}

/** Of the value, or of the nearest key above it that is there. */
function lineOf({ document, lines }: Placed, path: Path): string {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true)
    if (isNode(node)) return placeOf(node, lines)
  }
  return ''
}

function placeOf({ range }: Node, lines: LineCounter): string {
  return range ? `line ${lines.linePos(range[0]).line}, ` : ''
}

function invalid(where: string, problems: readonly string[]): ApiError {
  return new ApiError('config/invalid', `${where} can't be used: ${problems.join('; ')}.`, {
    where,
    problems,
  })
}
