// One call of a daemon's API: what serves it and what describes it are one value.
import type { z } from 'zod'

export interface RouteRequest {
  readonly params: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
  /** As `body` of the route read it; undefined where it has none. */
  readonly body: unknown
}

export interface Route {
  /** What changes something is a POST, and needs the token. */
  readonly method: 'GET' | 'POST'
  /** Fastify's form: /stints/:epoch */
  readonly path: string
  /** One sentence, for the OpenAPI description. */
  readonly summary: string
  readonly body?: z.ZodType
  /** A value for JSON; bigints go out as strings of digits. */
  readonly answer: (request: RouteRequest) => Promise<unknown> | unknown
}
