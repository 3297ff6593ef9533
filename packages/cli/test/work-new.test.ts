// A new kind of work, as the command writes it, passes its own tests.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Kind, Kinds } from '@piecework/work'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EXIT } from '../src/errors.ts'
import { readJobFile } from '../src/job/job-file.ts'
import { type Played, piecework } from './support/io.ts'

let folder = ''
let made: Played
beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'piecework-kind-')))
  made = await piecework({ folder }, 'work', 'new', 'knit', '--json')
  // What npm install would put there.
  const modules = join(folder, 'knit', 'node_modules')
  mkdirSync(join(modules, '@piecework'), { recursive: true })
  const work = join(dirname(fileURLToPath(import.meta.resolve('@piecework/work'))), '..')
  symlinkSync(work, join(modules, '@piecework', 'work'))
  symlinkSync(join(work, 'node_modules', 'zod'), join(modules, 'zod'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const read = (file: string): string => readFileSync(join(folder, 'knit', file), 'utf8')

describe('work new', () => {
  it('writes a package under its name', () => {
    expect(made.code).toBe(EXIT.ok)
    expect(made.json()['files']).toEqual(expect.arrayContaining(['kind.ts', 'kind.test.ts', 'job.yaml']))
    expect(JSON.parse(read('package.json'))).toMatchObject({ name: 'piecework-knit', exports: './kind.ts' })
    expect(read('README.md')).toContain('# piecework-knit')
    expect(read('kind.ts')).not.toContain('example-kind')
  })

  it('writes tests that pass: node --test kind.test.ts', () => {
    const { NODE_OPTIONS: _, NODE_TEST_CONTEXT: __, ...env } = process.env
    const ran = spawnSync(process.execPath, ['--test', '--test-reporter=tap', 'kind.test.ts'], {
      cwd: join(folder, 'knit'),
      encoding: 'utf8',
      env,
    })
    expect(ran.stdout).toContain('# fail 0')
    expect(ran.stdout).toMatch(/# pass [1-9]\d/)
    expect(ran.status).toBe(0)
  })

  it('writes a kind that can be loaded, and a job of it', async () => {
    const { kind }: { kind: Kind } = await import(join(folder, 'knit', 'kind.ts'))
    expect([kind.name, kind.id >= 1_000 && kind.id < 65_536]).toEqual(['knit', true])
    const { spec, content } = await readJobFile(join(folder, 'knit'), { kinds: new Kinds([kind]) })
    expect([spec.title, content.size]).toEqual(['Put words in order', 1])
  })

  it('keeps what is there, and refuses names that are taken or no names', async () => {
    for (const [name, says] of [
      ['knit', 'is there already'],
      ['label', 'There is a kind label already'],
      ['../knit', "can't be the name of a kind"],
      ['Knit', "can't be the name of a kind"],
    ] as const) {
      const { code, err } = await piecework({ folder }, 'work', 'new', name)
      expect(code).not.toBe(EXIT.ok)
      expect(err.join('\n')).toContain(says)
    }
  })
})
