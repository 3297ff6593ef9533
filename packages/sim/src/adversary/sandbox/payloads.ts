// Modules that somebody might hand to the sandbox to get out of it, to stop it, or to be answered differently twice.
import { wat } from '../../wasm/wat.ts'

export interface Payload {
  readonly name: string
  readonly module: Uint8Array
  /** In hex, where it must put out just this. */
  readonly output?: string
}

const IMPORTS = `
  (import "piecework" "input" (func $input (param i32 i32 i32) (result i32)))
  (import "piecework" "output" (func $output (param i32 i32)))`
const HERE = '(i32.const 0)'

const runs = (code: string, before = '', memory = '1'): string =>
  `(module ${IMPORTS} (memory ${memory}) ${before} (func (export "run") ${code}))`

type Texts = readonly (readonly [name: string, text: string])[]

const forEach = <T>(values: readonly T[], make: (value: T) => readonly [string, string]): Texts =>
  values.map(make)

/** They go on for ever, in code, in the host, or in what comes before run. */
const endless: Texts = [
  ['an empty loop', runs('(loop (br 0))')],
  ['a conditional loop', runs('(loop (br_if 0 (i32.const 1)))')],
  ['a loop by table', runs('(loop (br_table 0 0 0 (i32.const 9)))')],
  ['loops in loops', runs('(loop (loop (loop (br 2))))')],
  ['a loop that leaves a block', runs('(loop (block (br 1)))')],
  [
    'a loop that stores',
    runs(`(loop (i32.store ${HERE} (i32.add (i32.load ${HERE}) (i32.const 1))) (br 0))`),
  ],
  ['a loop with results', runs('(drop (loop (result i32) (br 0)))')],
  ['a loop in a branch', runs('(if (i32.const 1) (then (loop (br 0))))')],
  ['two that call each other', runs('(call $a)', '(func $a (loop (call $b) (br 0))) (func $b)')],
  ['a start function', `(module (func $s (loop (br 0))) (start $s) (func (export "run")))`],
  ['a start function that runs run', `(module (func $s (export "run") (loop (br 0))) (start $s))`],
  ['no output, for ever', runs(`(loop (call $output ${HERE} (i32.const 0)) (br 0))`)],
  ['input, for ever', runs(`(loop (drop (call $input ${HERE} (i32.const 0) (i32.const 65536))) (br 0))`)],
  ...forEach([1, 64, 65_536], (length) => [
    `filling ${length} bytes, for ever`,
    runs(`(loop (memory.fill ${HERE} (i32.const 1) (i32.const ${length})) (br 0))`),
  ]),
  ...forEach([1, 64, 32_768], (length) => [
    `copying ${length} bytes, for ever`,
    runs(`(loop (memory.copy (i32.const 32768) ${HERE} (i32.const ${length})) (br 0))`),
  ]),
  ...forEach([0, 8], (length) => [
    `initialising ${length} bytes, for ever`,
    runs(`(loop (memory.init 0 ${HERE} ${HERE} (i32.const ${length})) (br 0))`, '(data "01234567")'),
  ]),
  ...forEach(['(i32.const 0)', '(i32.const 1)', '(i32.const -1)'], (pages) => [
    `growing by ${pages}, for ever`,
    runs(`(loop (drop (memory.grow ${pages})) (br 0))`),
  ]),
  ...forEach(['i32.div_s', 'i32.rem_u'], (op) => [
    `${op}, for ever`,
    runs(`(loop (drop (${op} (i32.const 7) (i32.const 3))) (br 0))`),
  ]),
  ...forEach(['f64.sqrt', 'f64.nearest', 'f64.trunc'], (op) => [
    `${op}, for ever`,
    runs(`(loop (drop (${op} (f64.const -1.5))) (br 0))`),
  ]),
]

/** They call and call, with frames of every size. */
const deep: Texts = [
  ['plain recursion', runs('(call $r)', '(func $r (call $r))')],
  [
    'recursion through the table',
    runs(
      '(call_indirect (i32.const 0))',
      '(table 1 funcref) (elem (i32.const 0) $r) (func $r (call_indirect (i32.const 0)))',
    ),
  ],
  ['two that call each other', runs('(call $a)', '(func $a (call $b)) (func $b (call $a))')],
  ['recursion of run', `(module (func $r (export "run") (call $r)))`],
  ['recursion in start', `(module (func $s (call $s)) (start $s) (func (export "run")))`],
  ['recursion that forks', runs('(call $r)', '(func $r (call $r) (call $r))')],
  ...forEach([10, 100, 900], (locals) => [
    `recursion with ${locals} locals`,
    runs(
      '(call $r (i64.const 1))',
      `(func $r (param i64) ${'(local f64)'.repeat(locals)} (call $r (local.get 0)))`,
    ),
  ]),
  ...forEach([10, 100, 900], (operands) => [
    `recursion under ${operands} operands`,
    runs(
      '(drop (call $r))',
      `(func $r (result i32) ${'(call $r)'.repeat(operands)} ${'(i32.add)'.repeat(operands - 1)})`,
    ),
  ]),
  ...forEach([50, 900], (params) => [
    `recursion with ${params} parameters`,
    runs(
      `(call $r ${'(i32.const 1)'.repeat(params)})`,
      `(func $r (param ${'i32 '.repeat(params)}) (call $r ${Array.from({ length: params }, (_, i) => `(local.get ${i})`).join(' ')}))`,
    ),
  ]),
]

