// Takes a module apart as far as it is rewritten, and refuses what is not allowed. Whether its types are right is for
// V8 to say when it compiles the result; here only what V8 could not see any more is checked.
import { WorkError } from '../../errors.ts'
import { MODULE_BYTES, TABLE_ENTRIES } from '../limits.ts'
import { instructionOf, isValueType, OP, TYPE } from './opcodes.ts'
import { malformed, Reader } from './reader.ts'

export interface FunctionType {
  readonly params: number
  readonly results: number
}

export interface Module {
  readonly types: readonly FunctionType[]
  /** Type index of each function, imported ones first. */
  readonly functions: readonly number[]
  readonly globals: { readonly count: number; readonly bytes: Uint8Array }
  /** Pages of its memory, or undefined without one. */
  readonly memory: { readonly min: number; readonly max: number | undefined } | undefined
  /** Function indices. */
  readonly run: number
  readonly start: number | undefined
  readonly bodies: readonly Reader[]
  /** Sections that stay as they are. */
  readonly kept: ReadonlyMap<number, Uint8Array>
}

export const SECTION = {
  custom: 0,
  type: 1,
  import: 2,
  function: 3,
  table: 4,
  memory: 5,
  global: 6,
  export: 7,
  start: 8,
  element: 9,
  code: 10,
  data: 11,
  dataCount: 12,
} as const

/** In the order in which a module has them; and those that stay as they are. */
export const SECTION_ORDER: readonly number[] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 10, 11]

const KEPT: readonly number[] = [1, 2, 3, 4, 9, 11, 12]

/** The one module name that may be imported from, and what it has: all parameters and results are i32. */
export const IMPORTS_FROM = 'piecework'
const IMPORTS: ReadonlyMap<string, FunctionType> = new Map([
  ['input', { params: 3, results: 1 }],
  ['output', { params: 2, results: 0 }],
])

/** And version 1. */
export const MAGIC: readonly number[] = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]

export function refused(why: string, context: Readonly<Record<string, unknown>> = {}): WorkError {
  return new WorkError('module/refused', `The sandbox does not run this module: ${why}.`, context)
}

export function readModule(bytes: Uint8Array): Module {
  if (bytes.length > MODULE_BYTES) throw refused(`it is longer than ${MODULE_BYTES} bytes`)
  const sections = readSections(bytes)
  const part = (id: number): Reader => sections.get(id) ?? new Reader(new Uint8Array(1))
  const raw = (id: number): Uint8Array => {
    const { bytes: from, at, end } = part(id)
    return from.subarray(at, end)
  }
  const kept = new Map(KEPT.filter((id) => sections.has(id)).map((id) => [id, raw(id)]))
  const types = readTypes(part(SECTION.type))
  const imported = readImports(part(SECTION.import), types)
  const defined = readList(part(SECTION.function), (list) => list.u32())
  readTables(part(SECTION.table))
  const start = sections.has(SECTION.start) ? readStart(part(SECTION.start)) : undefined
  return {
    types: types.map(({ params, results }) => ({ params: params.length, results: results.length })),
    functions: [...imported, ...defined],
    globals: readGlobals(part(SECTION.global)),
    memory: readMemory(part(SECTION.memory)),
    run: readRun(part(SECTION.export)),
    start,
    bodies: readList(part(SECTION.code), (list) => list.part(list.u32())),
    kept,
  }
}

function readSections(bytes: Uint8Array): Map<number, Reader> {
  const reader = new Reader(bytes)
  for (const expected of MAGIC) if (reader.byte() !== expected) throw malformed('it begins differently', 0)
  const sections = new Map<number, Reader>()
  let place = -1
  while (!reader.done) {
    const id = reader.byte()
    const content = reader.part(reader.u32())
    if (id === SECTION.custom) continue
    const next = SECTION_ORDER.indexOf(id)
    if (next < 0) throw refused(`it has a section of the unknown sort ${id}`)
    if (next <= place) throw malformed('its sections are out of order', content.at)
    place = next
    sections.set(id, content)
  }
  return sections
}

