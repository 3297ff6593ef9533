// JSON-RPC 2.0: reads requests, single or in a batch, and writes their answers. It knows no method itself.
import { z } from 'zod'
import { parse, stringify } from '../json.ts'
import { INTERNAL_ERROR, INVALID_REQUEST, METHOD_NOT_FOUND, PARSE_ERROR, RpcError } from './errors.ts'

/** A batch costs what its requests cost, one after the other: nobody holds up the others for longer. */
const MAX_BATCH = 100

type Id = string | number | bigint | null

const id: z.ZodType<Id> = z.union([z.string(), z.number(), z.bigint(), z.null()])
const request = z.object({
  jsonrpc: z.literal('2.0'),
  method: z.string(),
  params: z.union([z.array(z.unknown()), z.record(z.string(), z.unknown())]).optional(),
  id: id.optional(),
})

/** Finds and runs a method; throws an RpcError when there is none or it refuses. */
export type Call = (method: string, params: unknown) => unknown

/** The answer as text, or undefined when nothing is to be answered: notifications carry no id. */
export function dispatch(text: string, call: Call): string | undefined {
  let body: unknown
  try {
    body = parse(text)
  } catch {
    return stringify(failure(null, new RpcError(PARSE_ERROR, 'Parse error')))
  }
  if (!Array.isArray(body)) {
    const answer = answerTo(body, call)
    return answer === undefined ? undefined : stringify(answer)
  }
  if (body.length === 0 || body.length > MAX_BATCH) {
    return stringify(
      failure(null, new RpcError(INVALID_REQUEST, `Invalid request: a batch has 1 to ${MAX_BATCH} requests`)),
    )
  }
  const answers = body.map((one) => answerTo(one, call)).filter((answer) => answer !== undefined)
  return answers.length === 0 ? undefined : stringify(answers)
}

function answerTo(body: unknown, call: Call): unknown {
  const read = request.safeParse(body)
  if (!read.success) return failure(idOf(body), new RpcError(INVALID_REQUEST, 'Invalid request'))
  const { method, params, id: asked } = read.data
  const answer = run(asked ?? null, () => call(method, params))
  return asked === undefined ? undefined : answer
}

function run(asked: Id, work: () => unknown): unknown {
  try {
    return { jsonrpc: '2.0', result: work() ?? null, id: asked }
  } catch (error) {
    return failure(asked, error)
  }
}

function idOf(body: unknown): Id {
  const read = z.object({ id }).safeParse(body)
  return read.success ? read.data.id : null
}

export function failure(asked: Id, error: unknown): unknown {
  const { code, message, data } = error instanceof RpcError ? error : internal(error)
  return { jsonrpc: '2.0', error: { code, message, ...(data === undefined ? {} : { data }) }, id: asked }
}

function internal(error: unknown): RpcError {
  const why = error instanceof Error ? error.message : String(error)
  return new RpcError(INTERNAL_ERROR, `Internal error: ${why}`)
}

export function methodNotFound(): RpcError {
  return new RpcError(METHOD_NOT_FOUND, 'Method not found')
}
