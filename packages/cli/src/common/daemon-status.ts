// `status` of each sort of daemon: what the one that runs in a folder says of itself.
import { z } from 'zod'
import { defineVerb, type Verb } from '../verb.ts'
import { type DaemonName, linesOfStatus, readDaemonConfig, statusOf } from './daemon-config.ts'
import { text } from './input.ts'

/** What of any daemon's config says where to ask. */
type HasApi = z.ZodType<{ readonly api: { readonly host: string; readonly port: number } }>

/** Its config's schema is loaded with its package, only when it is asked for. */
export function statusVerb(daemon: DaemonName, loadSchema: () => Promise<HasApi>): Verb {
  return defineVerb({
    words: 'status [folder]',
    about: `how the running ${daemon} of a folder stands`,
    options: [],
    examples: [`piecework ${daemon} status ${daemon} --json`],
    input: z.object({ folder: text.default(daemon) }),
    async run(context, { folder }) {
      const schema = await loadSchema()
      const { config } = await readDaemonConfig(context, { daemon, schema, where: folder })
      const said = await statusOf({ daemon, folder, api: config.api })
      context.print(said, linesOfStatus(said))
    },
  })
}
