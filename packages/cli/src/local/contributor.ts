// A contributor of the local network that also does what people do, and fetches pages of the site on this machine.
import { extname, join } from 'node:path'
import { runAltered } from './altered.ts'

const [folder = 'node', port = '0'] = process.argv.slice(2)
const people = join(import.meta.dirname, `people${extname(import.meta.filename)}`)
await runAltered({
  folder,
  set: [`answers.command=${JSON.stringify(process.execPath)}`, `answers.args=${JSON.stringify([people])}`],
  overrides: async () => {
    const { guardedFetchForTests } = await import('@piecework/work/testing')
    const servers = [{ address: '127.0.0.1', port: Number(port) }]
    return { fetchOf: (options) => guardedFetchForTests(options, { servers }) }
  },
})
