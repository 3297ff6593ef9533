// Nothing waits for ever: work that takes longer than its limit ends in an error, and is told to stop.
import { ChainError } from './errors.ts'
import type { Time } from './ports.ts'

export interface Limit {
  readonly time: Time
  readonly milliseconds: number
  /** Aborted when the client stops. */
  readonly stopped: AbortSignal
  /** What runs out of time, in a sentence. */
  readonly late: () => ChainError
}

export async function withLimit<T>(limit: Limit, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const done = new AbortController()
  const signal = AbortSignal.any([done.signal, limit.stopped])
  const late = limit.time.wait(limit.milliseconds, signal).then((): never => {
    throw limit.stopped.aborted ? stoppedError() : limit.late()
  })
  try {
    return await Promise.race([work(signal), late])
  } finally {
    // The wait that lost ends too, and its error belongs to nobody.
    late.catch(() => {})
    done.abort()
  }
}

export function stoppedError(): ChainError {
  return new ChainError('chain/stopped', 'The client of the chain was stopped')
}
