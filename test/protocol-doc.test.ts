// docs/protocol.md says what the code says: its generated blocks, and the one table of tags.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { TAG_NAMES } from '../packages/protocol/src/tags.ts'
import { withBlocks, withoutBlocks } from '../tools/protocol-doc/page.ts'
import { root } from './support/sources.ts'

const page = readFileSync(join(root, 'docs', 'protocol.md'), 'utf8')
const folder = mkdtempSync(join(tmpdir(), 'piecework-protocol-doc-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** What `npm run docs:protocol` makes of a page. */
function written(text: string): string {
  const copy = join(folder, 'protocol.md')
  writeFileSync(copy, text)
  const { status, stderr } = spawnSync(process.execPath, ['tools/protocol-doc.ts', copy], {
    cwd: root,
    encoding: 'utf8',
  })
  expect(stderr).toBe('')
  expect(status).toBe(0)
  return readFileSync(copy, 'utf8')
}

describe('docs/protocol.md', () => {
  it('is what `npm run docs:protocol` writes', () => {
    const bare = withoutBlocks(page)
    expect(bare.length).toBeLessThan(page.length / 2)
    // Compared by lines, so that a report shows the ones that are out of date.
    expect(page.split('\n')).toEqual(written(bare).split('\n'))
  })

  it('has one table of tags: those of the code, zero padded to 16 bytes', () => {
    const rows = [...page.matchAll(/^\| `(pw\/[a-z-]+)` +\| `([0-9a-f]+)` /gm)]
    const listed = Object.fromEntries(rows.map(([, name = '', bytes = '']) => [name, bytes]))
    const padded = (name: string): string => Buffer.from(name.padEnd(16, '\0'), 'latin1').toString('hex')
    expect(listed).toEqual(Object.fromEntries(TAG_NAMES.map((name) => [name, padded(name)])))
    expect(rows.length).toBe(TAG_NAMES.length)
  })

  it('names no tag that is none', () => {
    const named = new Set([...page.matchAll(/pw\/[a-z-]+/g)].map(([name]) => name))
    expect([...named].sort()).toEqual([...TAG_NAMES].sort())
  })
})

describe('the blocks of a page', () => {
  const text = 'a\n<!-- generated: one -->\nold\n<!-- end: one -->\nb\n'

  it('are replaced between their markers, and nowhere else', () => {
    const filled = withBlocks(text, new Map([['one', 'new']]))
    expect(filled).toBe('a\n<!-- generated: one -->\n\nnew\n\n<!-- end: one -->\nb\n')
    expect(withBlocks(filled, new Map([['one', 'new']]))).toBe(filled)
  })

  it('have one place each, and every place its block', () => {
    expect(() => withBlocks(text, new Map())).toThrow("nothing generates the block 'one'")
    expect(() => withBlocks(text + text, new Map([['one', '']]))).toThrow("the block 'one' twice")
    expect(() => withBlocks('a', new Map([['one', '']]))).toThrow('no place for one')
  })
})
