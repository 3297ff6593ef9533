// Who may ask: pages of other sites reach a server on loopback through the browser of whoever visits them, by a name that
// they own (DNS rebinding) or with a plain form. The first fails by its Host, the second by the token.
import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

const LOOPBACK_HOSTS: readonly string[] = ['127.0.0.1', 'localhost', '[::1]']
const FORBIDDEN = 403
const UNAUTHORIZED = 401

export interface Guards {
  readonly token: string
  /** Names besides those of loopback by which it may be asked. */
  readonly allowedHosts: readonly string[]
}

export function guard(server: FastifyInstance, { token, allowedHosts }: Guards): void {
  const hosts = new Set([...LOOPBACK_HOSTS, ...allowedHosts])
  server.addHook('onRequest', async (request: FastifyRequest, reply: FastifyReply) => {
    if (!hosts.has(hostName(request.headers.host ?? ''))) {
      return refuse(reply, FORBIDDEN, 'This API is not served under that host name.')
    }
    if (request.method === 'GET' || request.method === 'HEAD') return
    if (!sameText(request.headers.authorization ?? '', `Bearer ${token}`)) {
      return refuse(reply, UNAUTHORIZED, "This changes something: send the token of the daemon's folder.")
    }
  })
}

function hostName(host: string): string {
  return host.replace(/:\d+$/, '').toLowerCase()
}

/** Takes as long for any wrong text. */
function sameText(one: string, other: string): boolean {
  const digest = (text: string): Uint8Array => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(one), digest(other))
}

function refuse(reply: FastifyReply, status: number, error: string): FastifyReply {
  return reply.code(status).send({ error })
}
