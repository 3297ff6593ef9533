// The machine's own clock, chance and network, as a main would give them.
import { type OpenSocket, type RpcCall, type RpcPorts, type Time, timeOf } from '../../src/index.ts'

export const realTime: Time = timeOf(() => performance.now())

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
