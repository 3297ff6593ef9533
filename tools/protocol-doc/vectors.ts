// The table of vector files: what each holds, in the words of the module that writes it.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { VECTORS_FOLDER } from '../vectors/lib/file.ts'
import { code, tableOf } from './markdown.ts'

const WRITERS: string = join(import.meta.dirname, '..', 'vectors')

export function vectorTable(): string {
  const rows = readdirSync(VECTORS_FOLDER)
    .sort()
    .map((file) => {
      const link = `[${file}](../test/vectors/${file})`
      return [link, aboutOf(file), code(`{${fieldsOf(file).join(', ')}}`)]
    })
  return tableOf({ head: ['file', 'what it holds', 'an entry'], rows })
}

/** `// name.json: what it holds.` and the lines that go on with it. */
function aboutOf(file: string): string {
  const writer = file.replace(/\.json$/, '.ts')
  const text = readFileSync(join(WRITERS, writer), 'utf8')
  const comment = /^(?:\/\/.*\n)+/
    .exec(text)?.[0]
    .replaceAll(/^\/\/ ?/gm, '')
    .replaceAll('\n', ' ')
    .trim()
  const start = `${file}: `
  if (comment?.startsWith(start)) return comment.slice(start.length)
  throw new RangeError(`tools/vectors/${writer} does not begin with '// ${start}' and what the file holds`)
}

/** All that an entry of the file can have, in order. */
function fieldsOf(file: string): readonly string[] {
  const entries: readonly object[] = JSON.parse(readFileSync(join(VECTORS_FOLDER, file), 'utf8'))
  return [...new Set(entries.flatMap((entry) => Object.keys(entry)))]
}
