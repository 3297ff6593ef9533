// What of the project is there, as README and its tests say it.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { partsIn } from '../tools/parts.ts'

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
