import { describe, expect, it } from 'vitest'
import { atLeast, atMost, type Measured } from '../src/bench/types.ts'
import { type Command, EXIT_MISSED, EXIT_USAGE, runCommand } from '../src/run/command.ts'
import type { Entry } from '../src/run/discover.ts'
import { toLine } from '../src/run/result.ts'

const machine = { node: 'v24', system: 'linux', processor: 'test', cores: 2, memoryGB: 4 }
const good: Measured = { figures: { seconds: 1.25 }, bars: [atMost('seconds', 1.25, 3)] }
const bad: Measured = { figures: { times: 2 }, bars: [atLeast('times', 2, 5), atLeast('more', 9, 5)] }

function entry(key: string, measured: Measured): Entry {
  return { key, load: async () => ({ name: key, about: `measures ${key}`, run: async () => measured }) }
}

function played(argv: readonly string[], runApart?: Command['runApart']) {
  const out: string[] = []
  const err: string[] = []
  const command: Command = {
    noun: 'bench',
    argument: 'NAME',
    entries: [entry('good', good), entry('bad', bad)],
    machine,
    print: (text) => out.push(text),
    tell: (text) => err.push(text),
    runApart: runApart ?? (async (key) => toLine({ name: key, ...(key === 'good' ? good : bad), machine })),
  }
  return runCommand(command, argv).then((code) => ({ code, out, err: err.join('\n') }))
}

describe('bench and adversary', () => {
  it('prints exactly one line of JSON', async () => {
    const { code, out } = await played(['good', '--json'])
    expect(code).toBe(0)
    expect(out).toHaveLength(1)
    expect(JSON.parse(out[0] ?? '')).toEqual({
      name: 'good',
      figures: { seconds: 1.25 },
      bars: [{ name: 'seconds', value: 1.25, bar: '<= 3', ok: true }],
      machine,
    })
  })

  it('ends with 1 when one bar of several is missed, and says which', async () => {
    expect((await played(['bad', '--json'])).code).toBe(EXIT_MISSED)
    const { code, out } = await played(['bad'])
    expect(code).toBe(EXIT_MISSED)
    expect(out[0]).toMatch(/^bad +times +2 +>= 5 +MISSED$/m)
    expect(out[0]).toMatch(/^bad +more +9 +>= 5 +met$/m)
  })

  it('ends with 2 for what makes no sense, and lists what there is', async () => {
    for (const argv of [[], ['--json'], ['other'], ['good', 'bad'], ['--everything']]) {
      const { code, out, err } = await played(argv)
      expect(code).toBe(EXIT_USAGE)
      expect(out).toEqual([])
      expect(err).toContain('there is: good, bad')
    }
  })

  it('prints a line each for --all --json, and one table for --all', async () => {
    const lines = await played(['--all', '--json'])
    expect(lines.code).toBe(EXIT_MISSED)
    expect(lines.out.map((line) => JSON.parse(line).name)).toEqual(['good', 'bad'])
    const table = await played(['--all'])
    expect(table.code).toBe(EXIT_MISSED)
    expect(table.out).toHaveLength(1)
    expect(table.out[0]?.split('\n')).toHaveLength(6)
  })

  it('goes on with the others when one gives no result', async () => {
    const { code, out, err } = await played(['--all', '--json'], async (key) => {
      if (key === 'good') throw new Error('out of memory')
      return toLine({ name: key, ...bad, machine })
    })
    expect(code).toBe(EXIT_MISSED)
    expect(out).toHaveLength(1)
    expect(err).toContain('bench good gave no result: out of memory')
  })
})
