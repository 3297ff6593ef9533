// The rewriter, in this process: what it allows stays what it was, but stops where its fuel ends.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { instrument, WorkError } from '../src/index.ts'
import { IMPORTS, runs, wat } from './support/wat.ts'

const ENOUGH = 1_000_000_000n

interface Outcome {
  readonly memory: Buffer
  readonly left: bigint
  readonly pages: number
  readonly trapped: boolean
}

function started(module: Uint8Array, fuel = ENOUGH): Outcome {
  const compiled = new WebAssembly.Module(instrument(module, 16) as Uint8Array<ArrayBuffer>)
  const { exports } = new WebAssembly.Instance(compiled, { piecework: { input: () => 0, output: () => {} } })
  const {
    run,
    fuel: meter,
    memory,
    pages,
  } = exports as {
    run: () => void
    fuel: WebAssembly.Global
    memory: WebAssembly.Memory
    pages: WebAssembly.Global
  }
  meter.value = fuel
  let trapped = false
  try {
    run()
  } catch {
    trapped = true
  }
  return { memory: Buffer.from(memory.buffer, 0, 256), left: meter.value, pages: pages.value, trapped }
}

/** The first 32-bit number in memory after the run. */
function answerOf(code: string, before = ''): number {
  const { memory, trapped } = started(runs(`(i32.store (i32.const 0) ${code})`, before))
  expect(trapped).toBe(false)
  return memory.readInt32LE(0)
}

const LOOP = `(local $i i32)
  (loop $again
    (i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (local.get $i)))
    (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 100))))`

describe('what a module computes', () => {
  it.each([
    ['arithmetic', '(i32.mul (i32.const 6) (i32.const 7))', '', 42],
    ['recursion', '(call $f (i32.const 10))', recursion(), 55],
    [
      'a call through the table',
      '(call_indirect (param i32) (result i32) (i32.const 10) (i32.const 0))',
      `(table 1 funcref) (elem (i32.const 0) $f) ${recursion()}`,
      55,
    ],
    [
      'a switch',
      '(call $s (i32.const 2))',
      `(func $s (param i32) (result i32) (block (block (block (br_table 0 1 2 (local.get 0))) (return (i32.const 5))) (return (i32.const 6))) (i32.const 7))`,
      7,
    ],
    ['data', '(i32.load8_u (i32.const 9))', '(data (i32.const 8) "\\01\\02")', 2],
    [
      'passive data',
      '(block (result i32) (memory.init 0 (i32.const 16) (i32.const 1) (i32.const 2)) (i32.load8_u (i32.const 17)))',
      '(data "\\01\\02\\03")',
      3,
    ],
    [
      'bulk memory',
      '(block (result i32) (memory.fill (i32.const 8) (i32.const 7) (i32.const 4)) (memory.copy (i32.const 32) (i32.const 8) (i32.const 4)) (i32.load8_u (i32.const 35)))',
      '',
      7,
    ],
    ['saturation', '(i32.trunc_sat_f64_s (f64.const 1e99))', '', 2 ** 31 - 1],
    [
      'its own globals',
      '(block (result i32) (global.set $g (i32.const 3)) (global.get $g))',
      '(global $g (mut i32) (i32.const 1))',
      3,
    ],
    ['a typed select', '(select (result i32) (i32.const 1) (i32.const 2) (i32.const 0))', '', 2],
    [
      'several results',
      '(i32.sub (call $two))',
      '(func $two (result i32 i32) (i32.const 9) (i32.const 4))',
      5,
    ],
  ] as const)('stays what it was: %s', (...[, code, before, expected]) => {
    expect(answerOf(code, before)).toBe(expected)
  })

  it('sees its memory grow up to its maximum, by counting', () => {
    expect(answerOf('(memory.grow (i32.const 3))')).toBe(1)
    expect(answerOf('(block (result i32) (drop (memory.grow (i32.const 3))) (memory.size))')).toBe(4)
    expect(answerOf('(memory.grow (i32.const 16))')).toBe(-1)
    expect(answerOf('(memory.grow (i32.const -1))')).toBe(-1)
  })

  it('has one NaN', () => {
    const nan = (code: string) => answerOf(`(i32.reinterpret_f32 ${code})`)
    expect(nan('(f32.add (f32.const nan:0x200001) (f32.const 1))')).toBe(0x7fc00000)
    expect(nan('(f32.div (f32.const 0) (f32.const 0))')).toBe(0x7fc00000)
    expect(nan('(f32.sqrt (f32.const -1))')).toBe(0x7fc00000)
    expect(nan('(f32.demote_f64 (f64.const -nan:0x8000000000001))')).toBe(0x7fc00000)
    expect(nan('(f32.div (f32.const 1) (f32.const 4))')).toBe(0x3e800000)
  })
})

