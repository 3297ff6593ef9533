// Time for networks in tests: that of the platform.
import type { Waiting } from '../../src/libp2p.ts'

export const timers: Waiting = {
  wait(milliseconds, signal) {
    const { promise, resolve } = Promise.withResolvers<void>()
    if (signal?.aborted === true) resolve()
    const end = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, milliseconds)
    signal?.addEventListener('abort', end)
    return promise
  },
}
