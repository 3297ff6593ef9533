// HTTP and WebSocket by what Node itself is made of: the platform's `fetch` and `WebSocket` bring a second HTTP stack into
// memory, which is a tenth of a contributor's node, and take twice as long for a call.
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { WebSocket } from 'ws'
import type { Fetch, HttpRequest, HttpResponse, OpenSocket } from '../ports.ts'

/** Of one notice: it says little more than that something has changed, and sometimes holds the account. */
const MAX_NOTICE_BYTES = 4 * 1024 * 1024
const NO_STATUS = 0

export interface Transport {
  readonly fetch: Fetch
  readonly openSocket: OpenSocket
}

/** Connections are kept for the next call, and keep no process from ending. */
export function nodeTransport(): Transport {
  const plain = new HttpAgent({ keepAlive: true })
  const secure = new HttpsAgent({ keepAlive: true })
  const start = (url: URL): Starter =>
    url.protocol === 'https:'
      ? (options, answered) => httpsRequest(url, { ...options, agent: secure }, answered)
      : (options, answered) => httpRequest(url, { ...options, agent: plain }, answered)
  return {
    fetch: async (url, request) => {
      const starter = start(new URL(url))
      try {
        return await call(starter, request)
      } catch (error) {
        // A kept connection may have been closed at the other end just now: that call never arrived.
        if (error instanceof StaleConnection) return call(starter, request)
        throw error
      }
    },
    openSocket: (url) =>
      new WebSocket(url, { perMessageDeflate: false, maxPayload: MAX_NOTICE_BYTES, followRedirects: false }),
  }
}

type Options = Pick<HttpRequest, 'method' | 'signal'> & {
  readonly headers: Readonly<Record<string, string | number>>
}
type Starter = (
  options: Options,
  answered: (response: IncomingMessage) => void,
) => ReturnType<typeof httpRequest>

class StaleConnection extends Error {}

function call(start: Starter, { method, headers, body, signal }: HttpRequest): Promise<HttpResponse> {
  const { promise, resolve, reject } = Promise.withResolvers<HttpResponse>()
  const all = { ...headers, 'accept-encoding': 'gzip', 'content-length': Buffer.byteLength(body) }
  const request = start({ method, headers: all, signal }, (response) =>
    resolve({ status: response.statusCode ?? NO_STATUS, body: bodyOf(response) }),
  )
  request.on('error', (error) => {
    const isStale = request.reusedSocket && 'code' in error && error.code === 'ECONNRESET'
    reject(isStale ? new StaleConnection(error.message, { cause: error }) : error)
  })
  request.end(body)
  return promise
}

/** Endpoints' accounts are mostly zeros: packed they are a fraction. */
function bodyOf(response: IncomingMessage): AsyncIterable<Uint8Array> {
  if (response.headers['content-encoding'] !== 'gzip') return response
  const unpacked = createGunzip()
  // Whatever went wrong with the one is thrown by the reading of the other.
  pipeline(response, unpacked, () => undefined)
  return unpacked
}
