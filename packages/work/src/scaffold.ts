// A new kind of work: a package with one exact kind that works, its tests and a job, under a name of one's own.
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readU32 } from '@piecework/protocol'
import { WorkError } from './errors.ts'

const TEMPLATE = join(import.meta.dirname, '..', 'generate', 'kind')
const NAME = 'example-kind'
const ID = '1_000'
/** Numbers of kinds have 16 bits; below the first are those that are built in. */
const FIRST_OWN = 1_000
const OWN = 65_536 - FIRST_OWN
/** As a package and a folder may be called. */
const GOOD_NAME = /^[a-z][a-z0-9-]{0,39}$/
/** What would mean something to tools in the template's own place has one more ending there. */
const SET_ASIDE = /(\.(?:md|json))\.txt$/

/** Its files by name. */
export async function scaffoldKind(name: string): Promise<ReadonlyMap<string, string>> {
  if (!GOOD_NAME.test(name))
    throw new WorkError(
      'kind/malformed',
      `'${name}' can't be the name of a kind: take small letters, digits and hyphens, at most 40, a letter first.`,
    )
  const files = await readdir(TEMPLATE)
  const read = files.map(async (file): Promise<[string, string]> => {
    const text = await readFile(join(TEMPLATE, file), 'utf8')
    return [
      file.replace(SET_ASIDE, '$1'),
      text.replaceAll(NAME, name).replace(`id: ${ID},`, `id: ${numberOf(name)},`),
    ]
  })
  return new Map(await Promise.all(read))
}

/** Drawn from the name, so that two kinds of different authors seldom meet; `Kinds` says so if they do. */
function numberOf(name: string): number {
  return FIRST_OWN + (readU32(createHash('sha256').update(name).digest(), 0) % OWN)
}
