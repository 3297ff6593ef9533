// One JSON-RPC call over HTTP: bounded in time and bytes, and believed only if it answers this very call.
import { ChainError } from '../errors.ts'
import { withLimit } from '../limit.ts'
import type { HttpResponse, RpcPorts } from '../ports.ts'
import { field, garbage, type Json, text } from './json.ts'

/** 10,000 jobs of 600 bytes in base64 are 8 MB. A longer answer is an attack, or a network that outgrew this. */
const MAX_ANSWER_BYTES = 32 * 1024 * 1024

/** JSON-RPC's and Solana's own codes for what another endpoint, or a later moment, may answer. */
const MIN_CONTEXT_SLOT = -32016
/** An internal error, an unhealthy node, too many requests. */
const BUSY: ReadonlySet<number> = new Set([-32603, -32005, 429])

export interface HttpCall {
  readonly url: string
  readonly method: string
  readonly params: readonly Json[]
  readonly timeoutMs: number
  readonly stopped: AbortSignal
}

/** An endpoint's own refusal. */
export class RpcRefusal extends ChainError {
  readonly rpcCode: number
  readonly data: Json

  constructor(message: string, { rpcCode, data, url }: { rpcCode: number; data: Json; url: string }) {
    super('rpc/refused', message, { url, rpcCode })
    this.rpcCode = rpcCode
    this.data = data
  }
}

export async function callOverHttp({ fetch, time }: RpcPorts, call: HttpCall, id: number): Promise<Json> {
  const { url, method, params, timeoutMs, stopped } = call
  const late = () =>
    new ChainError(
      'rpc/timeout',
      `${hostOf(url)} did not answer ${method} within ${timeoutMs} ms: check that it runs`,
      {
        url: hostOf(url),
        method,
      },
    )
  const answered = await withLimit({ time, milliseconds: timeoutMs, stopped, late }, async (signal) => {
    const response = await reached(url, () =>
      fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ jsonrpc: '2.0', id, method, params }),
        redirect: 'error',
        signal,
      }),
    )
    return { status: response.status, body: await reached(url, () => bodyOf(response)) }
  })
  return resultOf(answered, { url, id })
}

/** A URL may hold a key: its host is all that anybody is told. */
export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'an endpoint whose URL is none'
}

async function reached<T>(url: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof ChainError) throw error
    throw unreachable(url, error instanceof Error ? error.message : String(error))
  }
}

async function bodyOf({ body }: HttpResponse): Promise<string> {
  if (body === null) return ''
  const decoder = new TextDecoder()
  let [answer, length] = ['', 0]
  for await (const chunk of body) {
    length += chunk.length
    if (length > MAX_ANSWER_BYTES) throw garbage(`it is longer than ${MAX_ANSWER_BYTES} bytes`)
    answer += decoder.decode(chunk, { stream: true })
  }
  return answer + decoder.decode()
}

interface Answered {
  readonly status: number
  readonly body: string
}

function resultOf(
  { status, body }: Answered,
  { url, id }: { readonly url: string; readonly id: number },
): Json {
  const answer = parsed(body)
  if (answer === undefined) {
    if (status !== 200) throw unreachable(url, `it answered with HTTP status ${status}`)
    throw garbage('it is no JSON', body)
  }
  if (typeof answer === 'object' && answer !== null && 'error' in answer) throw refusedBy(url, answer.error)
  if (status !== 200) throw unreachable(url, `it answered with HTTP status ${status}`)
  if (field(answer, 'id') !== id) throw garbage('it answers another call', answer)
  return field(answer, 'result')
}

function parsed(body: string): Json {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

function unreachable(url: string, why: string): ChainError {
  const message = `${hostOf(url)} can't be reached: ${why}. Check the URL, and that the endpoint runs.`
  return new ChainError('rpc/unreachable', message, { url: hostOf(url) })
}

function refusedBy(url: string, error: Json): ChainError {
  const rpcCode = field(error, 'code')
  if (typeof rpcCode !== 'number') throw garbage('its error has no code', error)
  const said = `${hostOf(url)} says: ${text(field(error, 'message'))}`
  const context = { url: hostOf(url), rpcCode }
  if (rpcCode === MIN_CONTEXT_SLOT)
    return new ChainError('rpc/behind', `${said}. It is behind: wait.`, context)
  if (BUSY.has(rpcCode)) {
    return new ChainError('rpc/unreachable', `${said}. Use another endpoint, or wait.`, context)
  }
  const data = typeof error === 'object' && error !== null && 'data' in error ? error.data : undefined
  return new RpcRefusal(said, { ...context, data })
}
