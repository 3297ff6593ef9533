// One port for HTTP and WebSocket, and the next one for WebSocket too, where web3.js looks for it.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { LocalnetError } from '../errors.ts'
import { stringify } from '../json.ts'
import type { Backend } from './backend.ts'
import { dispatch, failure, methodNotFound } from './dispatch.ts'
import { methods } from './methods.ts'
import { Socket } from './socket.ts'

/** The real cluster's bound on a request. */
const MAX_BODY_BYTES = 51_200
const MAX_CONNECTIONS = 1_024
const MAX_WEBSOCKETS = 256
/** A request that isn't here by then is given up. */
const REQUEST_TIMEOUT_MS = 30_000
/** A WebSocket client that doesn't answer a farewell by then is cut off. */
const CLOSE_TIMEOUT_MS = 1_000
const NORMAL_CLOSURE = 1_000
/** How often to look for two free neighbouring ports when any port will do. */
const PORT_ATTEMPTS = 20

const HEADERS = {
  'content-type': 'application/json; charset=utf-8',
  // Like the real cluster's nodes: pages of any origin may ask.
  'access-control-allow-origin': '*',
}

export interface ServerOptions {
  readonly host: string
  /** 0 takes any port whose neighbour is free too. */
  readonly port: number
  readonly backend: Backend
  /** Resolves when everything done so far is on disk: no answer leaves before. */
  readonly durable: () => Promise<void>
}

export interface RpcServer {
  readonly port: number
  stop(): Promise<void>
}

export async function startServer(options: ServerOptions): Promise<RpcServer> {
  const closing = { closeTimeout: CLOSE_TIMEOUT_MS }
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_BODY_BYTES, ...closing })
  let lastId = 0
  const needs = { ...options, nextId: () => ++lastId }
  const upgrade = (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    if (sockets.clients.size >= MAX_WEBSOCKETS) return refuse(stream)
    sockets.handleUpgrade(request, stream, head, (ws) => new Socket(ws, needs))
  }
  const make = () => {
    const server = createServer(
      { requestTimeout: REQUEST_TIMEOUT_MS, keepAlive: true },
      (request, response) => {
        void handle(request, response, options)
      },
    )
    server.maxConnections = MAX_CONNECTIONS
    return server.on('upgrade', upgrade)
  }
  const servers = await listenOnTwo(make, options)
  return {
    port: portOf(servers[0]),
    stop: async () => {
      await Promise.all([...sockets.clients].map(farewell))
      await Promise.all(servers.map(close))
    },
  }
}

/** Clients told so don't try to come back, and their programs can end. */
function farewell(ws: WebSocket): Promise<void> {
  return new Promise((resolve) => {
    ws.once('close', () => resolve())
    ws.close(NORMAL_CLOSURE, 'the local chain stops')
  })
}

function refuse(stream: Duplex): void {
  stream.on('error', () => stream.destroy())
  stream.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n')
}

async function listenOnTwo(make: () => Server, { host, port }: ServerOptions): Promise<[Server, Server]> {
  for (let attempt = 1; ; attempt += 1) {
    const first = make()
    const second = make()
    try {
      await listen(first, host, port)
      await listen(second, host, portOf(first) + 1)
      return [first, second]
    } catch (error) {
      await Promise.all([close(first), close(second)])
      if (port !== 0 || attempt === PORT_ATTEMPTS) throw error
    }
  }
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const message = `Port ${port} on ${host} can't be used (${error.message}). Stop what uses it, or choose another --port: the local chain needs that one and the next.`
      reject(new LocalnetError('port/unavailable', message, { host, port }))
    })
    server.listen(port, host, resolve)
  })
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

function portOf(server: Server): number {
  // A listening TCP server has an address with a port.
  return (server.address() as AddressInfo).port
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  options: ServerOptions,
): Promise<void> {
  if (request.method === 'OPTIONS') return preflight(response)
  if (request.method === 'GET' && request.url === '/health') return void response.end('ok')
  if (request.method !== 'POST') return void response.writeHead(405, { allow: 'POST' }).end()
  const text = await readBody(request)
  if (text === undefined) return void response.writeHead(413, { connection: 'close' }).end()
  const answer = dispatch(text, (name, params) => {
    const method = Object.hasOwn(methods, name) ? methods[name] : undefined
    if (method === undefined) throw methodNotFound()
    return method.run(options.backend, params)
  })
  try {
    await options.durable()
  } catch (error) {
    return void response.writeHead(200, HEADERS).end(stringify(failure(null, error)))
  }
  if (answer === undefined) return void response.writeHead(204, HEADERS).end()
  response.writeHead(200, HEADERS).end(answer)
}

function preflight(response: ServerResponse): void {
  response
    .writeHead(204, {
      ...HEADERS,
      'access-control-allow-methods': 'POST, GET',
      'access-control-allow-headers': 'content-type, solana-client',
      'access-control-max-age': '86400',
    })
    .end()
}

/** The body as text, or undefined when it is longer than allowed or breaks off. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let length = 0
  try {
    for await (const chunk of request) {
      length += chunk.length
      if (length > MAX_BODY_BYTES) return undefined
      chunks.push(chunk)
    }
  } catch {
    return undefined
  }
  return Buffer.concat(chunks).toString('utf8')
}
