// One request to one address that was looked at before: the name is not resolved again, and no proxy, cookie, stored
// connection or compression comes in between.
import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { isIP } from 'node:net'
import { WorkError } from '../errors.ts'
import { sameAddress } from './address.ts'
import type { Target } from './target.ts'

const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308]

export interface RequestOptions {
  readonly address: string
  readonly bytes: number
  readonly signal: AbortSignal
  readonly userAgent: string
}

export interface Got {
  readonly status: number
  readonly contentType: string
  readonly location: string | undefined
  readonly body: Uint8Array
}

export async function requestOnce(target: Target, options: RequestOptions): Promise<Got> {
  const response = await answerOf(target, options)
  const { statusCode: status = 0, headers } = response
  const location = REDIRECTS.includes(status) ? headers.location : undefined
  const contentType = headers['content-type'] ?? ''
  try {
    const body = location === undefined ? await bodyOf(response, options.bytes) : new Uint8Array()
    return { status, contentType, location, body }
  } finally {
    response.destroy()
  }
}

function answerOf(
  { url, host, port }: Target,
  { address, signal, userAgent }: RequestOptions,
): Promise<IncomingMessage> {
  const secure = url.protocol === 'https:'
  return new Promise((resolve, reject) => {
    const sent = (secure ? requestHttps : requestHttp)({
      host: address,
      port,
      path: `${url.pathname}${url.search}`,
      ...(secure && isIP(host) === 0 ? { servername: host } : {}),
      headers: { host: url.host, 'user-agent': userAgent, accept: '*/*', 'accept-encoding': 'identity' },
      agent: false,
      signal,
    })
    sent.on('response', (response) => {
      if (sameAddress(address, response.socket.remoteAddress)) resolve(response)
      else
        sent.destroy(new WorkError('fetch/refused', `${host} answered from another address than ${address}.`))
    })
    sent.on('error', reject)
    sent.end()
  })
}

async function bodyOf(response: IncomingMessage, most: number): Promise<Uint8Array> {
  const encoding = response.headers['content-encoding'] ?? 'identity'
  if (encoding !== 'identity')
    throw new WorkError('fetch/failed', `The answer is packed (${encoding}), which was not asked for.`)
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of response) {
    length += part.length
    if (length > most) throw new WorkError('fetch/limit', `The answer is longer than ${most} bytes.`)
    parts.push(part)
  }
  return new Uint8Array(Buffer.concat(parts))
}
