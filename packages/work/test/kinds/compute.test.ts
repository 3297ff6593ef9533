// The kind compute: the contract of all kinds, and the example job.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { contractOf } from '@piecework/work/contract'
import asc from 'assemblyscript/asc'
import { describe, expect, it } from 'vitest'
import type { OpenJob, WorkContext } from '../../src/index.ts'
import { kind } from '../../src/kinds/compute/kind.ts'
import { readOutcome } from '../../src/kinds/compute/outcome.ts'
import { alignContent, contentOf, file, folder } from '../support/align.ts'
import { testSandbox } from '../support/sandbox.ts'
import { runs } from '../support/wat.ts'

const spec = JSON.parse(new TextDecoder().decode(file('job.json'))).work
const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

async function machine(): Promise<WorkContext> {
  return { sandbox: testSandbox(), content: alignContent }
}

const badSpecs = [
  { spec: { ...spec, module: 'align.wasm' }, says: 'module' },
  { spec: { ...spec, fuel: 1e12 }, says: 'fuel' },
  { spec: { ...spec, memoryPages: 1e6 }, says: 'memoryPages' },
  { spec: { ...spec, pieces: { each: 'word' } }, says: 'pieces' },
  { spec: { ...spec, wallet: 'x' }, says: 'wallet' },
  { spec: 'compute', says: 'object' },
]

describe('the contract of all kinds', () => {
  for (const { name, run } of contractOf({ kind, spec, badSpecs, tasks: [0, 19], machine })) it(name, run)
})

describe('the example job', () => {
  it('is built from its source to the same bytes', async () => {
    const built = new Map<string, Uint8Array>()
    const { error } = await asc.main(
      ['align.ts', '--outFile', 'align.wasm', '--runtime', 'stub', '-O3', '--noAssert'],
      {
        readFile: (name) => (name.startsWith('~') ? null : readSource(name)),
        writeFile: (name, contents) => void built.set(name, Buffer.from(contents)),
        listFiles: () => [],
      },
    )
    expect(error).toBeNull()
    expect(Buffer.from(built.get('align.wasm') ?? []).equals(file('align.wasm'))).toBe(true)
  })

  it('finds where a read belongs', async () => {
    const context = await machine()
    const reference = new TextDecoder().decode(file('reference.txt'))
    const [read = ''] = new TextDecoder().decode(file('reads.txt')).split('\n')
    const job = kind.open(spec)
    const output = await job.perform?.(0, context)
    expect(job.result(output ?? new Uint8Array())).toMatchObject({ ending: 'done', text: '+ 105 869 60\n' })
    // 60 letters that end at letter 869, but for three that were changed: 57 * 2 - 3 * 3.
    const there = reference.slice(869 - 60, 869)
    expect([...there].filter((letter, i) => letter !== read[i])).toHaveLength(3)
  })
})

function readSource(name: string): string | null {
  try {
    return readFileSync(join(folder, name), 'utf8')
  } catch {
    return null
  }
}

describe('a job', () => {
  async function job(code: string, more: object = {}): Promise<{ job: OpenJob; context: WorkContext }> {
    const module = runs(code)
    const opened = kind.open({ module: hash(module), pieces: { each: 'index' }, fuel: 1_000_000, ...more })
    return { job: opened, context: { sandbox: testSandbox(), content: contentOf([module]) } }
  }
  const ECHO = '(call $output (i32.const 0) (call $input (i32.const 0) (i32.const 0) (i32.const 64)))'

  it('gives every task its number, behind what they share', async () => {
    const { job: echo, context } = await job(ECHO)
    const output = await echo.perform?.(258, context)
    expect(readOutcome(output ?? new Uint8Array())?.output).toEqual(Uint8Array.of(0, 0, 0, 0, 2, 1, 0, 0))
  })

  it('can pay by fuel', async () => {
    const { job: echo, context } = await job(ECHO, { fuelPerUnit: 10 })
    const output = (await echo.perform?.(0, context)) ?? new Uint8Array()
    const { fuelUsed = 0n } = readOutcome(output) ?? {}
    expect(echo.units(output)).toBe(Math.ceil(Number(fuelUsed) / 10))
  })

  it('whose module runs out of fuel has that as its result, which can be checked', async () => {
    const { job: endless, context } = await job('(loop (br 0))')
    const output = (await endless.perform?.(0, context)) ?? new Uint8Array()
    expect(endless.result(output)).toEqual({ ending: 'fuel', fuelUsed: '1000000', text: '' })
    const verdict = await endless.check?.(0, { units: 1, output }, { ...context, seed: new Uint8Array(32) })
    expect(verdict?.passed).toBe(true)
  })

  it('whose module nobody can run has no right output', async () => {
    const module = runs('(nop)', '(table 70000 funcref)')
    const refused = kind.open({ module: hash(module), pieces: { each: 'index' }, fuel: 1_000 })
    const context = { sandbox: testSandbox(), content: contentOf([module]) }
    await expect(refused.perform?.(0, context)).rejects.toMatchObject({ code: 'module/refused' })
    const claimed = { units: 1, output: new Uint8Array(9) }
    const verdict = await refused.check?.(0, claimed, { ...context, seed: new Uint8Array(32) })
    expect(verdict).toMatchObject({ passed: false, trace: new Uint8Array(32) })
  })
})
