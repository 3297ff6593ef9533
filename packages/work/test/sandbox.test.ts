// Modules in a process of their own: every ending, the same each time.
import { describe, expect, it } from 'vitest'
import { findPrefix, protectionsOf, WorkError } from '../src/index.ts'
import { runIn, testSandbox } from './support/sandbox.ts'
import { runs, wat } from './support/wat.ts'

const sandbox = testSandbox()

const text = (value: string) => new TextEncoder().encode(value)

/** Says its input backwards. */
const BACKWARDS = runs(
  `(local $n i32) (local $i i32)
  (local.set $n (call $input (i32.const 0) (i32.const 0) (i32.const 1024)))
  (loop $again
    (i32.store8
      (i32.sub (i32.add (i32.const 1023) (local.get $n)) (local.get $i))
      (i32.load8_u (local.get $i)))
    (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
  (call $output (i32.const 1024) (local.get $n))`,
)

describe('a run', () => {
  it('gives output, fuel, and a trace that its seed draws, the same each time', async () => {
    const seed = new Uint8Array(32).fill(5)
    const more = { input: text('piecework'), seed }
    const [first, second, otherwise] = await Promise.all([
      runIn(sandbox, BACKWARDS, more),
      runIn(sandbox, new Uint8Array(BACKWARDS), more),
      runIn(sandbox, BACKWARDS, { ...more, seed: new Uint8Array(32).fill(200) }),
    ])
    expect(new TextDecoder().decode(first.output)).toBe('kroweceip')
    expect(second).toEqual(first)
    expect(otherwise).toMatchObject({ output: first.output, fuelUsed: first.fuelUsed })
    expect(otherwise.memory).not.toEqual(first.memory)
    expect(first.memory).toHaveLength(32)
  })

  it.each([
    ['fuel', runs('(loop (br 0))'), 10_000_000n],
    ['fuel', runs('(loop (call $output (i32.const 0) (i32.const 0)) (br 0))'), 10_000_000n],
    ['depth', wat('(module (func $r (call $r)) (func (export "run") (call $r)))'), undefined],
    ['trap', runs('(unreachable)'), undefined],
    ['trap', runs('(drop (i32.div_u (i32.const 1) (i32.const 0)))'), undefined],
    ['trap', runs('(call $output (i32.const -1) (i32.const 2))'), undefined],
    ['output', runs('(call $output (i32.const 0) (i32.const 1025))'), undefined],
    ['trap', wat('(module (memory 1 1) (data (i32.const 65536) "x") (func (export "run")))'), 0n],
    ['fuel', wat('(module (func $s (loop (br 0))) (start $s) (func (export "run")))'), 10_000_000n],
  ] as const)('ends with %s', async (ending, module, fuelUsed) => {
    const ran = await runIn(sandbox, module)
    expect(ran).toMatchObject({ ending, output: new Uint8Array() })
    if (fuelUsed !== undefined) expect(ran.fuelUsed).toBe(fuelUsed)
  })

  it('is none when the wall clock ends it, or the module is none', async () => {
    const hasty = testSandbox({ wallMs: 200 })
    const endless = runIn(hasty, runs('(loop (br 0))'), { fuel: 10n ** 15n })
    await expect(endless).rejects.toMatchObject({ code: 'sandbox/no-result' })
    const untyped = runs('(nop)')
    untyped[untyped.lastIndexOf(0x01)] = 0x45
    await expect(runIn(sandbox, untyped)).rejects.toThrow(WorkError)
  })
})

describe('the process', () => {
  it('reaches nothing that Node can keep from it', async () => {
    const options = { node: process.execPath, wallMs: 30_000, prefix: [] }
    const there = await protectionsOf(options)
    expect(there.filter(({ inForce }) => !inForce).map(({ name }) => name)).toEqual(['there is no network'])
    const strongest = await protectionsOf({ ...options, prefix: await findPrefix(options) })
    expect(strongest.filter(({ inForce }) => inForce).length).toBeGreaterThanOrEqual(5)
  })

  it('is started without a prefix that does not work here', async () => {
    const options = { node: '/nonexistent', wallMs: 30_000 }
    expect(await findPrefix(options)).toEqual([])
  })
})
