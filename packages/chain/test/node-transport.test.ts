// Node's own HTTP and WebSocket in place of the platform's: the same answers, and what can go wrong on a wire.
import { createServer, type RequestListener, type Server } from 'node:http'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocketServer } from 'ws'
import { nodeTransport } from '../src/node/transport.ts'
import type { HttpRequest } from '../src/ports.ts'

const { fetch, openSocket } = nodeTransport()
const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer({ keepAliveTimeout: 60_000 }, listener)
  servers.push(server)
  const { promise, resolve } = Promise.withResolvers<void>()
  server.listen(0, '127.0.0.1', resolve)
  await promise
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
}

const asking = (signal: AbortSignal = new AbortController().signal): HttpRequest => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: '{"ä":1}',
  redirect: 'error',
  signal,
})

async function textOf(url: string): Promise<string> {
  const { body } = await fetch(url, asking())
  const chunks: Uint8Array[] = []
  for await (const chunk of body ?? []) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

describe('a call over HTTP', () => {
  it('sends the body whole, and gives status and answer', async () => {
    const url = await serve((request, response) => {
      response.writeHead(503)
      request.pipe(response)
    })
    expect(await textOf(url)).toBe('{"ä":1}')
    expect(await fetch(url, asking())).toMatchObject({ status: 503 })
  })

  it('unpacks what is packed, and fails where that is cut short', async () => {
    const packed = gzipSync('x'.repeat(100_000))
    const url = await serve(({ url: path }, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' })
      response.end(path === '/cut' ? packed.subarray(0, -20) : packed)
    })
    expect(await textOf(url)).toHaveLength(100_000)
    await expect(textOf(`${url}/cut`)).rejects.toThrow('unexpected end of file')
  })

  it('uses a connection again, and opens another when the kept one was closed', async () => {
    const sockets = new Set<unknown>()
    let isLast = false
    const url = await serve(({ socket }, response) => {
      const isNew = !sockets.has(socket)
      sockets.add(socket)
      if (isLast && !isNew) socket.resetAndDestroy()
      else response.end('here')
    })
    expect([await textOf(url), await textOf(url)]).toEqual(['here', 'here'])
    expect(sockets.size).toBe(1)
    isLast = true
    expect(await textOf(url)).toBe('here')
    expect(sockets.size).toBe(2)
  })

  it('follows nobody elsewhere', async () => {
    const url = await serve((_, response) => response.writeHead(307, { location: '/there' }).end())
    expect(await fetch(url, asking())).toMatchObject({ status: 307 })
  })

  it('ends when it is told to, and when nobody is there', async () => {
    const url = await serve(() => undefined)
    const ended = new AbortController()
    const asked = fetch(url, asking(ended.signal))
    ended.abort()
    await expect(asked).rejects.toThrow('abort')
    await expect(fetch('http://127.0.0.1:1', asking())).rejects.toThrow('ECONNREFUSED')
  })
})

it('a socket says what it hears', async () => {
  const url = await serve(() => undefined)
  const [server] = servers
  if (server === undefined) throw new Error('no server')
  const sockets = new WebSocketServer({ server })
  sockets.on('connection', (socket) => socket.on('message', (data) => socket.send(`heard ${data}`)))
  const socket = openSocket(url.replace('http', 'ws'))
  const { promise, resolve } = Promise.withResolvers<unknown>()
  socket.addEventListener('open', () => socket.send('this'))
  socket.addEventListener('message', ({ data }) => resolve(data))
  expect(await promise).toBe('heard this')
  const closed = Promise.withResolvers<void>()
  socket.addEventListener('close', closed.resolve)
  socket.close()
  await closed.promise
  sockets.close()
})
