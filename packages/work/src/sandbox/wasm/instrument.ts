// Makes a module safe to run: metered, with memory and calls bounded, and with one way in.
import { MEMORY_PAGES, STACK_VALUES } from '../limits.ts'
import type { Meters } from './added-code.ts'
import { BodyRewriter } from './body.ts'
import {
  type FunctionType,
  MAGIC,
  type Module,
  readModule,
  refused,
  SECTION,
  SECTION_ORDER,
} from './module.ts'
import { OP, TYPE } from './opcodes.ts'
import { malformed } from './reader.ts'
import { s64, section, text, u32 } from './writer.ts'

const EXPORTED = { function: 0, memory: 2, global: 3 } as const
const MUTABLE = 1

/** The same bytes for the same module on every machine. Throws what a requester has to change. */
export function instrument(module: Uint8Array, memoryPages: number = MEMORY_PAGES): Uint8Array {
  const read = readModule(module)
  const pages = pagesOf(read, memoryPages)
  const { count } = read.globals
  const meters = { fuel: count, stack: count + 1, pages: count + 2, maxPages: pages?.max ?? 0 }
  const rewritten: ReadonlyMap<number, Uint8Array> = new Map([
    ...(pages === undefined ? [] : [[SECTION.memory, memorySection(pages.max)] as const]),
    [SECTION.global, globalSection(read, pages?.min ?? 0)],
    [SECTION.export, exportSection(read, meters)],
    [SECTION.code, codeSection(read, meters)],
  ])
  const sections = SECTION_ORDER.flatMap((id) => {
    const content = rewritten.get(id) ?? read.kept.get(id)
    return content === undefined ? [] : section(id, content)
  })
  return Buffer.concat([Uint8Array.from(MAGIC), ...sections])
}

function pagesOf({ memory }: Module, limit: number): { min: number; max: number } | undefined {
  if (memory === undefined) return undefined
  const max = Math.min(memory.max ?? limit, limit)
  if (memory.min > max) throw refused(`it begins with ${memory.min} pages of memory, and may have ${max}`)
  return { min: memory.min, max }
}

/** Its least is its most: it is all there before the first instruction, or the machine has too little. */
function memorySection(max: number): Uint8Array {
  return Uint8Array.from([1, 1, ...u32(max), ...u32(max)])
}

function globalSection({ globals }: Module, minPages: number): Uint8Array {
  // Without fuel until it is given some: nothing runs by itself.
  const fuel = [TYPE.i64, MUTABLE, OP.i64Const, ...s64(-1), OP.end]
  const stack = [TYPE.i64, MUTABLE, OP.i64Const, ...s64(STACK_VALUES), OP.end]
  const pages = [TYPE.i32, MUTABLE, OP.i32Const, ...s64(minPages), OP.end]
  return Buffer.concat([
    Uint8Array.from(u32(globals.count + 3)),
    globals.bytes,
    Uint8Array.from([...fuel, ...stack, ...pages]),
  ])
}

/** Nothing of its own exports stays but `run`; a start function becomes one more, so that it runs on fuel as well. */
function exportSection(module: Module, { fuel, stack, pages }: Meters): Uint8Array {
  const { run, start, memory } = module
  for (const index of [run, start ?? run]) checkEntry(module, index)
  const exported: [name: string, sort: number, index: number][] = [
    ['run', EXPORTED.function, run],
    ['fuel', EXPORTED.global, fuel],
    ['stack', EXPORTED.global, stack],
    ['pages', EXPORTED.global, pages],
  ]
  if (start !== undefined) exported.push(['start', EXPORTED.function, start])
  if (memory !== undefined) exported.push(['memory', EXPORTED.memory, 0])
  const entries = exported.flatMap(([name, sort, index]) => [...text(name), sort, ...u32(index)])
  return Uint8Array.from([...u32(exported.length), ...entries])
}

function checkEntry({ functions, types }: Module, index: number): void {
  const type = types[functions[index] ?? -1]
  if (type === undefined) throw malformed(`it has no function ${index}`, 0)
  if (type.params + type.results > 0) throw refused(`'run' and a start function take and return nothing`)
}

function codeSection(module: Module, meters: Meters): Uint8Array {
  const { bodies, functions } = module
  const imported = functions.length - bodies.length
  const code = bodies.flatMap((body, i) => {
    return new BodyRewriter(body, typeOf(module, imported + i), { module, meters }).rewrite()
  })
  return Buffer.concat([Uint8Array.from(u32(bodies.length)), ...code])
}

function typeOf({ functions, types }: Module, index: number): FunctionType {
  const type = types[functions[index] ?? -1]
  if (type === undefined) throw malformed(`its function ${index} has no type`, 0)
  return type
}
