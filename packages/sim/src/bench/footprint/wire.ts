// A piece of wire with a meter: passes every byte on to a port of this machine, and counts those of both ways.
import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'

export interface Wire {
  readonly port: number
  /** So far, both ways. */
  bytes(): number
  cut(): Promise<void>
}

const HOST = '127.0.0.1'
/** Of finding two free ports beside each other. */
const TRIES = 50

/** On a port of its own; undefined when that one is taken. */
export async function wireTo(target: number, port = 0): Promise<Wire | undefined> {
  let bytes = 0
  const ends = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(target, HOST)
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      ends.add(from)
      from.on('data', (chunk: Buffer) => {
        bytes += chunk.length
      })
      from.on('error', () => to.destroy())
      from.on('close', () => {
        ends.delete(from)
        to.destroy()
      })
      from.pipe(to)
    }
  })
  if (!(await listens(server, port))) return undefined
  const address = server.address()
  const cut = async (): Promise<void> => {
    const closed = once(server, 'close')
    server.close()
    for (const end of ends) end.destroy()
    await closed
  }
  return { port: typeof address === 'object' ? (address?.port ?? 0) : 0, bytes: () => bytes, cut }
}

function listens(server: Server, port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  server.once('error', () => resolve(false))
  server.listen(port, HOST, () => resolve(true))
  return promise
}

/** To an RPC endpoint: its WebSocket is at the port after that for HTTP. */
export async function wireToRpc(target: number): Promise<Wire> {
  for (let tried = 0; tried < TRIES; tried++) {
    const http = await wireTo(target)
    if (http === undefined) continue
    const socket = await wireTo(target + 1, http.port + 1)
    if (socket === undefined) {
      await http.cut()
      continue
    }
    return {
      port: http.port,
      bytes: () => http.bytes() + socket.bytes(),
      cut: async () => void (await Promise.all([http.cut(), socket.cut()])),
    }
  }
  throw new Error('This machine has no two free ports beside each other.')
}
