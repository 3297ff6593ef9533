// Time that passes by the platform's timers. The clock itself is given: only mains read one.
import type { Time } from './ports.ts'

export function timeOf(now: () => number): Time {
  return { now, wait: waitFor }
}

function waitFor(milliseconds: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted === true) return Promise.resolve()
  const { promise, resolve } = Promise.withResolvers<void>()
  const end = (): void => resolve()
  const timer = setTimeout(end, milliseconds)
  signal?.addEventListener('abort', end, { once: true })
  return promise.finally(() => {
    clearTimeout(timer)
    signal?.removeEventListener('abort', end)
  })
}
