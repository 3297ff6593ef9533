// One error class for the package: a code a program can switch on, and a sentence that says what to do.

export type ApiErrorCode =
  | 'config/unreadable'
  | 'config/invalid'
  | 'key/unreadable'
  | 'key/open-to-others'
  | 'key/exists'
  | 'serve/port-taken'
  | 'serve/failed'
  | 'client/unreachable'
  | 'client/refused'
  | 'client/malformed'
  | 'request/invalid'
  | 'request/not-found'

export class ApiError extends Error {
  readonly code: ApiErrorCode
  readonly context: Readonly<Record<string, unknown>>

  constructor(code: ApiErrorCode, message: string, context: Readonly<Record<string, unknown>> = {}) {
    super(message)
    this.name = 'ApiError'
    this.code = code
    this.context = context
  }
}

/** Why a call of the system failed: ENOENT and the like, where it says. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
