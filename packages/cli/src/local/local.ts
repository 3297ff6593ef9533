// The whole local network as one command: everything it starts ends with it, whatever happens.
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Context } from '../context.ts'
import type { Running } from './child.ts'
import { Commands, type RunHere, stopAll } from './commands.ts'
import { play } from './play.ts'
import { Screen } from './screen.ts'
import type { Summary } from './summary.ts'

export interface LocalOptions {
  /** Undefined: until it is told to stop. */
  readonly epochs: number | undefined
  /** Folder of the example jobs. */
  readonly examples: string
  readonly run: RunHere
  /** Kept, with all logs. Undefined: a temporary one. */
  readonly folder: string | undefined
}

/** Undefined when it was told to stop before its last epoch. */
export async function runLocal(
  context: Context,
  { epochs, examples, run, folder: kept }: LocalOptions,
): Promise<Summary | undefined> {
  const folder = kept ?? (await mkdtemp(join(tmpdir(), 'piecework-local-')))
  const logs = join(folder, 'logs')
  await mkdir(logs, { recursive: true })
  const groups: Running[][] = []
  const screen = new Screen(context)
  const commands = new Commands(context.io, { folder, logs, run })
  const told = toldToStop(context)
  const playing = play(context, { commands, folder, groups, screen, epochs, examples })
  try {
    const ended = await Promise.race([told, playing])
    return ended === 'told' ? undefined : ended
  } finally {
    // What it still waits for is about to go.
    playing.catch(() => undefined)
    commands.close()
    screen.tell('stopping')
    await stopAll(groups)
    // A command that was under way may still write into it.
    if (kept === undefined) await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

function toldToStop({ io }: Context): Promise<'told'> {
  const { promise, resolve } = Promise.withResolvers<'told'>()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) io.process.on(signal, () => resolve('told'))
  return promise
}