function recursion(): string {
  return `(func $f (param i32) (result i32) (if (result i32) (i32.lt_u (local.get 0) (i32.const 2))
    (then (local.get 0))
    (else (i32.add (call $f (i32.sub (local.get 0) (i32.const 1))) (call $f (i32.sub (local.get 0) (i32.const 2)))))))`
}

describe('fuel', () => {
  it('ends any run, at the same point every time', () => {
    const module = runs(LOOP)
    const used = ENOUGH - started(module).left
    expect(used).toBeGreaterThan(100n)
    const points = [0n, 1n, used / 3n, used / 2n, used - 1n]
    const stops = points.map((fuel) => started(module, fuel))
    expect(stops.every(({ trapped, left }) => trapped && left < 0n)).toBe(true)
    expect(points.map((fuel) => started(module, fuel))).toEqual(stops)
    const sums = stops.map(({ memory }) => memory.readInt32LE(0))
    expect(sums).toEqual(sums.toSorted((a, b) => a - b))
    expect(new Set(sums).size).toBeGreaterThan(3)
  })

  it('is what a run costs, whatever it was given', () => {
    const module = runs(LOOP)
    const used = ENOUGH - started(module).left
    expect(started(module, used)).toMatchObject({ left: 0n, trapped: false })
  })

  it('pays for bulk memory and for pages by their length', () => {
    const cost = (code: string) => Number(ENOUGH - started(runs(code)).left)
    const fill = (length: number) => cost(`(memory.fill (i32.const 0) (i32.const 1) (i32.const ${length}))`)
    expect(fill(65_536) - fill(0)).toBe(8_192)
    const grow = (pages: number) => cost(`(drop (memory.grow (i32.const ${pages})))`)
    expect(grow(10) - grow(0)).toBe(81_920)
  })

  it('ends loops that do nothing', () => {
    expect(started(runs('(loop (br 0))'), 1_000n)).toMatchObject({ trapped: true, left: -1n })
  })

  it('counts one branch of a long if, not both', () => {
    const branch = (constant: number) => {
      const long = '(i32.store (i32.const 0) (i32.const 1))'.repeat(10)
      const { left } = started(
        runs(`(if (i32.const ${constant}) (then ${long}) (else ${long}${long}${long}))`),
      )
      return Number(ENOUGH - left)
    }
    expect(branch(0) - branch(1)).toBe(60)
  })
})

