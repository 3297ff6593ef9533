// The OpenAPI description of what is served, from the routes themselves.
import { z } from 'zod'
import type { Route } from './route.ts'

const OPENAPI_VERSION = '3.1.0'

export function openApiOf(title: string, routes: readonly Route[]): object {
  const paths: Record<string, Record<string, object>> = {}
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route) }
  }
  return {
    openapi: OPENAPI_VERSION,
    info: { title, version: '1', description: 'For this machine only.' },
    paths,
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
  }
}

function operationOf({ method, path, summary, body }: Route): object {
  const parameters = [...path.matchAll(/:(\w+)/g)].map(([, name]) => {
    return { name, in: 'path', required: true, schema: { type: 'string' } }
  })
  return {
    summary,
    parameters,
    ...(body === undefined
      ? {}
      : { requestBody: { content: jsonOf(z.toJSONSchema(body, { io: 'input' })) } }),
    responses: { 200: { description: summary } },
    ...(method === 'POST' ? { security: [{ token: [] }] } : {}),
  }
}

const jsonOf = (schema: object): object => ({ 'application/json': { schema } })
