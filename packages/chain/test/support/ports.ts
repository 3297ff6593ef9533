// The machine's own clock, chance and network, as a main would give them.
import type { OpenSocket, RpcCall, RpcPorts, Time } from '../../src/index.ts'

export const realTime: Time = {
  now: () => performance.now(),
  wait: (milliseconds, signal) => {
    const { promise, resolve: end } = Promise.withResolvers<void>()
    if (signal?.aborted) return Promise.resolve()
    const timer = setTimeout(end, milliseconds)
    const early = (): void => {
      clearTimeout(timer)
      end()
    }
    signal?.addEventListener('abort', early, { once: true })
    return promise.finally(() => signal?.removeEventListener('abort', early))
  },
}

const openSocket: OpenSocket = (url) => new WebSocket(url)

export interface TestPorts extends RpcPorts {
  readonly calls: RpcCall[]
}

export function realPorts(): TestPorts {
  const calls: RpcCall[] = []
  return {
    time: realTime,
    random: Math.random,
    fetch: (url, init) => fetch(url, init),
    openSocket,
    onCall: (call) => calls.push(call),
    calls,
  }
}
