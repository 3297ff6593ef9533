// A contributor of the local network that also does what people do, and fetches pages of the site on this machine. It is
// the same node as everybody's, and a program of its own, so that no config of the product reaches what it may reach.
import { enableCompileCache } from 'node:module'
import { extname, join } from 'node:path'
import { endWithParent, systemIo } from '../system.ts'

endWithParent()
enableCompileCache()
const { nodeConfig, openNode } = await import('@piecework/node')
const { guardedFetchForTests } = await import('@piecework/work/testing')
const { fromBase, readDaemonConfig } = await import('../common/daemon-config.ts')
const { logOf, serve } = await import('../common/serve.ts')
const { Context } = await import('../context.ts')

const [folder = 'node', port = '0'] = process.argv.slice(2)
const context = new Context(systemIo(), true)
const people = join(import.meta.dirname, `people${extname(import.meta.filename)}`)
const set = [
  `answers.command=${JSON.stringify(process.execPath)}`,
  `answers.args=${JSON.stringify([people])}`,
]
const wanted = { daemon: 'node', schema: nodeConfig, where: folder, set } as const
const { config, base } = await readDaemonConfig(context, wanted)
const log = logOf(context, 'node')
const servers = [{ address: '127.0.0.1', port: Number(port) }]
const daemon = await openNode(fromBase(base, config, ['folder', 'key', 'enrolment']), log, {
  fetchOf: (options) => guardedFetchForTests(options, { servers }),
})
await serve(context, { daemon, log, started: () => context.print({ ready: true }, []) })
