// The README's list of methods is the list. Its example is run with those of all READMEs, in test/docs.test.ts.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { methods } from '../src/rpc/methods.ts'

const folder = join(import.meta.dirname, '..')
const readme = await readFile(join(folder, 'README.md'), 'utf8')

test('every method is listed', () => {
  const list = /Methods: ([^.]*)\./.exec(readme)?.[1]?.split(/,\s+/)
  expect(list?.toSorted()).toEqual(Object.keys(methods).toSorted())
})
