// The files of test/vectors/ in both directions: the code writes exactly them, and they hold the code to every entry.
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { allVectorFiles, pathOf, VECTORS_FOLDER } from '../tools/vectors/lib/file.ts'
import { vectorText } from '../tools/vectors/lib/json.ts'

const files = await allVectorFiles()

/** The last field of an entry is a result: whatever stands there instead must be refused. */
function withAlteredResult(entry: object): object {
  const [name, value] = Object.entries(entry).at(-1) ?? ['', undefined]
  return { ...entry, [name]: altered(value) }
}

function altered(value: unknown): unknown {
  if (typeof value === 'boolean') return !value
  if (typeof value === 'number') return value + 1
  if (Array.isArray(value)) return value.length > 0 ? value.slice(0, -1) : ['one too many']
  const text = String(value)
  return text.slice(0, -1) + (text.endsWith('0') ? '1' : '0')
}

test('every file of vectors has a generator, and every generator its file', () => {
  const stored = readdirSync(VECTORS_FOLDER).sort()
  expect(stored).toEqual(files.map((file) => `${file.name}.json`).sort())
})

describe.each(files)('vectors of $name', (file) => {
  const text = readFileSync(pathOf(file), 'utf8')
  const entries: readonly { readonly name: string }[] = JSON.parse(text)

  test('is what `npm run vectors` writes, byte for byte', () => {
    // Compared as a flag: a report of the difference between two long files helps nobody.
    expect(vectorText(file.generate()) === text).toBe(true)
  })

  test('has entries with names of their own', () => {
    expect(entries.length).toBeGreaterThan(0)
    expect(new Set(entries.map((entry) => entry.name)).size).toBe(entries.length)
  })

  test('is recomputed from its inputs alone', () => {
    for (const entry of entries) file.check(entry)
  })

  test('refuses every entry with another result', () => {
    for (const entry of entries) {
      expect(() => file.check(withAlteredResult(entry)), entry.name).toThrow()
    }
  })
})
