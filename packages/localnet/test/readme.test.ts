// The README's example does what it says, and its list of methods is the list.
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { methods } from '../src/rpc/methods.ts'

const folder = join(import.meta.dirname, '..')
const readme = await readFile(join(folder, 'README.md'), 'utf8')

test('the example runs', async () => {
  const code = /```ts\n([^`]*)```/.exec(readme)?.[1] ?? ''
  const args = ['--input-type=module-typescript', '--eval', code]
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder, timeout: 30_000 })
  expect(stdout.trim()).toBe('1000000000')
})

test('every method is listed', () => {
  const list = /Methods: ([^.]*)\./.exec(readme)?.[1]?.split(/,\s+/)
  expect(list?.toSorted()).toEqual(Object.keys(methods).toSorted())
})
