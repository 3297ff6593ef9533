import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { partsIn } from '../tools/parts.ts'
import { root } from './support/sources.ts'
import { packages } from './support/workspace.ts'

const start = (...argv: readonly string[]) =>
  spawnSync(process.execPath, [join(root, 'tools', 'start.ts'), ...argv], { encoding: 'utf8' })

describe('npm start', () => {
  it('names every package of the workspace, and ends with 0', () => {
    const { status, stdout } = start()
    expect(status).toBe(0)
    for (const { folder } of packages) expect(stdout).toMatch(new RegExp(`(there|begun) +${folder} `))
    expect(stdout).toContain('There is no network to start yet')
  })

  it('says the same in one line of JSON', () => {
    const { status, stdout } = start('--json')
    expect(status).toBe(0)
    expect(stdout.trim().split('\n')).toHaveLength(1)
    expect(JSON.parse(stdout)).toEqual({ network: false, parts: partsIn(root) })
  })

  it('refuses what it does not know', () => {
    expect(start('--epochs', '3').status).toBe(2)
  })
})

describe('what is there', () => {
  it('is read from disk: nothing, sources alone, then a README and a test', () => {
    const folder = mkdtempSync(join(tmpdir(), 'piecework-parts-'))
    const state = () => partsIn(folder).find((part) => part.folder === 'packages/store')?.state
    try {
      expect(state()).toBe('not yet')
      mkdirSync(join(folder, 'packages/store/src'), { recursive: true })
      writeFileSync(join(folder, 'packages/store/src/log.ts'), '')
      expect(state()).toBe('begun')
      mkdirSync(join(folder, 'packages/store/test'))
      writeFileSync(join(folder, 'packages/store/test/log.test.ts'), '')
      expect(state()).toBe('begun')
      writeFileSync(join(folder, 'packages/store/README.md'), '')
      expect(state()).toBe('there')
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
