import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { discoverAdversaries, discoverBenches } from '../src/run/discover.ts'

const source = join(import.meta.dirname, '..', 'src')
let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'piecework-sim-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const measured = '{ figures: {}, bars: [] }'

describe('what there is to run', () => {
  it('knows a benchmark by its file, and loads it only when asked', async () => {
    writeFileSync(
      join(folder, 'one.ts'),
      `export const bench = { name: 'one', about: '', run: async () => (${measured}) }`,
    )
    writeFileSync(join(folder, 'two.ts'), `export const bench = { name: 'else', about: '' }`)
    writeFileSync(join(folder, 'types.ts'), 'throw new Error()')
    const [one, two, ...others] = discoverBenches(folder)
    expect([one?.key, two?.key, others]).toEqual(['one', 'two', []])
    expect((await one?.load())?.name).toBe('one')
    await expect(two?.load()).rejects.toThrow("must export a bench of the name 'two'")
  })

  it('finds every benchmark and adversary of this package well formed', async () => {
    for (const entry of discoverBenches(join(source, 'bench'))) {
      expect((await entry.load()).about).not.toBe('')
    }
    const adversaries = discoverAdversaries(join(source, 'adversary'))
    for (const entry of adversaries) expect((await entry.load()).about).not.toBe('')
    expect(new Set(adversaries.map((entry) => entry.key)).size).toBe(adversaries.length)
  })

  it.each(['bench.ts', 'adversary.ts'])('%s keeps standard output clean and ends with 2', (file) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(source, file), 'nothing', '--json'])
    expect(status).toBe(2)
    expect(stdout.toString()).toBe('')
    expect(stderr.toString()).toContain('usage: npm run -s')
  })
})
