// The contributor that fakes: the same node as everybody's, whose kinds of work put out something else every fifth time.
// It is a program of its own, so that no flag of the product fakes.
import { nodeConfig, openNode } from '@piecework/node'
import { type Kind, Kinds, type OpenJob } from '@piecework/work'
import { fromBase, readDaemonConfig } from '../common/daemon-config.ts'
import { installedKinds } from '../common/kinds.ts'
import { logOf, serve } from '../common/serve.ts'
import { Context } from '../context.ts'
import { endWithParent, systemIo } from '../system.ts'

const EVERY = 5

function faking(kind: Kind): Kind {
  let done = 0
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
          done += 1
          return done % EVERY === 1 ? faked(output) : output
        },
      }
    },
  }
}

/** Of the same form and worth the same, but wrong. */
function faked(output: Uint8Array): Uint8Array {
  const last = output.length - 2
  return output.with(last, (output[last] ?? 0) ^ 1)
}

endWithParent()
const [folder = 'node'] = process.argv.slice(2)
const context = new Context(systemIo(), true)
const { config, base } = await readDaemonConfig(context, {
  daemon: 'node',
  schema: nodeConfig,
  where: folder,
})
const log = logOf(context, 'node')
const kinds = new Kinds((await installedKinds()).all.map(faking))
const daemon = await openNode(fromBase(base, config, ['folder', 'key', 'enrolment']), log, { kinds })
await serve(context, { daemon, log, started: () => context.print({ ready: true }, []) })
