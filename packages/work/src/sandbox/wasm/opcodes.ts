// The instructions that are allowed, as ranges of opcodes: version 1 of WebAssembly with sign extension, saturating
// truncation and bulk memory. Everything else (threads, SIMD, exceptions, tail calls, references, garbage collection)
// is refused, because it is not in here.

/** What follows the opcode. Control and memory instructions that are rewritten are told apart by `special`. */
export type Immediate = 'none' | 'leb32' | 'leb64' | 'bytes4' | 'bytes8' | 'memory'
export type Float = 'f32' | 'f64'

export interface Instruction {
  readonly immediate: Immediate
  readonly pops: number
  readonly pushes: number
  readonly cost: number
  /** Set where the result may be a NaN whose bits differ between processors. */
  readonly nan: Float | undefined
}

/** Fuel of what takes a processor tens of cycles: integer division and remainder, float division, square root. */
const SLOW_COST = 8

type Range = readonly [first: number, last: number, effect: Partial<Instruction>]

const UNARY = { pops: 1, pushes: 1 }
const BINARY = { pops: 2, pushes: 1 }
const LOAD = { immediate: 'memory', pops: 1, pushes: 1 } as const
const STORE = { immediate: 'memory', pops: 2, pushes: 0 } as const

const RANGES: readonly Range[] = [
  [0x01, 0x01, { cost: 0 }],
  [0x1a, 0x1a, { pops: 1, cost: 0 }],
  [0x1b, 0x1b, { pops: 3, pushes: 1 }],
  [0x28, 0x35, LOAD],
  [0x36, 0x3e, STORE],
  [0x41, 0x41, { immediate: 'leb32', pushes: 1 }],
  [0x42, 0x42, { immediate: 'leb64', pushes: 1 }],
  [0x43, 0x43, { immediate: 'bytes4', pushes: 1 }],
  [0x44, 0x44, { immediate: 'bytes8', pushes: 1 }],
  [0x45, 0x45, UNARY],
  [0x46, 0x4f, BINARY],
  [0x50, 0x50, UNARY],
  [0x51, 0x66, BINARY],
  [0x67, 0x69, UNARY],
  [0x6a, 0x6c, BINARY],
  [0x6d, 0x70, { ...BINARY, cost: SLOW_COST }],
  [0x71, 0x78, BINARY],
  [0x79, 0x7b, UNARY],
  [0x7c, 0x7e, BINARY],
  [0x7f, 0x82, { ...BINARY, cost: SLOW_COST }],
  [0x83, 0x8a, BINARY],
  // abs, neg: they only touch the sign.
  [0x8b, 0x8c, UNARY],
  [0x8d, 0x90, { ...UNARY, nan: 'f32' }],
  [0x91, 0x91, { ...UNARY, nan: 'f32', cost: SLOW_COST }],
  [0x92, 0x94, { ...BINARY, nan: 'f32' }],
  [0x95, 0x95, { ...BINARY, nan: 'f32', cost: SLOW_COST }],
  [0x96, 0x97, { ...BINARY, nan: 'f32' }],
  [0x98, 0x98, BINARY],
  [0x99, 0x9a, UNARY],
  [0x9b, 0x9e, { ...UNARY, nan: 'f64' }],
  [0x9f, 0x9f, { ...UNARY, nan: 'f64', cost: SLOW_COST }],
  [0xa0, 0xa2, { ...BINARY, nan: 'f64' }],
  [0xa3, 0xa3, { ...BINARY, nan: 'f64', cost: SLOW_COST }],
  [0xa4, 0xa5, { ...BINARY, nan: 'f64' }],
  [0xa6, 0xa6, BINARY],
  [0xa7, 0xb5, UNARY],
  // A float made narrower or wider.
  [0xb6, 0xb6, { ...UNARY, nan: 'f32' }],
  [0xb7, 0xba, UNARY],
  [0xbb, 0xbb, { ...UNARY, nan: 'f64' }],
  [0xbc, 0xc4, UNARY],
]

const PLAIN: Instruction = { immediate: 'none', pops: 0, pushes: 0, cost: 1, nan: undefined }

const TABLE: ReadonlyMap<number, Instruction> = new Map(
  RANGES.flatMap(([first, last, effect]) =>
    Array.from({ length: last - first + 1 }, (_, i) => [first + i, { ...PLAIN, ...effect }] as const),
  ),
)

/** Undefined for control, variables and what is refused. */
export function instructionOf(opcode: number): Instruction | undefined {
  return TABLE.get(opcode)
}

export const OP = {
  unreachable: 0x00,
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  end: 0x0b,
  br: 0x0c,
  brIf: 0x0d,
  brTable: 0x0e,
  return: 0x0f,
  call: 0x10,
  callIndirect: 0x11,
  select: 0x1b,
  selectTyped: 0x1c,
  localGet: 0x20,
  localSet: 0x21,
  localTee: 0x22,
  globalGet: 0x23,
  globalSet: 0x24,
  memorySize: 0x3f,
  memoryGrow: 0x40,
  i32Const: 0x41,
  i64Const: 0x42,
  f32Const: 0x43,
  f64Const: 0x44,
  i32GtU: 0x4b,
  i64LtS: 0x53,
  f32Eq: 0x5b,
  f64Eq: 0x61,
  i32Add: 0x6a,
  i32Sub: 0x6b,
  i64Add: 0x7c,
  i64Sub: 0x7d,
  i64Or: 0x84,
  i64Shl: 0x86,
  i64ShrU: 0x88,
  i64ExtendI32U: 0xad,
  prefixed: 0xfc,
} as const

/** After the prefix: eight saturating truncations, then bulk memory. */
export const BULK = { lastTruncation: 7, memoryInit: 8, dataDrop: 9, memoryCopy: 10, memoryFill: 11 } as const

export const TYPE = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, funcref: 0x70, function: 0x60 } as const
export const NO_RESULT = 0x40

export function isValueType(type: number): boolean {
  return type >= TYPE.f64 && type <= TYPE.i32
}
