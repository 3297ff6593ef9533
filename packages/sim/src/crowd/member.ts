// A member of the crowd: a node like everybody's, whose answers are given, and whose web is seen, by its role.
import { join } from 'node:path'
import { faking, runAltered } from '@piecework/cli/local'
import { type Fetched, type GuardedFetch, Kinds, loadKinds } from '@piecework/work'
import { guardedFetchForTests } from '@piecework/work/testing'
import { pageOf } from './page.ts'

const [folder = 'node', role = 'honest', port = '0'] = process.argv.slice(2)
const EXAMPLE = join(import.meta.dirname, '..', '..', '..', '..', 'docs', 'examples', 'brightest')

/** A third saw the same page, which nobody else sees; a spammer makes up one of its own. */
function seenBy(own: GuardedFetch): GuardedFetch {
  if (role !== 'colluding' && role !== 'spammer') return own
  return {
    async get(url, options): Promise<Fetched> {
      const fetched = await own.get(url, options)
      if (url.endsWith('/robots.txt')) return fetched
      const text = role === 'colluding' ? `our page of ${new URL(url).pathname}` : `whatever ${Math.random()}`
      return {
        ...fetched,
        status: 200,
        contentType: 'text/html',
        body: new TextEncoder().encode(pageOf('Made up', text)),
      }
    },
  }
}

const quoted = (value: unknown): string => JSON.stringify(value)
const program =
  role === 'program' || role === 'forger'
    ? ['python3', [join(EXAMPLE, 'contributor.py')]]
    : [process.execPath, [join(import.meta.dirname, 'answers.ts'), role]]

await runAltered({
  folder,
  set: [`answers.command=${quoted(program[0])}`, `answers.args=${quoted(program[1])}`],
  overrides: async () => {
    const kinds = await loadKinds([], (name) => import(name))
    const servers = [{ address: '127.0.0.1', port: Number(port) }]
    return {
      fetchOf: (options) => seenBy(guardedFetchForTests(options, { servers })),
      ...(role === 'forger' && { kinds: new Kinds(kinds.all.map((kind) => faking(kind, 1))) }),
    }
  },
})
