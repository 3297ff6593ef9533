// A member of the crowd: a node like everybody's, whose answers are given, and whose web is seen, by its role.
import { join } from 'node:path'
import { runAltered } from '@piecework/cli/local'
import { type Fetched, type GuardedFetch, type Kind, Kinds, loadKinds, type OpenJob } from '@piecework/work'
import { guardedFetchForTests } from '@piecework/work/testing'

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
        body: new TextEncoder().encode(pageOf(text)),
      }
    },
  }
}

function pageOf(text: string): string {
  return `<!doctype html><html><head><title>Made up</title></head><body><article><p>${text}</p></article></body></html>`
}

/** What it claims to have found is nobody's answer. */
function forging(kind: Kind): Kind {
  return {
    ...kind,
    open(spec): OpenJob {
      const job = kind.open(spec)
      const { perform } = job
      if (perform === undefined) return job
      return {
        ...job,
        async perform(index, context) {
          const output = await perform(index, context)
          const last = output.length - 2
          return output.with(last, (output[last] ?? 0) ^ 1)
        },
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
      ...(role === 'forger' && { kinds: new Kinds(kinds.all.map(forging)) }),
    }
  },
})