/** They reach for memory, tables and outputs beyond what there is. */
const beyond: Texts = [
  ...forEach(['1', '-1', '65535', '2147483647', '-2147483648'], (at) => [
    `output of much, at ${at}`,
    runs(`(call $output (i32.const ${at}) (i32.const -1))`),
  ]),
  ...forEach(['65536', '-1', '-4'], (at) => [
    `input to ${at}`,
    runs(`(drop (call $input (i32.const ${at}) ${HERE} (i32.const 64)))`, '', '1 1'),
  ]),
  ...forEach(['-1', '-2147483648', '99'], (from) => [
    `input from ${from}`,
    runs(`(drop (call $input ${HERE} (i32.const ${from}) (i32.const -1)))`),
  ]),
  ...forEach(['i32.load', 'i64.load', 'f64.load', 'i32.load8_u'], (op) => [
    `${op} at the end`,
    runs(`(drop (${op} offset=4294967295 (i32.const -1)))`),
  ]),
  ...forEach(
    ['i32.store (i32.const -2) (i32.const 1)', 'i64.store offset=4294967288 (i32.const 0) (i64.const 1)'],
    (op) => [op, runs(`(${op})`)],
  ),
  ...forEach(
    [
      '(memory.fill (i32.const -8) (i32.const 1) (i32.const 16))',
      '(memory.copy (i32.const 0) (i32.const -1) (i32.const -1))',
      '(memory.fill (i32.const 0) (i32.const 1) (i32.const -1))',
    ],
    (op) => [op, runs(op)],
  ),
  ['growing by all there is', runs('(drop (memory.grow (i32.const 65535)))')],
  [
    'growing to the maximum and filling it',
    runs(`(drop (memory.grow (i32.const 15))) (memory.fill ${HERE} (i32.const 7) (i32.const 1048576))`),
  ],
  ['data beyond memory', `(module (memory 1 1) (data (i32.const 65535) "xx") (func (export "run")))`],
  ['data before memory', `(module (memory 1) (data (i32.const -1) "x") (func (export "run")))`],
  ['elements beyond the table', `(module (table 1 funcref) (func (export "run")) (elem (i32.const 1) 0))`],
  ['a call beyond the table', runs('(call_indirect (i32.const 5))', '(table 1 funcref)')],
  ['a call of nothing', runs('(call_indirect (i32.const 0))', '(table 1 funcref)')],
  [
    'a call of another type',
    runs(
      '(call_indirect (param i32) (i32.const 1) (i32.const 0))',
      '(table 1 funcref) (elem (i32.const 0) $f) (func $f)',
    ),
  ],
  [
    'a host function through the table',
    runs(
      '(call_indirect (param i32 i32) (i32.const -1) (i32.const -1) (i32.const 0))',
      '(table 1 funcref) (elem (i32.const 0) $output)',
    ),
  ],
  [
    'data that was dropped',
    runs(`(data.drop 0) (memory.init 0 ${HERE} ${HERE} (i32.const 1))`, '(data "x")'),
  ],
]

/** They end by themselves, wrongly. */
const wrong: Texts = [
  ['unreachable', runs('(unreachable)')],
  ...forEach(
    [
      '(i32.div_u (i32.const 1) (i32.const 0))',
      '(i32.div_s (i32.const -2147483648) (i32.const -1))',
      '(i32.trunc_f32_s (f32.const nan))',
      '(i32.trunc_f64_u (f64.const 1e300))',
    ],
    (code) => [code, runs(`(drop ${code})`)],
  ),
  ['a start function that fails', `(module (func $s (unreachable)) (start $s) (func (export "run")))`],
]

const ONE_NAN = '0000c07f'

/** They look for bits that differ between processors. Their output would tell. */
const floats: Texts = forEach(
  [
    'f32.add (f32.const nan:0x200001) (f32.const 1)',
    'f32.sub (f32.const inf) (f32.const inf)',
    'f32.mul (f32.const 0) (f32.const inf)',
    'f32.div (f32.const -0) (f32.const 0)',
    'f32.min (f32.const -nan) (f32.const 1)',
    'f32.max (f32.const 1) (f32.const nan:0x1)',
    'f32.sqrt (f32.const -1)',
    'f32.ceil (f32.const nan:0x200000)',
    'f32.demote_f64 (f64.const nan:0x4000000000001)',
  ],
  (code) => [code, runs(`(f32.store ${HERE} (${code})) (call $output ${HERE} (i32.const 4))`)],
)

