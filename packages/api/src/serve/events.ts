// Server-sent events: what happens, to whoever looks on. A slow looker-on loses events, never the daemon its memory.
import type { ServerResponse } from 'node:http'

/** Dashboards and terminals of one machine. */
const MAX_LISTENERS = 32
/** Bytes that may wait for one of them. */
const MAX_WAITING = 256 * 1024

export interface Events {
  publish(event: string, data: unknown): void
  /** False: there are too many already. */
  add(response: ServerResponse): boolean
  end(): void
}

export function makeEvents(): Events {
  const listeners = new Set<ServerResponse>()
  let last = 0
  return {
    publish(event, data) {
      last += 1
      const lines = `id: ${last}\nevent: ${event}\ndata: ${jsonText(data)}\n\n`
      for (const one of listeners) if (one.writableLength < MAX_WAITING) one.write(lines)
    },
    add(response) {
      if (listeners.size >= MAX_LISTENERS) return false
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
      response.write(': welcome\n\n')
      listeners.add(response)
      response.on('close', () => listeners.delete(response))
      return true
    },
    end() {
      for (const one of listeners) one.end()
    },
  }
}

/** Money is bigint: JSON has it as a string of digits. Bytes are hexadecimal. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) => {
    if (typeof one === 'bigint') return one.toString()
    return one instanceof Uint8Array ? Buffer.from(one).toString('hex') : one
  })
}
