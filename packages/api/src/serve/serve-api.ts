// The HTTP API of a daemon, for this machine.
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify'
import type { Daemon } from '../daemon.ts'
import { ApiError, sentenceOf, systemCode } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import { jsonText, makeEvents } from './events.ts'
import { guard } from './guards.ts'
import { openApiOf } from './openapi.ts'
import type { Route } from './route.ts'

export interface ApiOptions {
  readonly host: string
  /** 0 takes any that is free. */
  readonly port: number
  readonly log: Log
  readonly metrics: Metrics
  /** What changes something has to bring it. */
  readonly token: string
  /** For GET /status: a value for JSON. */
  readonly status: () => Promise<unknown> | unknown
  /** Why it is not ready, or undefined when it is. Left out: ready as soon as it is served. */
  readonly notReady?: () => string | undefined
  readonly routes?: readonly Route[]
  readonly title?: string
  readonly allowedHosts?: readonly string[]
}

export interface Api extends Daemon {
  /** Once it has started. */
  url(): string
  /** To whoever reads GET /events. */
  publish(event: string, data: unknown): void
}

const BODY_BYTES = 1024 * 1024
const REQUEST_MS = 10_000
const UNAVAILABLE = 503
const BAD_REQUEST = 400
const NOT_FOUND = 404
const INTERNAL = 500

const noSchemas = (): never => {
  throw new Error('No route gives fastify a schema: bodies are read with zod.')
}
/** Without these fastify loads what compiles schemas, a megabyte of code (decision 223). */
const COMPILERS = { buildValidator: noSchemas, buildSerializer: noSchemas }

export function serveApi(options: ApiOptions): Api {
  const { host, port, token, allowedHosts = [], title = 'Piecework' } = options
  const events = makeEvents()
  const server = fastify({
    bodyLimit: BODY_BYTES,
    requestTimeout: REQUEST_MS,
    forceCloseConnections: true,
    schemaController: { compilersFactory: COMPILERS },
  })
  guard(server, { token, allowedHosts: [...allowedHosts, host] })
  const routes = [...ownRoutes(options), ...(options.routes ?? [])]
  const described: readonly Route[] = [...routes, ...plain]
  for (const route of routes) addRoute(server, route)
  server.get('/openapi.json', (_, reply) => send(reply, openApiOf(title, described)))
  server.get('/metrics', async (_, reply) =>
    reply.type('text/plain; version=0.0.4').send(await options.metrics.text()),
  )
  server.get('/events', (_, reply) => {
    reply.hijack()
    if (!events.add(reply.raw)) reply.raw.writeHead(UNAVAILABLE).end()
  })
  answerErrors(server, options.log)
  let closing: Promise<void> | undefined
  return {
    start: () => listen(server, host, port),
    stop() {
      events.end()
      closing ??= server.close().then(() => {})
      return closing
    },
    url() {
      const [address] = server.addresses()
      if (typeof address !== 'object') throw new ApiError('serve/failed', 'The API is not served yet.')
      return `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`
    },
    publish: events.publish,
  }
}

function ownRoutes({ status, notReady = () => undefined }: ApiOptions): readonly Route[] {
  return [
    { method: 'GET', path: '/healthz', summary: 'Whether it runs.', answer: () => ({ ok: true }) },
    {
      method: 'GET',
      path: '/readyz',
      summary: 'Whether it can do its work; 503 and the reason when not.',
      answer: () => {
        const why = notReady()
        if (why !== undefined) throw new NotReady(why)
        return { ready: true }
      },
    },
    { method: 'GET', path: '/status', summary: 'How it stands.', answer: status },
  ]
}

/** Served by hand below, described with the others. */
const plain: readonly Route[] = [
  { method: 'GET', path: '/metrics', summary: 'Numbers for Prometheus.', answer: () => undefined },
  {
    method: 'GET',
    path: '/events',
    summary: 'What happens, as server-sent events.',
    answer: () => undefined,
  },
  { method: 'GET', path: '/openapi.json', summary: 'This description.', answer: () => undefined },
]

class NotReady extends Error {}

function addRoute(server: FastifyInstance, { method, path, body, answer }: Route): void {
  server.route({
    method,
    url: path,
    handler: async (request: FastifyRequest, reply) => {
      const params = strings(request.params)
      const query = strings(request.query)
      return send(reply, await answer({ params, query, body: readBody(body, request.body) }))
    },
  })
}

function readBody(schema: Route['body'], body: unknown): unknown {
  if (schema === undefined) return undefined
  const read = schema.safeParse(body)
  if (read.success) return read.data
  const why = read.error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`)
  throw new ApiError('request/invalid', why.join('; '))
}

/** A value that comes twice counts with its first. */
function strings(values: unknown): Record<string, string> {
  if (typeof values !== 'object' || values === null) return {}
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, String(Array.isArray(value) ? value[0] : value)]),
  )
}

function send(reply: FastifyReply, value: unknown): FastifyReply {
  return reply.type('application/json').send(jsonText(value ?? null))
}

function answerErrors(server: FastifyInstance, log: Log): void {
  server.setNotFoundHandler((_, reply) => {
    reply.code(NOT_FOUND).send({ error: 'There is nothing here: GET /openapi.json lists what there is.' })
  })
  server.setErrorHandler((error, request, reply) => {
    const status = statusOf(error)
    if (status === INTERNAL) log.error('api-failed', { error, method: request.method, path: request.url })
    const said = status === INTERNAL ? 'This failed here: the log says why.' : sentenceOf(error)
    return reply.code(status).send({ error: said })
  })
}

function statusOf(error: unknown): number {
  if (error instanceof NotReady) return UNAVAILABLE
  if (error instanceof ApiError && error.code === 'request/invalid') return BAD_REQUEST
  if (error instanceof ApiError && error.code === 'request/not-found') return NOT_FOUND
  const own = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : INTERNAL
  return own >= BAD_REQUEST && own < INTERNAL ? own : INTERNAL
}

async function listen(server: FastifyInstance, host: string, port: number): Promise<void> {
  await server.listen({ host, port }).catch((error: unknown) => {
    if (systemCode(error) !== 'EADDRINUSE') throw error
    const cure = 'Stop what listens there, or give api.port another number (0 takes any).'
    throw new ApiError('serve/port-taken', `${host}:${port} is taken. ${cure}`, { host, port })
  })
}
