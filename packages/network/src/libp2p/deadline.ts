// A time by which something has to be done, or else its signal is aborted; and so it is when all stops.
import type { Waiting } from './ports.ts'

export interface Deadline {
  readonly signal: AbortSignal
  /** True when the time is over; not when all stopped. */
  isOver(): boolean
  /** It is done. */
  end(): void
}

export function deadlineOf(time: Waiting, milliseconds: number, stopping: AbortSignal): Deadline {
  const late = new AbortController()
  const done = new AbortController()
  void time.wait(milliseconds, done.signal).then(() => {
    if (!done.signal.aborted) late.abort()
  })
  return {
    signal: AbortSignal.any([late.signal, stopping]),
    isOver: () => late.signal.aborted,
    end: () => done.abort(),
  }
}