describe('refused', () => {
  it.each([
    ['no run', `(module (func (export "go")))`, `no function 'run'`],
    ['run with parameters', `(module (func (export "run") (param i32)))`, 'take and return nothing'],
    ['imports of others', `(module (import "env" "f" (func)) (func (export "run")))`, `'env.f'`],
    [
      'an imported memory',
      `(module (import "piecework" "input" (memory 1)) (func (export "run")))`,
      'nothing but the functions',
    ],
    [
      'another signature',
      `(module (import "piecework" "output" (func (param i64 i32))) (func (export "run")))`,
      'other parameters',
    ],
    ['too much memory', `(module (memory 17) (func (export "run")))`, '17 pages'],
    ['shared memory', `(module (memory 1 2 shared) (func (export "run")))`, 'shares its memory'],
    ['vectors', `(module (func (export "run") (local v128)))`, 'no plain numbers'],
    [
      'vector instructions',
      `(module (func (export "run") (drop (v128.const i32x4 0 0 0 0))))`,
      'not allowed',
    ],
    [
      'atomics',
      `(module (memory 1) (func (export "run") (drop (i32.atomic.load (i32.const 0)))))`,
      'not allowed',
    ],
    ['exceptions', `(module (tag $t) (func (export "run") (throw $t)))`, 'unknown sort 13'],
    [
      'references',
      `(module (table 1 funcref) (func (export "run") (drop (table.get (i32.const 0)))))`,
      'not allowed',
    ],
    [
      'a table that grows',
      `(module (table 1 funcref) (func (export "run") (drop (table.size 0))))`,
      'not allowed',
    ],
    ['a large table', `(module (table 70000 funcref) (func (export "run")))`, '65536 entries'],
    ['many locals', `(module (func (export "run") ${'(local i64)'.repeat(1_001)}))`, '1000 locals'],
    [
      'many operands',
      `(module (func (export "run") ${'(i32.const 1)'.repeat(1_001)} ${'(drop)'.repeat(1_001)}))`,
      '1000 operands',
    ],
  ])('%s', (_, text, why) => {
    expect(() => instrument(wat(text), 16)).toThrow(why)
  })

  it('deep blocks', () => {
    const deep = 4_100
    const body = [0, ...Array(deep).fill([0x02, 0x40]).flat(), ...Array(deep + 1).fill(0x0b)]
    const sections = [
      [1, 4, 1, 0x60, 0, 0],
      [3, 2, 1, 0],
      [7, 7, 1, 3, ...Buffer.from('run'), 0, 0],
      [10, ...leb(body.length + 1 + leb(body.length).length), 1, ...leb(body.length), ...body],
    ]
    const module = Uint8Array.from([...Buffer.from('\0asm'), 1, 0, 0, 0, ...sections.flat()])
    expect(WebAssembly.validate(module)).toBe(true)
    expect(() => instrument(module)).toThrow('4096 blocks')
  })

  it('the meters, which stand behind its own globals', () => {
    // One global more than it has: the fuel. wabt would refuse to write this.
    const module = Buffer.from(
      wat(`(module (global $g (mut i64) (i64.const 0)) (func (export "run") (global.set $g (i64.const 9))))`),
    )
    const at = module.lastIndexOf(Buffer.from([0x24, 0x00]))
    module[at + 1] = 1
    expect(() => instrument(module)).toThrow('it has no global 1')
  })
})

describe('bytes that are no module, or nearly one', () => {
  const whole =
    wat(`(module ${IMPORTS} (memory 1 4) (table 2 funcref) (elem (i32.const 0) $f) (global (mut i32) (i32.const 1))
    (data (i32.const 8) "abc") ${recursion()} (func (export "run") ${LOOP} (drop (memory.grow (i32.const 1)))))`)

  function triedOn(bytes: Uint8Array): Uint8Array | undefined {
    try {
      return instrument(bytes, 16)
    } catch (error) {
      expect(error).toBeInstanceOf(WorkError)
      return undefined
    }
  }

  it('give a typed error when they are cut short', () => {
    for (let length = 0; length < whole.length; length++) {
      const result = triedOn(whole.subarray(0, length))
      // Cut between two sections it may look whole, and even be it.
      if (result === undefined) continue
      const valid = WebAssembly.validate(result as Uint8Array<ArrayBuffer>)
      expect(valid).toBe(WebAssembly.validate(whole.slice(0, length)))
    }
  })

  it('never become valid by being rewritten, nor lose their meters', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 3 }),
        (changes) => {
          const bytes = new Uint8Array(whole)
          for (const [at, value] of changes) bytes[at] = value
          const result = triedOn(bytes)
          if (result === undefined || !WebAssembly.validate(result as Uint8Array<ArrayBuffer>)) return
          expect(WebAssembly.validate(bytes) || WebAssembly.validate(withoutExports(bytes))).toBe(true)
          const names = WebAssembly.Module.exports(new WebAssembly.Module(result as Uint8Array<ArrayBuffer>))
          expect(names.map(({ name }) => name).slice(0, 4)).toEqual(['run', 'fuel', 'stack', 'pages'])
        },
      ),
      { numRuns: 3_000 },
    )
  })
})

function leb(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...leb(value >> 7)]
}

/** Exports but `run` are dropped, so what is wrong with them does no harm. */
function withoutExports(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const parts = [bytes.subarray(0, 8)]
  for (let at = 8; at < bytes.length; ) {
    // Sections of the module above are shorter than 128 bytes, but for code.
    const [low = 0, high = 0] = bytes.subarray(at + 1)
    const [size, header] = low < 128 ? [low, 2] : [(low & 127) + high * 128, 3]
    if (bytes[at] !== 7) parts.push(bytes.subarray(at, at + header + size))
    at += header + size
  }
  return new Uint8Array(Buffer.concat(parts))
}
