// Time for peers that are attacked: that of the platform.
import { setTimeout } from 'node:timers/promises'
import type { Waiting } from '@piecework/network/libp2p'

export const timers: Waiting = {
  wait: (milliseconds, signal) =>
    setTimeout(milliseconds, undefined, signal && { signal }).catch((error: unknown) => {
      if (signal?.aborted !== true) throw error
    }),
}
