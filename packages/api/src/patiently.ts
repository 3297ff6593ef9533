// Starts what may not be there yet: after a power cut a machine is often up before its way to the world.
import type { Daemon } from './daemon.ts'
import { sentenceOf } from './errors.ts'
import type { Log } from './log.ts'

/** Between two tries. */
const AGAIN_MS = 2_000

export interface PatientPorts {
  /** Ends early when the signal does. */
  readonly time: { wait(milliseconds: number, signal?: AbortSignal): Promise<void> }
  readonly log: Log
}

/** Resolves at once; goes on trying to start until it succeeds, or is stopped. */
export function patiently(part: Daemon, { time, log }: PatientPorts): Daemon {
  const stopped = new AbortController()
  let starting: Promise<void> | undefined
  async function tryOn(): Promise<void> {
    while (!stopped.signal.aborted) {
      try {
        return await part.start()
      } catch (error) {
        log.debug('chain-does-not-start', { why: sentenceOf(error) })
        await time.wait(AGAIN_MS, stopped.signal)
      }
    }
  }
  return {
    async start() {
      starting ??= tryOn()
    },
    async stop() {
      stopped.abort()
      await part.stop()
      await starting
    },
  }
}
