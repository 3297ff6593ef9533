// Asks a daemon of this machine through its API.
import { z } from 'zod'
import { ApiError, sentenceOf } from './errors.ts'

export interface ApiClientOptions {
  readonly url: string
  /** For what changes something. */
  readonly token?: string
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>
}

export interface ApiClient {
  get<T extends z.ZodType>(path: string, answer: T): Promise<z.output<T>>
  post<T extends z.ZodType>(path: string, body: unknown, answer: T): Promise<z.output<T>>
  /** Undefined when it is ready; else why not. */
  notReady(): Promise<string | undefined>
}

const TIMEOUT_MS = 10_000
const UNAVAILABLE = 503
const refusalForm = z.object({ error: z.string() })

export function apiClient({ url, token, fetch = globalThis.fetch }: ApiClientOptions): ApiClient {
  async function call(path: string, init: RequestInit): Promise<Response> {
    const signal = AbortSignal.timeout(TIMEOUT_MS)
    return fetch(new URL(path, url).href, { ...init, signal }).catch((error: unknown) => {
      const cure = 'Is the daemon running?'
      throw new ApiError('client/unreachable', `${url} does not answer (${sentenceOf(error)}). ${cure}`, {
        url,
      })
    })
  }
  async function read<T extends z.ZodType>(response: Response, answer: T): Promise<z.output<T>> {
    const value: unknown = await response.json().catch(() => undefined)
    if (!response.ok) {
      const { data } = refusalForm.safeParse(value)
      throw new ApiError('client/refused', data?.error ?? `${url} answers ${response.status}.`, {
        status: response.status,
      })
    }
    const parsed = answer.safeParse(value)
    if (parsed.success) return parsed.data
    throw new ApiError('client/malformed', `${url} answers in another form: is it another version?`, { url })
  }
  return {
    get: async (path, answer) => read(await call(path, { method: 'GET' }), answer),
    post: async (path, body, answer) => {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${token ?? ''}` }
      return read(await call(path, { method: 'POST', headers, body: JSON.stringify(body) }), answer)
    },
    async notReady() {
      const response = await call('/readyz', { method: 'GET' })
      if (response.status !== UNAVAILABLE) return void (await read(response, z.unknown()))
      const { data } = refusalForm.safeParse(await response.json())
      return data?.error ?? 'it does not say why'
    },
  }
}
