// The sandbox of a daemon: as strong as this machine allows, and as patient as the slowest of its kinds.
import type { Kinds } from '../kinds.ts'
import type { ProcessOptions } from './process.ts'
import { findPrefix } from './protections.ts'
import { makeSandbox, type Sandbox, type SandboxOptions } from './sandbox.ts'

export async function sandboxFor(
  kinds: Kinds,
  { node, processes }: Pick<ProcessOptions, 'node'> & Pick<SandboxOptions, 'processes'>,
): Promise<Sandbox> {
  const wallMs = Math.max(...kinds.all.map(({ limits }) => limits.wallMs))
  return makeSandbox({ node, wallMs, prefix: await findPrefix({ node, wallMs }), processes })
}