/** A section that is not there is an empty list: one zero byte. */
function readList<T>(list: Reader, one: (list: Reader, index: number) => T): T[] {
  const items = Array.from({ length: list.count() }, (_, i) => one(list, i))
  list.finish('a section')
  return items
}

function valueType(list: Reader): number {
  const type = list.byte()
  if (!isValueType(type)) throw refused('it has values that are no plain numbers (vectors or references)')
  return type
}

interface TypeList {
  readonly params: readonly number[]
  readonly results: readonly number[]
}

function readTypes(section: Reader): TypeList[] {
  return readList(section, (list) => {
    if (list.byte() !== TYPE.function) throw refused('it has types that are no functions')
    const values = (): number[] => Array.from({ length: list.count() }, () => valueType(list))
    return { params: values(), results: values() }
  })
}

function readImports(section: Reader, types: readonly TypeList[]): number[] {
  return readList(section, (list) => {
    const [from, name] = [list.name(), list.name()]
    const expected = from === IMPORTS_FROM ? IMPORTS.get(name) : undefined
    if (expected === undefined || list.byte() !== 0)
      throw refused(`it asks for '${from}.${name}'; there is nothing but the functions input and output`)
    const index = list.u32()
    const type = types[index]
    const fits =
      type?.params.length === expected.params &&
      type.results.length === expected.results &&
      [...type.params, ...type.results].every((value) => value === TYPE.i32)
    if (!fits) throw refused(`it asks for '${name}' with other parameters than it has`)
    return index
  })
}

/** The least and the most; shared and 64-bit ones have other flags. */
function readLimits(list: Reader): { min: number; max: number | undefined } {
  const flags = list.byte()
  if (flags > 1) throw refused('it shares its memory, or has one of 64 bits')
  return { min: list.u32(), max: flags === 1 ? list.u32() : undefined }
}

function readTables(section: Reader): void {
  const tables = readList(section, (list) => {
    if (list.byte() !== TYPE.funcref) throw refused('it has a table of other things than functions')
    return readLimits(list)
  })
  if (tables.length > 1) throw refused('it has more than one table')
  for (const { min } of tables) {
    if (min > TABLE_ENTRIES) throw refused(`its table has more than ${TABLE_ENTRIES} entries`)
  }
}

function readMemory(section: Reader): Module['memory'] {
  const memories = readList(section, readLimits)
  if (memories.length > 1) throw refused('it has more than one memory')
  return memories[0]
}

/** Each global is read to its end, so that those put behind them cannot be taken for a part of them. */
function readGlobals(section: Reader): Module['globals'] {
  const { bytes, end } = section
  const count = section.count()
  const { at } = section
  for (let i = 0; i < count; i++) {
    valueType(section)
    if (section.byte() > 1) throw malformed('a global has an unknown sort', section.at)
    skipConstant(section)
  }
  section.finish('the list of globals')
  return { count, bytes: bytes.subarray(at, end) }
}

function skipConstant(reader: Reader): void {
  const opcode = reader.byte()
  const immediate = instructionOf(opcode)?.immediate
  if (opcode === OP.globalGet || immediate === 'leb32') reader.skipLeb32()
  else if (immediate === 'leb64') reader.skipLeb64()
  else if (immediate === 'bytes4') reader.skip(4)
  else if (immediate === 'bytes8') reader.skip(8)
  else throw refused('a global begins with something that is no plain number')
  if (reader.byte() !== OP.end) throw refused('a global begins with something that is no plain number')
}

function readRun(section: Reader): number {
  const exported = readList(section, (list) => ({
    name: list.name(),
    sort: list.byte(),
    index: list.u32(),
  }))
  const run = exported.find(({ name, sort }) => name === 'run' && sort === 0)
  if (run === undefined) throw refused(`it exports no function 'run'`)
  return run.index
}

function readStart(section: Reader): number {
  const index = section.u32()
  section.finish('the start section')
  return index
}
