// A node of the local network with something put in place of its own: who fakes, and who reaches this machine's site, is a
// program that runs this, so that no flag or config of the product does.
import { enableCompileCache } from 'node:module'
import type { NodeOverrides } from '@piecework/node'
import { endWithParent, systemIo } from '../system.ts'

export interface Alteration {
  /** Of the node's config and data. */
  readonly folder: string
  /** Keys of its config, as `--set` takes them. */
  readonly set?: readonly string[]
  /** Made here, because what it needs takes long to load. */
  readonly overrides: () => Promise<NodeOverrides>
}

/** Runs until it is told to stop, or its parent ends. */
export async function runAltered({ folder, set = [], overrides }: Alteration): Promise<void> {
  endWithParent()
  enableCompileCache()
  const { nodeConfig, openNode } = await import('@piecework/node')
  const { fromBase, readDaemonConfig } = await import('../common/daemon-config.ts')
  const { logOf, serve } = await import('../common/serve.ts')
  const { Context } = await import('../context.ts')
  const context = new Context(systemIo(), true)
  const wanted = { daemon: 'node', schema: nodeConfig, where: folder, set } as const
  const { config, base } = await readDaemonConfig(context, wanted)
  const log = logOf(context, 'node')
  const own = fromBase(base, config, ['folder', 'key', 'enrolment'])
  const daemon = await openNode(own, log, await overrides())
  await serve(context, { daemon, log, started: () => context.print({ ready: true }, []) })
}
