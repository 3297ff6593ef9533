// A daemon as a command: runs until it is told to stop, and says when it has begun.
import { type Daemon, type Log, makeLog, runDaemon } from '@piecework/api'
import type { Context } from '../context.ts'

const RUN_BYTES = 4

/** Its log goes to standard error. */
export function logOf({ io }: Context, daemon: string): Log {
  const level = io.env['PIECEWORK_LOG'] === 'debug' ? 'debug' : 'info'
  const run = Buffer.from(io.randomBytes(RUN_BYTES)).toString('hex')
  return makeLog({ daemon, run, level, write: (line) => io.err(line.trimEnd()) })
}

export interface Serving {
  readonly daemon: Daemon
  readonly log: Log
  readonly started: () => void
}

export async function serve(context: Context, { daemon, log, started }: Serving): Promise<void> {
  await runDaemon(daemon, { log, process: context.io.process, onStarted: started })
}