/** They ask for what there is not. */
const asking: Texts = [
  ...forEach(
    ['env', 'node:fs', 'process', 'wasi_snapshot_preview1', 'piecework', 'wasm:js-string', ''],
    (from) => [
      `a function of '${from}'`,
      `(module (import "${from}" "readFileSync" (func)) (func (export "run")))`,
    ],
  ),
  ...forEach(['(memory 1)', '(table 1 funcref)', '(global i32)', '(global (mut i64))'], (what) => [
    `input as ${what}`,
    `(module (import "piecework" "input" ${what}) (func (export "run")))`,
  ]),
  [
    'another input',
    `(module (import "piecework" "input" (func (param f64) (result i64))) (func (export "run")))`,
  ],
  ...forEach(
    ['(memory 17)', '(memory 65536)', '(memory 1 2 shared)', '(memory i64 1)', '(memory 1) (memory 1)'],
    (memory) => [memory, `(module ${memory} (func (export "run")))`],
  ),
  ...forEach(
    ['(table 10000000 funcref)', '(table 1 externref)', '(table 1 funcref) (table 1 funcref)'],
    (table) => [table, `(module ${table} (func (export "run")))`],
  ),
  ...forEach(
    [
      '(drop (v128.const i64x2 0 0))',
      '(atomic.fence)',
      '(drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))',
      '(return_call 0)',
      '(drop (ref.null func))',
      '(drop (table.grow 0 (ref.null func) (i32.const 1000000)))',
      '(table.fill 0 (i32.const 0) (ref.null func) (i32.const 9))',
      '(throw 0)',
    ],
    (code) => [code, `(module (memory 1 2) (table 1 funcref) (tag) (func (export "run") ${code}))`],
  ),
  ['no run', `(module (memory 1))`],
  ['run that is a memory', `(module (memory (export "run") 1))`],
  ['run with parameters', `(module (func (export "run") (param i32)))`],
  [
    'exports by the names of the meters',
    `(module (global (export "fuel") (mut i64) (i64.const 99)) (global (export "stack") (mut i64) (i64.const 99)) (memory (export "memory") 1) (func (export "start")) (func (export "run") (loop (br 0))))`,
  ],
  ['1,001 locals', `(module (func (export "run") ${'(local i64)'.repeat(1_001)}))`],
]

const large: Texts = [
  ['a table of 60,000 branches', runs(`(block (br_table ${'0 '.repeat(60_000)} (i32.const 3)))`)],
  ['20,000 tables of branches', runs(`(block ${'(block (br_table 0 1 (i32.const 1)))'.repeat(20_000)})`)],
  ['a megabyte of data', runs('(nop)', `(data (i32.const 0) "${'x'.repeat(1_000_000)}")`, '16')],
  ['20,000 functions', runs('(nop)', '(func (local i32 i64 f32 f64))'.repeat(20_000))],
  ['100,000 instructions in a row', runs('(drop (f64.sqrt (f64.const 2)))'.repeat(33_000))],
  ['5,000 globals', runs('(nop)', '(global (mut i64) (i64.const 1))'.repeat(5_000))],
]

/** Cut short, with single bytes changed, with lengths that lie. */
function malformed(): Payload[] {
  const whole = wat(
    runs(
      '(loop (br 0))',
      '(table 1 funcref) (elem (i32.const 0) $f) (func $f (call $f)) (global (mut i64) (i64.const 1)) (data (i32.const 0) "x")',
    ),
  )
  const cut = [0, 4, 8, 9, 20, 40, 60, whole.length - 1].map((length) => ({
    name: `cut after ${length} bytes`,
    module: whole.slice(0, length),
  }))
  const changed = Array.from({ length: 24 }, (_, i) => {
    const at = 8 + ((i * 7919) % (whole.length - 8))
    return { name: `byte ${at} is ff`, module: whole.with(at, 0xff) }
  })
  const long = { name: 'three megabytes of nothing', module: new Uint8Array(3_000_000) }
  return [...cut, ...changed, long, { name: 'text', module: new TextEncoder().encode('(module)') }]
}

export function payloads(): readonly Payload[] {
  const texts = [...endless, ...deep, ...beyond, ...wrong, ...asking, ...large]
  const made = texts.map(([name, text]) => ({ name, module: wat(text) }))
  const nans = floats.map(([name, text]) => ({ name, module: wat(text), output: ONE_NAN }))
  return [...made, ...nans, ...malformed()]
}
