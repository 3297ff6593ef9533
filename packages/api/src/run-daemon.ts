// A daemon as the whole of a process: started, and stopped when the process is told to end.
import { type Daemon, daemonOf } from './daemon.ts'
import type { Log } from './log.ts'

/** What is needed of node's `process`. */
export interface Process {
  on(event: 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'disconnect', listener: () => void): unknown
  exit(code: number): void
  /** There is one when another process of ours started this one; it breaks when that one ends, however it ends. */
  readonly channel?: { unref(): void } | null | undefined
}

export interface RunOptions {
  readonly log: Log
  readonly process: Process
  /** Called once it runs. */
  readonly onStarted?: () => void
}

/** A clean shutdown takes so long at most; what hangs longer is left behind. */
const STOP_MS = 5_000
const FAILED = 1

/** Resolves when it has stopped; the process then ends with 0, or with 1 where it had to be cut off. */
export async function runDaemon(daemon: Daemon, { log, process, onStarted }: RunOptions): Promise<void> {
  const whole = daemonOf([daemon])
  const told = toldToStop(process)
  const started = whole.start().then(() => {
    log.info('started')
    onStarted?.()
  })
  const why = await Promise.race([told, started.then(() => told)])
  log.info('stopping', { why })
  const deadline = setTimeout(() => {
    log.error('stop-too-slow', { afterMs: STOP_MS })
    process.exit(FAILED)
  }, STOP_MS)
  await Promise.allSettled([started, whole.stop()])
  await whole.stop()
  clearTimeout(deadline)
  log.info('stopped')
  process.exit(0)
}

function toldToStop(process: Process): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve(signal))
  if (process.channel) {
    process.on('disconnect', () => resolve('the process that started it has ended'))
    process.channel.unref()
  }
  return promise
}
